"""People of the shop who speak, and networks that make the bot wait, for whole roads."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from msgspec import structs
from sqlalchemy import select

from app.plugins import App, Setting
from bot.channels.base import Part, Rate, SendResult
from bot.channels.memory import MemoryChannel
from events.happened import named
from events.vocabulary import MessageReceived
from handlers.custom import Turn
from store import app, ml
from tests.fixtures.bots import Bot


class Slow:
    """An answer that takes as long as the test wants, and knows whether it was given up."""

    def __init__(self) -> None:
        self.began, self.dropped = asyncio.Event(), asyncio.Event()
        self.turns: list[UUID | None] = []

    async def answer(self, turn: Turn) -> str:
        self.turns.append(turn.event.turn)
        self.began.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.dropped.set()
        return ""

    def extension(self) -> App:
        extension = App()
        extension.reply(when=lambda turn: "lento" in turn.text, then=self.answer)
        return extension


class Narrow(MemoryChannel):
    """Takes ten characters a message, one message at a time, when the test lets it."""

    limit = 10

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting.shop, setting.account)
        self.asked, self.passes = asyncio.Semaphore(0), asyncio.Semaphore(0)

    async def send(self, part: Part) -> SendResult:
        self.asked.release()
        await self.passes.acquire()
        return await super().send(part)


class Gated(MemoryChannel):
    """Nothing arrives while it is shut; `asked` says that something wants to."""

    def __init__(self, shop: UUID, account: str) -> None:
        super().__init__(shop, account)
        self.opened, self.asked = asyncio.Event(), asyncio.Event()
        self.opened.set()

    async def send(self, part: Part) -> SendResult:
        self.asked.set()
        await self.opened.wait()
        return await super().send(part)


class Limited(MemoryChannel):
    """One message in six seconds."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting.shop, setting.account)

    def rates(self, part: Part) -> Sequence[Rate]:  # noqa: ARG002  all share one
        return (Rate("all", 6_000, 1),)


async def person(channel: MemoryChannel, chat: str, text: str, key: str = "") -> MessageReceived:
    """Returns once the words are durable: from here on the bot is silent."""
    message = channel.message(chat, text, key=key or f"by hand: {text}")
    message = structs.replace(message, author="human")
    await channel.deliver(message)
    return message


def here(chat: str, account: str = "memory:main") -> UUID:
    return named(account, "conversation", chat)


async def stored(of: Bot, chat: str, account: str = "memory:main") -> app.Conversation | None:
    query = select(app.Conversation).where(app.Conversation.id == here(chat, account))
    async with of.parts.store.reading() as session:
        return await session.scalar(query)


async def learned(of: Bot, chat: str) -> Sequence[ml.TrainingData]:
    query = select(ml.TrainingData).where(ml.TrainingData.conversation_id == here(chat))
    async with of.parts.store.reading() as session:
        return list(await session.scalars(query.order_by(ml.TrainingData.position)))


async def silent(of: Bot, chat: str) -> bool:
    return bool(await of.parts.wire.command("EXISTS", of.parts.stream.keys.silence(here(chat))))
