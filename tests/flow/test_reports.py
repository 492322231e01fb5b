"""A report on its way to the shop's people: once each, and to nobody else."""

import asyncio
import os
import signal
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from app.backing import Backing
from app.plugins import App, Setting
from app.reporting import Reports, reports_of
from bot.channels.memory import MemoryChannel
from config.settings import Settings
from events.contents import Template
from services.state import Endpoints
from store import facts
from store.app import Message
from store.facts import Report
from tests.conftest import ROOT
from tests.fixtures.bots import Bot, bot, knobs, until
from tests.learning.test_fortnight import FIGURES

KEPT = replace(FIGURES, unanswered=[(str(UUID(int=1)), 6)])
TITLE = "📊 Tu bot, del 9 de noviembre al 22 de noviembre"
PERIOD = "2026-11-09/14"
STAFF = {"staff": ("memory:main:duena", "memory:main:socio")}


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


def wanted(prefix: str, shop: str, **cadences: object) -> Settings:
    return knobs(prefix, shop=shop, takeover=STAFF, cadences=cadences)


async def written(shop: Bot, period: str = PERIOD) -> None:
    async with shop.parts.store.transaction() as session:
        await facts.keep_report(session, shop.parts.shop, period, figures=KEPT.kept())


async def row(shop: Bot, period: str = PERIOD) -> Report:
    async with shop.parts.store.reading() as session:
        found = await session.get(Report, (shop.parts.shop, period))
    assert found is not None
    return found


def teller(shop: Bot) -> Reports:
    found = reports_of(shop.parts)
    assert found is not None
    return found


async def states(shop: Bot) -> set[str]:
    replies = [UUID(reply) for reply in (await row(shop)).told]
    async with shop.parts.store.reading() as session:
        return set((await facts.outcomes(session, shop.parts.shop, replies)).values())


async def test_each_of_the_shops_people_gets_it_once_and_no_customer_does(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, wanted(prefix, "told")) as shop:
        await shop.ask("ana", "hola")
        await written(shop)
        await asyncio.gather(*(teller(shop).once() for _ in range(4)))
        for chat in ("duena", "socio"):
            await shop.channel.wait_for_replies(chat)
        await shop.settled()
        assert await teller(shop).once() == 0
        told = {chat: shop.channel.replies(chat) for chat in ("duena", "socio", "ana")}
        assert [len(told[chat]) for chat in ("duena", "socio")] == [1, 1]
        assert all(told[chat][0].startswith(TITLE) for chat in ("duena", "socio"))
        assert not any("📊" in text for text in told["ana"])
        assert (await row(shop)).told_at is not None


async def test_only_those_who_are_named_get_it_and_a_customer_cannot_be_named(
    backing: Backing, prefix: str
) -> None:
    named = ("memory:main:duena", "memory:main:ana")
    async with bot(backing, wanted(prefix, "named", report_to=named)) as shop:
        await shop.ask("ana", "hola")
        await written(shop)
        assert await teller(shop).once() == 1
        await shop.channel.wait_for_replies("duena")
        await shop.settled()
        assert shop.channel.replies("socio") == []
        assert len(shop.channel.replies("ana")) == 1


async def test_killed_before_it_was_marked_it_is_not_told_twice(
    backing: Backing, prefix: str
) -> None:
    """Days later too, when the stream has forgotten it."""
    async with bot(backing, wanted(prefix, "again")) as shop:
        await written(shop)
        await teller(shop).once()
        for chat in ("duena", "socio"):
            await shop.channel.wait_for_replies(chat)
        await shop.settled()
        async with shop.parts.store.transaction() as session:
            await session.execute(update(Report).values(told_at=None))
        seen = await shop.parts.wire.command("KEYS", f"{prefix}*:seen:*")
        assert seen
        for key in seen:
            await shop.parts.wire.command("DEL", key)
        assert await teller(shop).once() == 1
        await shop.settled()
        assert [len(shop.channel.replies(chat)) for chat in ("duena", "socio")] == [1, 1]


@pytest.mark.chaos
async def test_killed_between_two_of_its_people_each_of_them_is_told_once(
    backing: Backing, prefix: str
) -> None:
    """The process that tells is killed with -9 when one was told and the other was not."""
    settings = wanted(prefix, "killed")
    async with bot(backing, settings) as shop:
        await written(shop)
    words = (backing.database_url, backing.redis_url, prefix, ",".join(STAFF["staff"]))
    dying = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.flow.dying_reporter", *words, cwd=ROOT, env=dict(os.environ),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await asyncio.wait_for(dying.communicate(), 90)
    assert (out.endswith(b"told\n"), dying.returncode) == (True, -signal.SIGKILL)
    async with bot(backing, settings) as shop:
        assert (await row(shop)).told_at is None
        assert await teller(shop).once() == 1
        await shop.channel.wait_for_replies("socio")
        await shop.settled()
        assert await teller(shop).once() == 0
        async with shop.parts.store.reading() as session:
            notices = select(Message.id).where(Message.purpose == "notice")
            told = {str(one) for one in await session.scalars(notices)}
        assert told == set((await row(shop)).told)
        assert len(told) == len(STAFF["staff"])
        assert len(shop.channel.replies("socio")) == 1
        assert len(shop.channel.replies("duena")) <= 1


async def test_a_report_that_nobody_heard_for_a_week_is_no_news(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, wanted(prefix, "old")) as shop:
        await written(shop)
        old = datetime.now(UTC) - timedelta(days=8)
        async with shop.parts.store.transaction() as session:
            await session.execute(update(Report).values(created_at=old))
        assert await teller(shop).once() == 0


async def test_without_people_nobody_is_told(backing: Backing, prefix: str) -> None:
    async with bot(backing, knobs(prefix, shop="nobody")) as shop:
        assert reports_of(shop.parts) is None


class Closing(MemoryChannel):
    """A network whose window for free texts is closed at once."""

    window_s = 0.3

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting.shop, setting.account)


@pytest.mark.parametrize("informe", [None, "informe:es"], ids=["withheld", "template"])
async def test_where_the_window_is_closed_the_template_goes_or_it_is_seen_to_be_withheld(
    backing: Backing, prefix: str, informe: str | None
) -> None:
    extension = App()
    extension.channel("closing", Closing)
    settings = knobs(
        prefix,
        shop=f"closed{informe is None}",
        takeover={"staff": ("closing:main:duena",)},
        cadences={"template": informe},
    )
    async with bot(backing, settings, extension) as shop:
        channel = shop.parts.channels["closing:main"]
        assert isinstance(channel, Closing)
        await channel.say("duena", "hola")
        await shop.settled()
        await asyncio.sleep(0.4)
        await written(shop)
        await teller(shop).once()
        await shop.settled()
        sent = [part.extra for part in channel.sent if part.extra is not None]
        line = "1.234 respuestas, 9 ventas por $184.910, costó US$1,63"
        whole = Template(name="informe", language="es", parameters=(line,))
        assert sent == ([whole] if informe else [])
        await until(lambda: ended(shop))
        assert await states(shop) <= ({"sent", "accepted"} if informe else {"withheld: window"})


async def ended(shop: Bot) -> bool:
    return bool(await states(shop) - {"dispatched"})
