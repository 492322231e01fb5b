"""One text to many: to whom it goes, how fast, and that each gets it once whoever is killed."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import delete, update

from app.backing import Backing
from app.outreach import outreach_of
from config.manners import OutreachSettings
from events.happened import named
from services.state import Endpoints
from store import app, outreach
from store.dealings import BroadcastTarget, Order
from tests.fixtures.bots import bot, knobs, until
from tests.flow.outreach import (
    ACCOUNT,
    FAST,
    attended,
    begun,
    is_done,
    long_ago,
    offered,
    offers,
    past,
    targets,
    told,
    wanted,
)
from tests.flow.people import person


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


async def test_everybody_gets_it_once_and_the_figures_say_so(backing: Backing, prefix: str) -> None:
    chats = [f"c{number}" for number in range(12)]
    async with bot(backing, wanted(prefix, "many")) as shop:
        await long_ago(shop, *chats)
        which = await begun(shop)
        async with attended(shop), attended(shop):
            await until(lambda: is_done(shop, which))
            await shop.settled()
        assert offers(shop.channel, chats) == [1] * 12
        async with shop.parts.store.reading() as session:
            (row,) = await outreach.outcomes(session, shop.parts.shop, which)
            (first,) = await outreach.written_first(
                session, shop.parts.shop, datetime.now(UTC) - timedelta(hours=1)
            )
        assert (row["state"], row["delivery"], row["people"]) == ("offered", "sent", 12)
        assert (first["purpose"], first["messages"], first["answered"]) == ("broadcast", 12, 0)


async def test_who_does_not_want_it_or_talks_or_is_with_a_person_is_left_alone(
    backing: Backing, prefix: str
) -> None:
    staff = {"staff": ("memory:main:jefa",)}
    async with bot(backing, wanted(prefix, "polite", takeover=staff)) as shop:
        await long_ago(shop, "ana", "baja", "gone", "with-us", "jefa", "-100group")
        await shop.ask("baja", "BAJA")
        await shop.ask("talking", "hola")
        await shop.settled()
        await person(shop.channel, "with-us", "te atiendo yo")
        await shop.settled()
        query = update(app.Conversation).where(app.Conversation.chat == "gone")
        async with shop.parts.store.transaction() as session:
            await session.execute(query.values(reachable=False))
        past = update(app.Conversation).where(app.Conversation.chat != "talking")
        async with shop.parts.store.transaction() as session:
            await session.execute(past.values(last_at=datetime.now(UTC) - timedelta(hours=2)))
        which = await begun(shop)
        async with attended(shop):
            for chat in ("ana", "with-us", "jefa"):
                await until(partial(told, shop, which, chat))
            await shop.channel.wait_for_replies("ana", 2)
        assert await targets(shop, which) == {
            "ana": ("offered", None),
            "with-us": ("skipped", "silenced"),
            "jefa": ("skipped", "staff"),
            "talking": ("waiting", None),
        }
        assert offers(shop.channel, ["ana", "baja", "gone", "with-us", "talking"]) == [
            1,
            0,
            0,
            0,
            0,
        ]
        assert not await is_done(shop, which)


async def test_who_says_no_while_it_is_on_its_way_does_not_get_it(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, wanted(prefix, "late")) as shop:
        await long_ago(shop, "ana")
        which = await begun(shop)
        async with shop.parts.store.reading() as session:
            (one,) = await outreach.running(session, shop.parts.shop)
        await shop.ask("ana", "BAJA")
        offer = outreach_of(shop.parts).broadcasts
        async with shop.parts.store.reading() as session:
            found = await outreach.next_of(session, one, datetime.now(UTC) + timedelta(days=1))
        assert found is not None
        await offer._offer(replace(found, opted_out=False), datetime.now(UTC))  # noqa: SLF001
        await shop.settled()
        assert offers(shop.channel, ["ana"]) == [0]
        async with shop.parts.store.reading() as session:
            (row,) = await outreach.outcomes(session, shop.parts.shop, which)
        assert (row["delivery"], row["reason"]) == ("withheld", "opted_out")


async def test_the_cap_of_a_day_holds_and_the_rest_waits(backing: Backing, prefix: str) -> None:
    chats = [f"c{number}" for number in range(6)]
    capped = {"outreach": FAST | {"per_day": 4}}
    async with bot(backing, wanted(prefix, "capped", **capped)) as shop:
        await long_ago(shop, *chats)
        which = await begun(shop)
        async with attended(shop):
            await until(lambda: offered(shop, which, 4))
            await asyncio.sleep(0.5)
        assert sum(offers(shop.channel, chats)) == 4
        states = [state for state, _ in (await targets(shop, which)).values()]
        assert sorted(states) == ["offered"] * 4 + ["waiting"] * 2


async def test_only_who_paid_before_when_that_is_wished(backing: Backing, prefix: str) -> None:
    async with bot(backing, wanted(prefix, "buyers")) as shop:
        await long_ago(shop, "ana", "luis")
        async with shop.parts.store.transaction() as session:
            session.add(
                Order(
                    shop_id=shop.parts.shop, id=uuid4(), account=ACCOUNT, chat="luis",
                    customer_id=named(str(shop.parts.shop), "memory", "customer", "luis"),
                    conversation_id=named(ACCOUNT, "conversation", "luis"), state="paid",
                    currency="CLP", total=1, updated_at=datetime.now(UTC),
                )
            )  # fmt: skip
        assert set(await targets(shop, await begun(shop, buyers=True))) == {"luis"}


async def test_outside_of_hours_nobody_is_woken(backing: Backing, prefix: str) -> None:
    night = {"hours": "closed", "days": "mon-sun"}
    async with bot(backing, knobs(prefix, shop="night", followups=night)) as shop:
        await long_ago(shop, "ana")
        await begun(shop)
        async with attended(shop):
            await asyncio.sleep(0.5)
        assert offers(shop.channel, ["ana"]) == [0]


def test_the_pace_never_is_that_of_a_machine() -> None:
    pace = OutreachSettings(every_s=10, jitter=0.5, unofficial_every_s=60, unofficial_per_day=3)
    assert [pace.pause_s("telegram:main", luck) for luck in (0, 0.5, 1)] == [5, 10, 15]
    assert pace.pause_s("whatsapp:main", 0.5) == 60
    assert (pace.cap("whatsapp:main"), pace.cap("whatsapp_cloud:main")) == (3, 250)


async def test_who_says_baja_while_a_person_has_the_word_is_heard(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, wanted(prefix, "unheard")) as shop:
        await long_ago(shop, "ana")
        await person(shop.channel, "ana", "hola, te atiendo yo")
        await shop.channel.say("ana", "BAJA")
        await shop.settled()
        assert len(shop.channel.replies("ana")) == 1, "the bot says nothing"
        await past(shop)
        assert await targets(shop, await begun(shop)) == {}


async def test_a_network_that_comes_back_is_not_flooded_with_what_waited_for_it(
    backing: Backing, prefix: str
) -> None:
    chats = [f"c{number}" for number in range(5)]
    async with bot(backing, wanted(prefix, "offline")) as shop:
        await long_ago(shop, *chats)
        shop.channel.down = True
        which = await begun(shop)
        async with attended(shop):
            await until(lambda: offered(shop, which, 1))
            await asyncio.sleep(1.5)
            assert not await offered(shop, which, 2)
            shop.channel.down = False
            await until(lambda: is_done(shop, which))
            await shop.settled()
        assert offers(shop.channel, chats) == [1] * 5


async def test_what_waits_for_its_network_is_called_off_by_a_word(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, wanted(prefix, "waits")) as shop:
        await long_ago(shop, "ana")
        shop.channel.down = True
        which = await begun(shop)
        async with attended(shop):
            await until(lambda: offered(shop, which, 1))
            await asyncio.sleep(0.5)
            await shop.channel.say("ana", "BAJA")
            shop.channel.down = False
            await shop.settled()
        assert offers(shop.channel, ["ana"]) == [0]


async def test_somebody_who_talks_on_holds_up_no_other_broadcast(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, wanted(prefix, "talks")) as shop:
        await long_ago(shop, "ana", "luis")
        first = await begun(shop)
        async with shop.parts.store.transaction() as session:
            gone = (BroadcastTarget.broadcast_id == first) & (BroadcastTarget.chat == "luis")
            await session.execute(delete(BroadcastTarget).where(gone))
        second = await begun(shop)
        await shop.ask("ana", "hola, estoy aquí")
        await shop.settled()
        async with attended(shop):
            await until(lambda: told(shop, second, "luis"))
        assert (await targets(shop, first))["ana"] == ("waiting", None)


async def test_an_audience_spoke_itself_and_was_not_only_written_to(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, wanted(prefix, "spoke")) as shop:
        await long_ago(shop, "ana")
        which = await begun(shop)
        async with attended(shop):
            await until(lambda: is_done(shop, which))
            await shop.settled()
        long = update(app.Message).where(app.Message.author == "customer")
        async with shop.parts.store.transaction() as session:
            await session.execute(long.values(at=datetime.now(UTC) - timedelta(days=60)))
        assert await targets(shop, await begun(shop)) == {}
