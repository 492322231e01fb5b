"""Into a closed window goes a template, or nothing, and then that is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.backing import Backing
from app.plugins import App, Setting
from bot.channels.memory import MemoryChannel
from config.settings import Settings
from events.contents import Template
from services.state import Endpoints
from tests.fixtures.bots import Bot, bot, knobs, until
from tests.flow.outreach import ALWAYS, attended, begun, past, targets, told, wanted


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


class Closing(MemoryChannel):
    """A network whose window for free texts is closed half a second after the customer spoke."""

    window_s = 0.5

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting.shop, setting.account)


@asynccontextmanager
async def closing(backing: Backing, settings: Settings) -> AsyncIterator[tuple[Bot, Closing]]:
    extension = App()
    extension.channel("closing", Closing)
    async with bot(backing, settings, extension) as shop:
        channel = shop.parts.channels["closing:main"]
        assert isinstance(channel, Closing)
        yield shop, channel


@pytest.mark.parametrize("offer", [None, "oferta:es:20 %|viernes"], ids=["text", "template"])
async def test_where_the_window_is_closed_a_template_goes_or_it_is_told_that_nothing_can(
    backing: Backing, prefix: str, offer: str | None
) -> None:
    async with closing(backing, wanted(prefix, f"closing{offer is None}")) as (shop, channel):
        await channel.say("ana", "hola")
        await channel.wait_for_replies("ana")
        await shop.settled()
        await past(shop)
        await asyncio.sleep(0.5)
        which = await begun(shop, account="closing:main", template=offer)
        async with attended(shop):
            await until(lambda: told(shop, which, "ana"))
            await shop.settled()
        (outcome,) = (await targets(shop, which)).values()
        assert outcome == (("offered", None) if offer else ("skipped", "window"))
        sent = [part.extra for part in channel.sent if part.extra is not None]
        wanted_ = Template(name="oferta", language="es", parameters=("20 %", "viernes"))
        assert sent == ([wanted_] if offer else [])


async def test_a_follow_up_into_a_closed_window_goes_as_the_template(
    backing: Backing, prefix: str
) -> None:
    silence = ALWAYS | {"enabled": True, "after_h": 1 / 3600}
    settings = knobs(prefix, shop="nudge", followups=silence, outreach={"template": "vuelve:es"})
    async with closing(backing, settings) as (shop, channel):
        await channel.say("ana", "¿cuánto cuesta la mochila urbana azul?")
        await until(lambda: extras(channel, 1))
        assert channel.sent[-1].extra == Template(name="vuelve", language="es")
        await shop.settled()


async def extras(channel: MemoryChannel, count: int) -> bool:
    return sum(part.extra is not None for part in channel.sent) >= count
