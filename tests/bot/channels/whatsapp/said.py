"""WhatsApp's protobufs, as neonize gives them, read and normalised as the channel does."""

# ruff: noqa: ANN401  what protobufs are made of

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from events.happened import Happened
from events.vocabulary import MessageReceived
from tests.servers.protobufs import MESSAGE, message

from bot.channels.whatsapp.neonize_client import read  # isort: skip  after its library, without Go
from bot.channels.whatsapp.news import News
from bot.channels.whatsapp.normaliser import normalise
from bot.channels.whatsapp.people import Account, place_of

ACCOUNT = Account(UUID(int=1), "whatsapp:main")
ANA, HIDDEN, GROUP = "56911111111@s.whatsapp.net", "222222222222222@lid", "120363000@g.us"
US, US_HIDDEN = "56900000000@s.whatsapp.net", "900000000000000@lid"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
REPLY = UUID(int=9)


def told(
    code: int, raw: bytes, *, ours: dict[str, str] | None = None, offline: bool = False
) -> tuple[Happened, ...]:
    body = read(code, raw) | {"code": code, "ours": [US, US_HIDDEN]}
    place = place_of(body)
    person = place.names[0] if place and place.names else ""
    news = News(ACCOUNT, 1, body, person, ours or {}, NOW, NOW, offline)
    return normalise(news)


def heard(contents: Any, chat: str = ANA, **more: Any) -> tuple[Happened, ...]:
    ours = more.pop("ours", None)
    more.setdefault("Timestamp", NOW_MS)
    return told(MESSAGE, message("3EB0AB", chat, contents, **more), ours=ours)


def received(contents: Any, chat: str = ANA, **more: Any) -> MessageReceived:
    (event,) = heard(contents, chat, **more)
    assert isinstance(event, MessageReceived)
    return event
