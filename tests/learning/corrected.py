"""An answer of a sample shop that somebody wants to correct."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.shop import set_up_shop
from capture.recorder import Recorder
from config.packs import load_pack
from config.settings import Settings
from events.happened import named
from learning.correcting import Editor, Proposed
from learning.grounds import Library
from store.examples import Example
from store.ml import TrainingData
from store.session import Store
from tests.capture.talk import HOW, Talk, capture

PACK = load_pack("ventas")
NOW = datetime(2026, 5, 4, 18, tzinfo=UTC)
QUESTION = "¿cuánto cuesta la mochila urbana azul?"
WRONG = "Cuesta $19.990."
BETTER = "La Mochila Urbana Azul cuesta $24.990 y hay stock. ¿Te la aparto?"


async def a_customer(store: Store) -> Talk:
    """Of the sample shop."""
    await set_up_shop(store, Settings.model_validate({}), PACK)
    return Talk(named("shop", "demo"), profile="Ana Rojas")


async def replied(store: Store, talk: Talk, question: str = QUESTION, said: str = WRONG) -> UUID:
    await capture(Recorder(store), talk.says(question), talk.replies(said, how=HOW))
    assert talk.reply is not None
    return talk.reply.reply


def editor(store: Store, talk: Talk, by: str = "carla", later_s: float = 0) -> Editor:
    at = NOW + timedelta(seconds=later_s)
    return Editor(store, Library(store, PACK), talk.shop, by, at)


def by_hand(text: str, by: str = "carla") -> Proposed:
    return Proposed(text, by)


def wrong(one: dict[str, Any]) -> dict[str, str]:
    return {check["name"]: check["why"] for check in one["checks"] if not check["ok"]}


async def row(store: Store, talk: Talk, reply: UUID) -> TrainingData:
    async with store.reading() as session:
        return await session.get_one(TrainingData, (talk.shop, reply))


async def examples(store: Store) -> Sequence[Example]:
    async with store.reading() as session:
        return list(await session.scalars(select(Example)))
