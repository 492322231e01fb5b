"""A WhatsApp number is tried, kept, served, changed and removed while the shop's bot runs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from app.backing import Backing
from app.connecting import Wiring
from bot.channels.base import Called
from bot.states import States
from services.state import Endpoints
from store.accounts import stored_accounts
from store.audit import Wanted, events
from tests.app.test_connecting import in_clear, owner
from tests.fixtures.accounts import Following, following, sealed_settings
from tests.servers.graph import APP_SECRET, TOKEN, GraphApi, serving
from web.connecting import CLOUD, Offer

ACCOUNT = "whatsapp_cloud:main"
NUMBER = GraphApi().number.phone_id
WHOLE = {"phone_id": NUMBER, "token": TOKEN, "app_secret": APP_SECRET}
FRESH = "EAAanotherTOKENofTheLoopbackServer0000000000"


@pytest.fixture
async def api() -> AsyncIterator[GraphApi]:
    async with serving(GraphApi()) as api:
        yield api


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


def number(**given: str) -> Offer:
    return Offer(CLOUD, WHOLE | given)


@asynccontextmanager
async def shop(
    prefix: str, var: Path, backing: Backing, url: str
) -> AsyncIterator[tuple[Following, Wiring]]:
    wanted = sealed_settings(prefix, var, whatsapp_cloud={"base_url": url})
    async with following(wanted, backing) as bot:
        yield bot, Wiring(wanted, bot.parts.store, bot.parts.wire, bot.parts.shop)


async def state(bot: Following) -> str:
    told = await States(bot.parts.wire, bot.parts.settings.redis.prefix).of([ACCOUNT])
    return told[ACCOUNT].state if ACCOUNT in told else ""


def path(bot: Following) -> str | None:
    channel = bot.parts.channels[ACCOUNT]
    assert isinstance(channel, Called)
    return channel.path


async def test_a_number_is_tried_kept_sealed_and_served_where_meta_is_told_to_call(
    prefix: str, tmp_path: Path, backing: Backing, api: GraphApi
) -> None:
    async with shop(prefix, tmp_path, backing, api.url) as (bot, wiring):
        tried = await wiring.probe("", number())
        assert (tried.fine, "Tienda" in tried.line, tried.verify) == (True, True, "")
        assert ACCOUNT not in bot.parts.channels

        kept = await wiring.connect("", number(), owner(bot), anyway=False)
        assert (kept.account, kept.why) == (ACCOUNT, "")
        assert await state(bot) == "ready"
        assert kept.path == path(bot)
        assert len(kept.verify) >= 24
        assert (await wiring.test(ACCOUNT)).fine

        twin = await wiring.connect("", number(), owner(bot), anyway=False)
        assert (twin.why, twin.account) == ("twin", ACCOUNT)
        async with bot.parts.store.tenant(bot.parts.shop) as session:
            (deed,) = await events(session, bot.parts.shop, Wanted(action="channel."))
        assert (deed.action, deed.object) == ("channel.connected", ACCOUNT)
        clear = await in_clear(backing.database_url)
        assert not [one for one in (TOKEN, APP_SECRET, kept.verify) if one in clear]
        assert kept.verify not in repr((kept, number()))
        assert TOKEN not in repr(number())


async def test_a_number_that_is_connected_twice_at_once_is_one_account(
    prefix: str, tmp_path: Path, backing: Backing, api: GraphApi
) -> None:
    async with shop(prefix, tmp_path, backing, api.url) as (bot, wiring):
        both = await asyncio.gather(
            *(wiring.connect("", number(), owner(bot), anyway=False) for _ in range(2))
        )
        assert sorted(one.why for one in both) == ["", "twin"]
        assert {one.account for one in both} == {ACCOUNT}
        async with bot.parts.store.reading() as session:
            assert len(await stored_accounts(session, bot.parts.shop)) == 1


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"token": FRESH}, "access"),
        ({"phone_id": "99999999"}, "number"),
        ({"app_secret": "another-app-secret"}, "app"),
    ],
)
async def test_what_meta_refuses_is_told_by_its_cause_and_not_kept(
    prefix: str, tmp_path: Path, backing: Backing, api: GraphApi, given: dict[str, str], why: str
) -> None:
    async with shop(prefix, tmp_path, backing, api.url) as (bot, wiring):
        refused = await wiring.connect("", number(**given), owner(bot), anyway=True)
        assert (refused.why, refused.verify) == (why, "")
        async with bot.parts.store.reading() as session:
            assert await stored_accounts(session, bot.parts.shop) == []


async def test_without_a_way_to_meta_nothing_is_kept(
    prefix: str, tmp_path: Path, backing: Backing
) -> None:
    async with shop(prefix, tmp_path, backing, "http://127.0.0.1:9") as (bot, wiring):
        assert (await wiring.connect("", number(), owner(bot), anyway=True)).why == "unreached"


async def test_its_token_is_changed_and_what_is_left_out_stays(
    prefix: str, tmp_path: Path, backing: Backing, api: GraphApi
) -> None:
    async with shop(prefix, tmp_path, backing, api.url) as (bot, wiring):
        first = await wiring.connect("", number(), owner(bot), anyway=False)
        api.token = FRESH
        assert (await wiring.test(ACCOUNT)).why == "access"
        changed = Offer(CLOUD, {"token": FRESH})
        second = await wiring.connect(ACCOUNT, changed, owner(bot), anyway=False)
        assert (second.account, second.why) == (ACCOUNT, "")
        assert second.path == first.path == path(bot)
        assert second.verify not in ("", first.verify)
        assert (await wiring.test(ACCOUNT)).fine

        stranger = replace(wiring, shop=UUID(int=7))
        assert (await stranger.probe(ACCOUNT, changed)).why == "gone"
        assert not await stranger.remove(ACCOUNT, owner(bot))
        assert await wiring.remove(ACCOUNT, owner(bot))
        assert ACCOUNT not in bot.parts.channels
