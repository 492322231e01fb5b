"""A bot that is watched: what it stored is held against the rules, and its people are told once."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.backing import Backing
from app.watching import Watching, terms_of, watching_of
from evaluation.alert_rules import DAY, HOUR, MINUTE, PRESENT, RULES
from evaluation.watching import NoHistory, known_rules, rule_of, tried
from services.state import Endpoints
from store import alerts, app
from store.alerts import Alert
from store.privacy.requests import Asked, note, settle
from store.session import Store, open_store
from store.spans import SPANS
from tests.conftest import ROOT
from tests.fixtures.bots import Bot, bot, knobs
from tests.fixtures.store import add_shop

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
STAFF = {"staff": ("memory:main:duena", "memory:main:socio")}
ALL = ("firing", "acknowledged", "resolved")


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


async def replied(store: Store, shop: UUID, at: datetime, *, ok: int = 0, failed: int = 0) -> None:
    """So many replies within one minute."""
    rows = [
        (
            shop, uuid4(), uuid4(), None, None, "reply", "internal", at + timedelta(seconds=n % 60),
            5, n >= failed, "model" if n < failed else None, "{}",
        )
        for n in range(ok + failed)
    ]  # fmt: skip
    async with store.batch() as connection:
        await SPANS.write(connection, rows)


def watcher(shop: Bot, at: datetime) -> Watching:
    return replace(watching_of(shop.parts), clock=lambda: at + timedelta(seconds=20))


async def found(store: Store, shop: UUID) -> list[Alert]:
    async with store.tenant(shop) as session:
        return await alerts.listed(session, shop, ALL)


async def begun(shop: Bot, at: datetime) -> None:
    """The rules were looked at then, and all was well."""
    async with shop.parts.store.transaction() as session:
        for rule in await known_rules(session, shop.parts.shop):
            await alerts.change_rule(session, rule, evaluated_at=at)


async def test_the_shops_people_are_told_once_however_many_look(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix, "failing", takeover=STAFF)) as shop:
        await begun(shop, NOW)
        for minute in range(4):
            await replied(shop.parts.store, shop.parts.shop, NOW + minute * MINUTE, ok=2, failed=8)
        at = NOW + 4 * MINUTE
        await asyncio.gather(*(watcher(shop, at).once() for _ in range(4)))
        for chat in ("duena", "socio"):
            await shop.channel.wait_for_replies(chat)
        await watcher(shop, at + 2 * MINUTE).once()
        await shop.settled()
        told = [shop.channel.replies(chat) for chat in ("duena", "socio")]
        assert [len(one) for one in told] == [1, 1]
        assert told[0][0].startswith("⚠️ Hay respuestas que fallan: 80\u00a0%")
        (alert,) = await found(shop.parts.store, shop.parts.shop)
        assert (alert.kind, alert.state, len(alert.told)) == ("errors", "firing", 2)


async def test_it_ends_by_itself_and_the_next_one_is_told_anew(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix, "again", takeover=STAFF)) as shop:
        await begun(shop, NOW)
        store, mine = shop.parts.store, shop.parts.shop
        for minute in (0, 1, 2, 30, 31, 32):
            await replied(store, mine, NOW + minute * MINUTE, failed=6)
        for minute in range(1, 60):
            await watcher(shop, NOW + minute * MINUTE).once()
        await shop.settled()
        assert [one.state for one in await found(store, mine)] == ["resolved", "resolved"]
        assert len(shop.channel.replies("duena")) == 2


async def test_a_muted_rule_tells_nobody_and_keeps_its_alerts(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix, "muted", takeover=STAFF)) as shop:
        store, mine = shop.parts.store, shop.parts.shop
        await begun(shop, NOW)
        async with store.transaction() as session:
            rule = await alerts.rule_called(session, mine, "errors")
            assert rule is not None
            await alerts.change_rule(session, rule, muted_until=NOW + DAY)
        await replied(store, mine, NOW, failed=9)
        assert await watcher(shop, NOW + 3 * MINUTE).once() == 0
        await shop.settled()
        assert shop.channel.replies("duena") == []
        (alert,) = await found(store, mine)
        assert alert.told == []


@pytest.mark.parametrize("stops", [(60,), (1, 2, 3, 17, 18, 44, 60), tuple(range(1, 61))])
async def test_the_past_is_told_as_it_was_when_it_was_now(
    backing: Backing, prefix: str, stops: Sequence[int]
) -> None:
    """However often somebody looked meanwhile, and whoever it was."""
    async with bot(backing, knobs(prefix, f"past{len(stops)}")) as shop:
        store, mine = shop.parts.store, shop.parts.shop
        await begun(shop, NOW)
        for minute in (0, 1, 2, 9, 20, 21, 22, 23, 24, 25, 40, 41):
            await replied(store, mine, NOW + minute * MINUTE, ok=3, failed=7)
        for minute in stops:
            await watcher(shop, NOW + minute * MINUTE).once()
        live = sorted(await found(store, mine), key=lambda one: one.fired_at)
        async with store.lookup() as connection:
            period = (NOW + 60 * MINUTE, 1)
            past = await tried(
                connection, mine, RULES["errors"], period, terms_of(shop.parts.settings)
            )
        told = [(one.since, one.until, one.peak, one.value) for one in past.firings]
        assert len(told) > 1
        assert [(one.fired_at, one.resolved_at, one.peak, one.value) for one in live] == told


async def test_another_shop_has_alerts_of_its_own(backing: Backing, prefix: str) -> None:
    async with bot(backing, knobs(prefix, "mine")) as shop:
        store = shop.parts.store
        await begun(shop, NOW)
        other = await add_shop(store, "theirs")
        await replied(store, other, NOW, failed=9)
        await watcher(shop, NOW + 4 * MINUTE).once()
        assert await found(store, shop.parts.shop) == []
        async with store.lookup() as connection:
            period = (NOW + 10 * MINUTE, 1)
            theirs = await tried(connection, other, RULES["errors"], period, terms_of(knobs("x")))
        assert len(theirs.firings) == 1


async def test_every_rule_can_be_held_against_an_empty_shop(store: Store, shop: UUID) -> None:
    terms = terms_of(knobs("x"))
    async with store.transaction() as session:
        rules = await known_rules(session, shop)
    assert {one.kind for one in rules} == set(RULES)
    async with store.lookup() as connection:
        for row in rules:
            rule = rule_of(row)
            assert rule is not None
            if row.kind in PRESENT:
                with pytest.raises(NoHistory):
                    await tried(connection, shop, rule, (NOW, 1), terms)
                continue
            past = await tried(connection, shop, rule, (NOW, 1), terms)
            assert past.firings == []
            assert past.looks >= 4


async def test_a_request_that_is_nearly_due_rings_until_it_is_done(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix, "rights", takeover=STAFF)) as shop:
        store, mine, asked_at = shop.parts.store, shop.parts.shop, NOW - 24 * DAY
        await begun(shop, NOW - HOUR)
        request, customer = uuid4(), uuid4()
        async with store.transaction() as session:
            await note(session, request, Asked(mine, customer, "export", "customer", asked_at))
        for minute in range(30):
            await watcher(shop, NOW + minute * MINUTE).once()
        (alert,) = await found(store, mine)
        assert (alert.kind, alert.state, len(alert.told)) == ("privacy", "firing", 2)
        await shop.channel.wait_for_replies("duena")
        assert "Un cliente espera respuesta por sus datos" in shop.channel.replies("duena")[0]
        done = NOW + 31 * MINUTE
        async with store.transaction() as session:
            await settle(session, mine, request, done, {})
        await watcher(shop, done + 10 * MINUTE).once()
        (alert,) = await found(store, mine)
        assert alert.resolved_at is not None
        assert done <= alert.resolved_at <= done + 5 * MINUTE
        async with store.lookup() as connection:
            period = (NOW + HOUR, 14)
            past = await tried(connection, mine, RULES["privacy"], period, terms_of(knobs("x")))
        (told,) = past.firings
        assert (told.since, told.until) == (asked_at + 23 * DAY + 5 * MINUTE, alert.resolved_at)


@pytest.mark.chaos
async def test_killed_between_telling_and_writing_it_down_nobody_is_told_twice(
    backing: Backing, prefix: str
) -> None:
    settings = knobs(prefix, "killed", takeover={"staff": ("memory:main:duena",)})
    at = NOW + 4 * MINUTE
    shop_id = await _prepared(backing, settings.app.shop)
    words = (backing.database_url, backing.redis_url, prefix, at.isoformat())
    dying = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.flow.dying_watcher", *words, cwd=ROOT, env=dict(os.environ),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await asyncio.wait_for(dying.communicate(), 60)
    assert (out.endswith(b"told\n"), dying.returncode) == (True, -signal.SIGKILL)
    async with bot(backing, settings) as shop:
        assert [one.told_at for one in await found(shop.parts.store, shop_id)] == [None]
        assert await watcher(shop, at + MINUTE).once() == 1
        await shop.settled()
        (alert,) = await found(shop.parts.store, shop_id)
        assert (alert.told_at is not None, len(alert.told)) == (True, 1)
        async with shop.parts.store.reading() as session:
            notices = select(app.Message.id).where(app.Message.purpose == "notice")
            assert [str(one) for one in await session.scalars(notices)] == alert.told


async def _prepared(backing: Backing, key: str) -> UUID:
    store = open_store(backing.database_url, role="pipeline", pool=2)
    shop = await add_shop(store, key)
    async with store.transaction() as session:
        for rule in await known_rules(session, shop):
            await alerts.change_rule(session, rule, evaluated_at=NOW)
    await replied(store, shop, NOW, failed=9)
    await store.close()
    return shop
