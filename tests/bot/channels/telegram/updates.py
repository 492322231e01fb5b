"""Builders of Telegram updates, and what they become."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from bot.channels.telegram.normaliser import Account, normalise
from events.happened import Happened
from events.vocabulary import MessageReceived

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)
US = Account(shop=UUID(int=1), key="telegram:main", bot_id=42, username="TiendaBot")
NOBODY = Account(shop=UUID(int=1), key="telegram:main")
ANA = {"id": 7, "is_bot": False, "first_name": "Ana", "language_code": "es-CL"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Ana"}
GROUP = {"id": -100, "type": "supergroup", "title": "Vecinos"}


def a_message(**fields: object) -> dict[str, Any]:
    message = {"message_id": 5, "date": int(NOW.timestamp()), "chat": PRIVATE, "from": ANA}
    return {"update_id": 900, "message": {**message, **fields}}


def in_group(**fields: object) -> dict[str, Any]:
    return a_message(chat=GROUP, **fields)


def events_of(update: object, account: Account = US) -> tuple[Happened, ...]:
    return normalise(update, account=account, received_at=NOW)


def received(update: object, account: Account = US) -> MessageReceived:
    (event,) = events_of(update, account)
    assert isinstance(event, MessageReceived)
    return event
