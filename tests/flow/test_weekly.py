"""The week on its way to whoever asked for it: once each, by the real Telegram."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from app.backing import Backing
from app.weekly import Weekly, weekly_of
from handlers.hours import opening
from services.state import Endpoints
from store import facts, weekly
from store.audit import AuditEvent
from store.facts import Report
from store.people import NewPerson, add_person, change_person
from tests.conftest import ROOT
from tests.fixtures.bots import Bot, bot, until
from tests.flow.weeks import STAFF, extended, wanted
from tests.learning.test_weekly import WEEK
from tests.servers.telegram import BotApi, serving

PERIOD = "2026-W47"
KEPT = replace(WEEK, unanswered=[]).kept() | {"before": 3.9}


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with serving(BotApi()) as api:
        yield api


async def asked(shop: Bot, people: dict[str, str | None]) -> list[UUID]:
    """Somebody of each language wants to be told in each chat; and the week is written down."""
    ids = []
    async with shop.parts.store.transaction() as session:
        for place, (chat, locale) in enumerate(people.items()):
            new = NewPerson(
                shop_id=shop.parts.shop, id=uuid4(), email=f"p{place}@x.cl", name="Ana",
                role="seller",
            )  # fmt: skip
            await add_person(session, new)
            await change_person(session, new["shop_id"], new["id"], locale=locale)
            assert await weekly.keep(session, new["shop_id"], new["id"], chat)
            ids.append(new["id"])
        await facts.keep_report(session, shop.parts.shop, PERIOD, figures=KEPT)
    return ids


def teller(shop: Bot) -> Weekly:
    found = weekly_of(shop.parts)
    assert found is not None
    return found


def texts(api: BotApi, chat: int) -> list[str]:
    return [call["text"] for call in api.called("sendMessage") if int(call["chat_id"]) == chat]


async def told(api: BotApi, *chats: int) -> None:
    async def so() -> bool:
        return all(texts(api, chat) for chat in chats)

    await until(so)


async def sent(shop: Bot) -> Sequence[dict[str, Any] | None]:
    async with shop.parts.store.reading() as session:
        query = select(AuditEvent.after).where(AuditEvent.action == "report.weekly_sent")
        return (await session.scalars(query)).all()


async def test_each_is_told_once_in_their_language_however_many_processes_tell(
    backing: Backing, prefix: str, api: BotApi
) -> None:
    async with bot(backing, wanted(prefix), extended(api.url)) as shop:
        await asked(shop, {STAFF[0]: "en", STAFF[1]: None})
        await asyncio.gather(*(teller(shop).once() for _ in range(4)))
        await told(api, 77, 78)
        await shop.settled()
        assert await teller(shop).once() == 0
        async with shop.parts.store.transaction() as session:
            await session.execute(update(Report).values(told_at=None))
        for key in await shop.parts.wire.command("KEYS", f"{prefix}*:seen:*"):
            await shop.parts.wire.command("DEL", key)
        await teller(shop).once()
        await shop.settled()
        assert [one[:17] for one in texts(api, 77)] == ["🗓️ Your bot's wee"]
        assert [one[:12] for one in texts(api, 78)] == ["🗓️ La semana"]
        assert await sent(shop) == [{"count": 2}, {"count": 2}]
        assert api.wrong == []


async def test_nobody_is_written_to_at_night_nor_after_they_left(
    backing: Backing, prefix: str, api: BotApi
) -> None:
    async with bot(backing, wanted(prefix), extended(api.url)) as shop:
        gone, _ = await asked(shop, {STAFF[0]: None, STAFF[1]: None})
        hours = opening(shop.parts.settings.hours, {"mon-sun": "09:00-20:00"})
        night = datetime(2026, 11, 24, 5, tzinfo=UTC)
        asleep = replace(teller(shop), hours=hours, clock=lambda: night)
        assert await asleep.once() == 0
        async with shop.parts.store.transaction() as session:
            await change_person(session, shop.parts.shop, gone, disabled_at=datetime.now(UTC))
        assert await teller(shop).once() == 1
        await told(api, 78)
        await shop.settled()
        assert (texts(api, 77), len(texts(api, 78))) == ([], 1)


@pytest.mark.chaos
async def test_killed_between_two_people_each_of_them_is_told_once(
    backing: Backing, prefix: str, api: BotApi
) -> None:
    async with bot(backing, wanted(prefix), extended(api.url)) as shop:
        await asked(shop, {STAFF[0]: None, STAFF[1]: None})
    words = (backing.database_url, backing.redis_url, prefix, api.url)
    dying = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.flow.dying_weekly", *words, cwd=ROOT, env=dict(os.environ),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await asyncio.wait_for(dying.communicate(), 90)
    assert (out.endswith(b"told\n"), dying.returncode) == (True, -signal.SIGKILL)
    async with bot(backing, wanted(prefix), extended(api.url)) as shop:
        assert await teller(shop).once() == 1
        await told(api, 77, 78)
        await shop.settled()
        assert await teller(shop).once() == 0
        assert [len(texts(api, chat)) for chat in (77, 78)] == [1, 1]
