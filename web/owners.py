"""What an owner chooses for the shop, put together."""

from bot.states import States
from handlers.pausing import Voices
from web.pages.channels import ChannelPages, Lines
from web.pages.facts import FactPages
from web.pages.house import HousePages
from web.pages.limits import LimitPages
from web.pages.notices import NoticePages
from web.pages.settings import SettingsPages
from web.parts import Desk
from web.routing import Area


def lines_of(desk: Desk) -> Lines:
    """How the accounts of the shop are."""
    parts, stream = desk.parts, desk.parts.word.stream
    states = States(parts.wire, parts.channel.prefix)
    voices = Voices(stream.wire, stream.keys, parts.shop)
    return Lines(parts.store, states, parts.channels, voices, parts.connecting)


def settings(desk: Desk) -> list[Area]:
    parts, lines = desk.parts, lines_of(desk)
    return [
        SettingsPages(desk.pages, parts.store, lines, parts.pack),
        ChannelPages(
            desk.pages, lines, desk.limit("connect", 20, 15 * 60), parts.embeds, parts.home
        ),
        NoticePages(desk.pages, lines, parts.warned),
        LimitPages(desk.pages, parts.store, parts.shop, parts.budget, parts.limited),
        FactPages(desk.pages, parts.store, parts.shop, parts.pack),
        HousePages(
            desk.pages, parts.store, parts.shop, parts.hours, parts.privacy, tuple(parts.fixed)
        ),
    ]
