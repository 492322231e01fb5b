"""A customer of a running bot is erased: nothing of theirs is left, nothing more reaches them."""

import asyncio
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from app.backing import Backing
from app.plugins import App
from config.settings import Settings
from events.forgetting import ERASING, RESTRICTED, Forgetting
from events.happened import named
from handlers.custom import Turn
from jobs.rights import Rights
from jobs.schedule import ERASURE, Run, Terms, ask
from jobs.tasks import perform
from services.state import Endpoints
from store import app, ml
from store.privacy.tables import PrivacyRequest
from tests.fixtures.bots import Bot, bot, knobs, until
from tests.jobs.canary import CANARY, in_files, in_redis, where


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


def at_work(backing: Backing, prefix: str, var: Path) -> Settings:
    """As a worker of this bot would be told."""
    return knobs(
        prefix,
        app={"shop": "demo", "var": var},
        database={"url": SecretStr(backing.database_url)},
        redis={"url": SecretStr(backing.redis_url)},
    )


def rights(of: Bot) -> Rights:
    return Rights(of.parts.store, of.parts.shop, Forgetting(of.parts.stream))


async def customer_of(of: Bot) -> UUID:
    async with of.parts.store.reading() as session:
        return (await session.scalars(select(app.Customer.id))).one()


async def erase(of: Bot, customer: UUID, settings: Settings) -> PrivacyRequest:
    request = await rights(of).ask(customer, "erasure", "test")
    assert request is not None
    run = Run(ERASURE, of.parts.shop, str(request))

    async def done() -> bool:
        await ask(of.parts.store, run)
        await perform(run, Terms(), settings)
        async with of.parts.store.reading() as session:
            row = await session.get(PrivacyRequest, (of.parts.shop, request))
        return row is not None and row.state == "done"

    await until(done)
    async with of.parts.store.reading() as session:
        row = await session.get(PrivacyRequest, (of.parts.shop, request))
    assert row is not None
    return row


async def blocked(of: Bot, chat: str) -> bool:
    notes = of.parts.stream.keys.notes(named(of.channel.account, "conversation", chat))
    return bool(await of.parts.wire.command("HGET", notes, RESTRICTED) == ERASING.encode())


async def count(of: Bot, table: type[app.Message | ml.TrainingData]) -> int:
    async with of.parts.store.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_what_was_said_is_nowhere_and_others_keep_theirs(
    backing: Backing, prefix: str, tmp_path: Path
) -> None:
    settings = at_work(backing, prefix, tmp_path)
    async with bot(backing, settings) as shop:
        await shop.ask("beto", "¿cuánto cuesta la mochila urbana azul?")
        await shop.settled()
        other = await customer_of(shop)
        await shop.ask(CANARY, f"soy {CANARY}, ¿cuánto cuesta la mochila urbana azul?")
        await shop.ask(CANARY, f"gracias, perfecto, firma {CANARY}")
        await shop.settled()
        before = await where(shop.parts.store, CANARY, shop.parts.shop)
        assert {"app.conversation", "app.message", "ml.training_data"} <= set(before)
        assert await in_redis(shop.parts.wire, prefix, CANARY)
        async with shop.parts.store.reading() as session:
            found = await session.scalars(select(app.Customer.id).where(app.Customer.id != other))
            customer = found.one()
        assert await in_redis(shop.parts.wire, prefix, f"pace:day:{{{customer}")
        row = await erase(shop, customer, settings)
        assert row.receipt["gone"]["app.message"] == 4
        assert await where(shop.parts.store, CANARY, shop.parts.shop) == {}
        assert await in_redis(shop.parts.wire, prefix, CANARY) == []
        assert await in_redis(shop.parts.wire, prefix, str(customer)) == []
        assert in_files(tmp_path, CANARY) == []
        assert await count(shop, app.Message) == 2
        assert "$" in await shop.ask("beto", "¿y la botella térmica?")


class Composing:
    """Answers when the test lets it."""

    def __init__(self) -> None:
        self.began, self.may = asyncio.Event(), asyncio.Event()

    async def answer(self, turn: Turn) -> str:
        self.began.set()
        await self.may.wait()
        return f"esto decías: {turn.text}"

    def extension(self) -> App:
        extension = App()
        extension.reply(when=lambda turn: "lento" in turn.text, then=self.answer)
        return extension


async def test_a_reply_that_is_being_composed_is_not_sent_and_leaves_nothing(
    backing: Backing, prefix: str, tmp_path: Path
) -> None:
    """Not even where they write again meanwhile, which opens a closed chat."""
    settings, composing = at_work(backing, prefix, tmp_path), Composing()
    async with bot(backing, settings, composing.extension()) as shop:
        await shop.ask("ana", "hola")
        await shop.settled()
        customer = await customer_of(shop)
        await shop.channel.say("ana", f"lento {CANARY}")
        await composing.began.wait()
        erasing = asyncio.create_task(erase(shop, customer, settings))
        await until(lambda: blocked(shop, "ana"))
        await shop.channel.say("ana", f"¿y? {CANARY}")
        composing.may.set()
        await erasing
        await shop.settled()
        assert len(shop.channel.replies("ana")) == 1
        assert await where(shop.parts.store, CANARY, shop.parts.shop) == {}
        assert await in_redis(shop.parts.wire, prefix, CANARY) == []


async def test_who_writes_again_starts_fresh(backing: Backing, prefix: str, tmp_path: Path) -> None:
    settings = at_work(backing, prefix, tmp_path)
    async with bot(backing, settings) as shop:
        await shop.ask("ana", "hola")
        await shop.settled()
        await erase(shop, await customer_of(shop), settings)
        assert await shop.ask("ana", "¿cuánto cuesta la mochila urbana azul?")
        await shop.settled()
        async with shop.parts.store.reading() as session:
            row = (await session.scalars(select(app.Customer))).one()
            said = (await session.scalars(select(app.Message.text))).all()
        assert (row.restricted_at, row.no_training) == (None, False)
        assert "hola" not in said
        assert len(said) == 2


async def test_who_is_blocked_gets_no_answer_until_the_block_is_lifted(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix)) as shop:
        await shop.ask("ana", "hola")
        await shop.settled()
        customer = await customer_of(shop)
        assert await rights(shop).restrict(customer, "test", to=True)
        await shop.channel.say("ana", "¿hay alguien?")
        await shop.settled()
        assert len(shop.channel.replies("ana")) == 1
        assert await count(shop, app.Message) == 3
        assert "mis-datos" in await shop.ask("ana", "/misdatos")
        assert await rights(shop).restrict(customer, "test", to=False)
        assert await shop.ask("ana", "¿y ahora?")


async def test_nobody_may_ask_for_somebody_of_another_shop(backing: Backing, prefix: str) -> None:
    async with bot(backing, knobs(prefix)) as shop:
        await shop.ask("ana", "hola")
        await shop.settled()
        elsewhere = Rights(shop.parts.store, named("shop", "other"), Forgetting(shop.parts.stream))
        customer = await customer_of(shop)
        assert await elsewhere.ask(customer, "erasure", "test") is None
        assert not await elsewhere.restrict(customer, "test", to=True)
        assert await rights(shop).ask(uuid4(), "export", "test") is None
