"""A proposal, a yes or an order whose answer the next words overtake, over the whole road."""

import pytest

from app.backing import Backing
from events import groups
from services.state import Endpoints
from tests.fixtures.bots import Bot, bot, knobs, until
from tests.flow.people import Gated
from tests.flow.test_ledger import coach, entries, told
from tests.flow.test_orders import PAID, TRANSFER, orders


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


async def overtaken(of: Bot, chat: str, first: str, *texts: str) -> str:
    """Each text is said while the answer to the one before it waits behind the first one."""
    channel = of.channel
    assert isinstance(channel, Gated)
    channel.opened.clear()
    channel.asked.clear()
    await channel.say(chat, first)
    await channel.asked.wait()
    for text in texts:
        await channel.say(chat, text)
        await until(lambda: composed(of))
    channel.opened.set()
    await of.settled()
    return channel.replies(chat)[-1]


async def composed(of: Bot) -> bool:
    """Whether all that was said has its draft."""
    states = {one.name: one for one in await groups.states(of.parts.stream)}
    return not any(states[name].pending or states[name].behind for name in ("turns", "reply"))


async def test_what_was_proposed_unheard_is_not_proposed_twice(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, coach(prefix), network=Gated) as gus:
        spent = ("gasté 5 lucas en pan de molde", "y 3 lucas en leche")
        asked = await overtaken(gus, "ana", "hola", *spent)
        assert (asked.count("$5.000"), asked.count("$3.000")) == (1, 1)
        await gus.ask("ana", "sí")
        assert [amount for _, amount, _ in told(await entries(gus, "ana"))] == [5000, 3000]


async def test_what_waited_before_is_asked_for_with_all_that_joined(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, coach(prefix), network=Gated) as gus:
        await gus.ask("ana", "gasté 7 lucas en micro")
        spent = ("gasté 5 lucas en pan de molde", "y 3 lucas en leche")
        await overtaken(gus, "ana", "quién eres?", *spent)
        await gus.ask("ana", "sí")
        rows = [amount for _, amount, _ in told(await entries(gus, "ana"))]
        assert rows == [7000, 5000, 3000]


async def test_a_yes_that_is_taken_back_in_the_same_breath_writes_nothing(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, coach(prefix), network=Gated) as gus:
        await gus.ask("ana", "gasté 5 lucas en pan de molde")
        last = await overtaken(gus, "ana", "quién eres?", "sí", "no, espera")
        assert "no hice ningún cambio" in last
        assert told(await entries(gus, "ana")) == []


@pytest.mark.parametrize("afterwards", ["gracias!", "cuánto demora el despacho?"])
async def test_how_to_pay_is_told_whatever_is_said_before_it_was_heard(
    backing: Backing, prefix: str, afterwards: str
) -> None:
    async with bot(backing, knobs(prefix, shop="hasty", **PAID), network=Gated) as shop:
        await shop.ask("ana", "quiero comprar la manta de alpaca")
        last = await overtaken(shop, "ana", "hola", "sí, confirmo", afterwards)
        assert TRANSFER in last
        (order,) = await orders(shop, "ana")
        assert order.state == "confirmed"
