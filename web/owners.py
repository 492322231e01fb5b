"""What an owner chooses for the shop, put together."""

from bot.states import States
from handlers.pausing import Voices
from web.pages.channels import ChannelPages, Lines
from web.pages.facts import FactPages
from web.pages.house import HousePages
from web.pages.settings import SettingsPages
from web.parts import Desk
from web.routing import Area


def settings(desk: Desk) -> list[Area]:
    parts, stream = desk.parts, desk.parts.word.stream
    states = States(parts.wire, parts.channel.prefix)
    voices = Voices(stream.wire, stream.keys, parts.shop)
    lines = Lines(parts.store, states, parts.channels, voices, parts.connecting)
    return [
        SettingsPages(desk.pages, parts.store, lines, parts.pack),
        ChannelPages(
            desk.pages, lines, desk.limit("connect", 20, 15 * 60), parts.embeds, parts.home
        ),
        FactPages(desk.pages, parts.store, parts.shop, parts.pack),
        HousePages(
            desk.pages, parts.store, parts.shop, parts.hours, parts.privacy, tuple(parts.fixed)
        ),
    ]
