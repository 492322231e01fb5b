"""A bot of Telegram's is tried, kept, changed and removed while the shop's bot runs."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from app.backing import Backing
from app.connecting import Wiring
from bot.states import States
from services.clock import now
from services.state import Endpoints
from store.accounts import ChannelAccount, stored_accounts
from store.audit import Actor, Wanted, events
from store.session import open_connection
from tests.fixtures.accounts import Following, following, sealed_settings
from tests.fixtures.bots import until
from tests.servers.telegram import TOKEN, BotApi, serving
from tests.servers.telegram_webhook import Webhook
from web.connecting import TELEGRAM, Offer
from web.hands import Hand
from web.identity import Identity

FRESH = "42:BBtestTOKEN_after-the-first-was-revoked"
STRANGER = "43:CCtestTOKEN_of-another-bot-altogether000"
ACCOUNT = "telegram:main"


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with serving(BotApi()) as api:
        yield api


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


@asynccontextmanager
async def shop(
    prefix: str, var: Path, backing: Backing, api: BotApi, **telegram: str
) -> AsyncIterator[tuple[Following, Wiring]]:
    knobs: dict[str, object] = {"client": "ptb", "base_url": api.url, "poll_s": 1, **telegram}
    async with AsyncExitStack() as stack:
        wanted = sealed_settings(prefix, var, telegram=knobs)
        bot = await stack.enter_async_context(following(wanted, backing))
        parts = bot.parts
        yield bot, Wiring(wanted, parts.store, parts.wire, parts.shop)


def owner(bot: Following) -> Hand:
    who = Identity("owner", bot.parts.shop, "Ana", 0)
    return Hand(who, Actor("person:1"), now())


def a_bot(token: str) -> Offer:
    return Offer(TELEGRAM, {"token": token})


def answers(api: BotApi) -> list[str]:
    return [call["text"] for call in api.called("sendMessage")]


async def answered(api: BotApi, count: int) -> bool:
    return len(answers(api)) >= count


async def state(bot: Following) -> str:
    told = await States(bot.parts.wire, bot.parts.settings.redis.prefix).of([ACCOUNT])
    return told[ACCOUNT].state if ACCOUNT in told else ""


async def in_clear(database_url: str) -> str:
    connection = await open_connection(database_url, role="pipeline")
    rows = await connection.fetch(f"SELECT * FROM app.{ChannelAccount.__tablename__}")  # noqa: S608  ours
    rows += await connection.fetch("SELECT * FROM app.audit_event")
    await connection.close()
    return repr([dict(row) for row in rows])


async def test_a_token_is_tried_kept_sealed_and_served_at_once(
    prefix: str, tmp_path: Path, backing: Backing, api: BotApi
) -> None:
    async with shop(prefix, tmp_path, backing, api) as (bot, wiring):
        tried = await wiring.probe("", a_bot(TOKEN))
        assert (tried.line, tried.fine) == ("@TiendaBot", True)
        assert not bot.parts.channels.get(ACCOUNT)

        kept = await wiring.connect("", a_bot(TOKEN), owner(bot), anyway=False)
        assert (kept.account, kept.line, kept.why) == (ACCOUNT, "@TiendaBot", "")
        assert await state(bot) == "ready"
        await api.customer_says("¿cuánto cuesta la mochila urbana azul?")
        await until(partial(answered, api, 1))
        assert (await wiring.test(ACCOUNT)).line == "@TiendaBot"

        twin = await wiring.connect("", a_bot(TOKEN), owner(bot), anyway=False)
        assert (twin.why, twin.account) == ("twin", ACCOUNT)
        async with bot.parts.store.tenant(bot.parts.shop) as session:
            (deed,) = await events(session, bot.parts.shop, Wanted(action="channel."))
        assert (deed.action, deed.object) == ("channel.connected", ACCOUNT)
        assert TOKEN not in await in_clear(backing.database_url)
        assert TOKEN.partition(":")[2] not in repr((tried, kept, twin, wiring.fixed))


async def test_what_cannot_serve_is_told_in_a_word_and_not_kept(
    prefix: str, tmp_path: Path, backing: Backing, api: BotApi
) -> None:
    async with shop(prefix, tmp_path, backing, api) as (bot, wiring):
        hand = owner(bot)
        assert (await wiring.connect("", a_bot(STRANGER), hand, anyway=True)).why == "token"
        assert (await wiring.connect(ACCOUNT, a_bot(TOKEN), hand, anyway=False)).why == "gone"
        api.webhook = Webhook(api.updates, "https://otro.example.com/x", None)
        left = await wiring.connect("", a_bot(TOKEN), hand, anyway=False)
        assert left.why == "left"
        async with bot.parts.store.reading() as session:
            assert await stored_accounts(session, bot.parts.shop) == []
        kept = await wiring.connect("", a_bot(TOKEN), hand, anyway=True)
        assert (kept.account, kept.fine) == (ACCOUNT, True)
        assert api.webhook is None


async def test_a_revoked_token_is_told_and_another_takes_up_what_waited(
    prefix: str, tmp_path: Path, backing: Backing, api: BotApi
) -> None:
    async with shop(prefix, tmp_path, backing, api) as (bot, wiring):
        await wiring.connect("", a_bot(TOKEN), owner(bot), anyway=False)
        api.token = FRESH

        async def refused() -> bool:
            return await state(bot) == "refused"

        await until(refused)
        assert (await wiring.test(ACCOUNT)).why == "token"
        for number in range(3):
            await api.customer_says("¿cuánto cuesta la mochila urbana azul?", chat=number + 1)
        assert len(api.unconfirmed) == 3

        kept = await wiring.connect(ACCOUNT, a_bot(FRESH), owner(bot), anyway=False)
        assert (kept.account, kept.fine) == (ACCOUNT, True)
        await until(partial(answered, api, 3))
        assert await state(bot) == "ready"
        chats = {call["chat_id"] for call in api.called("sendMessage")}
        assert chats == {"1", "2", "3"}


async def test_messages_that_arrive_while_it_is_changed_or_away_are_answered_once(
    prefix: str, tmp_path: Path, backing: Backing, api: BotApi
) -> None:
    question = "¿cuánto cuesta la mochila urbana azul?"
    async with shop(prefix, tmp_path, backing, api) as (bot, wiring):
        hand = owner(bot)
        await wiring.connect("", a_bot(TOKEN), hand, anyway=False)
        for chat in range(1, 5):
            await api.customer_says(question, chat=chat)
            await wiring.connect(ACCOUNT, a_bot(TOKEN), hand, anyway=False)
        assert await wiring.remove(ACCOUNT, hand)
        assert not await wiring.remove(ACCOUNT, hand)
        assert ACCOUNT not in bot.parts.channels
        await api.customer_says(question, chat=5)
        assert len(api.unconfirmed) >= 1
        await wiring.connect("", a_bot(TOKEN), hand, anyway=False)
        await until(partial(answered, api, 5))
        await until(partial(_nothing_waits, api))
        chats = sorted(call["chat_id"] for call in api.called("sendMessage"))
        assert chats == ["1", "2", "3", "4", "5"]


async def _nothing_waits(api: BotApi) -> bool:
    return not api.unconfirmed


async def test_the_token_of_the_settings_goes_first(
    prefix: str, tmp_path: Path, backing: Backing, api: BotApi
) -> None:
    async with shop(prefix, tmp_path, backing, api, token=TOKEN) as (bot, wiring):
        assert wiring.fixed == {ACCOUNT}
        assert (await wiring.test(ACCOUNT)).line == "@TiendaBot"
        twin = await wiring.connect("", a_bot(TOKEN), owner(bot), anyway=False)
        assert (twin.why, twin.account) == ("twin", ACCOUNT)
        api.token = STRANGER
        kept = await wiring.connect("", a_bot(STRANGER), owner(bot), anyway=False)
        assert kept.account == "telegram:43"


async def test_a_key_that_others_can_read_keeps_nothing(
    prefix: str, tmp_path: Path, backing: Backing, api: BotApi
) -> None:
    async with shop(prefix, tmp_path, backing, api) as (bot, wiring):
        app = wiring.settings.app.model_copy(update={"secret_key": None})
        open_to_all = wiring.settings.model_copy(update={"app": app})
        (tmp_path / "secret.key").write_text("k" * 64)
        (tmp_path / "secret.key").chmod(0o644)
        other = Wiring(open_to_all, wiring.store, wiring.wire, wiring.shop)
        assert (await other.connect("", a_bot(TOKEN), owner(bot), anyway=False)).why == "key"
        async with bot.parts.store.reading() as session:
            assert await stored_accounts(session, bot.parts.shop) == []
