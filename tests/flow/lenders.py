"""A lender's bot for whole roads: people with and without phones, in two shops."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import structs
from sqlalchemy import select

from config.settings import Settings
from events.contents import Alias, Sender
from events.happened import named
from services.clock import now
from store import ml
from tests.fixtures.bots import Bot, knobs

ANA: Final = "+56961234501"
LUIS: Final = "+56961234502"
PROOF: Final = "5678 y 12/03/1985"
"""Of Ana, in the sample."""


def lender(prefix: str, shop: str, **sections: dict[str, Any]) -> Settings:
    return knobs(prefix, shop, app={"pack": "creditos"}, **sections)


async def ask(shop: Bot, chat: str, text: str, phone: str | None = None, **more: Any) -> str:  # noqa: ANN401  fields of the message
    """What somebody gets whose network knows this phone of theirs."""
    before = len(shop.channel.replies(chat))
    message = shop.channel.message(chat, text, key=f"{chat} {before} {text} {now()}")
    aliases = (Alias("phone", phone.removeprefix("+")),) if phone else ()
    sender = Sender(id=chat, name=chat, aliases=aliases)
    await shop.channel.deliver(structs.replace(message, sender=sender, **more))
    async with asyncio.timeout(120):
        replies = await shop.channel.wait_for_replies(chat, before + 1)
    return "\n".join(replies[before:])


def in_days(days: int) -> str:
    """A day as the bot writes it."""
    return f"{_today() + timedelta(days=days):%d-%m-%Y}"


def _today() -> date:
    return datetime.now(ZoneInfo("America/Santiago")).date()


async def lessons(shop: Bot, chat: str) -> list[ml.TrainingData]:
    await shop.settled()
    here: UUID = named("memory:main", "conversation", chat)
    query = select(ml.TrainingData).where(
        ml.TrainingData.shop_id == shop.parts.shop, ml.TrainingData.conversation_id == here
    )
    async with shop.parts.store.reading() as session:
        return list(await session.scalars(query.order_by(ml.TrainingData.position)))
