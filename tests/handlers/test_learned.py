"""What a shop was taught is in use within seconds, and what is broken is never in use."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest

from config.packs import load_pack
from handlers.learned import Classifiers
from handlers.reading import Understanding
from learning.fitting import fit, ground_of
from nlu.brought import FILE, brought
from nlu.classifier import Classifier, Header, packed
from nlu.features import features
from nlu.parse import parser_of
from store import nlu
from store.session import Store
from tests.fixtures.store import add_shop
from tests.llm.talking import INDEX

PACK = load_pack("ventas")
SAID = {
    "reserva": ["me la congelas", "congélame esa", "la congelas un par de días"],
    "aviso": ["pégame un grito", "un grito cuando entre", "un grito si hay"],
}


def taught(pack: str = "ventas") -> bytes:
    texts = [text for said in SAID.values() for text in said]
    names = [name for name, said in SAID.items() for _ in said]
    fitted = fit(ground_of([features(text) for text in texts]), names, [1.0] * len(names), 100.0)
    header = Header(pack, fitted.intents, "", len(names), 1.0, 100.0, {})
    return packed(header, fitted.ground.rarity, fitted.weights(), fitted.bias.astype("float32"))


@dataclass
class Watch:
    at: float = 0.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Teaching:
    """A shop's classifiers, and a clock that moves when it is told to."""

    store: Store
    shop: UUID
    watch: Watch = field(default_factory=Watch)

    def __post_init__(self) -> None:
        self.classifiers = Classifiers(self.store, PACK, monotonic=self.watch)

    async def teach(self, data: bytes, shop: UUID | None = None) -> None:
        async with self.store.transaction() as session:
            await nlu.keep_model(session, shop or self.shop, "ventas", data, {})

    async def now(self, shop: UUID | None = None) -> Classifier | None:
        """As it is once what was stale is read again."""
        self.watch.at += 6
        held = await self.classifiers.of(shop or self.shop)
        shelf = self.classifiers.shelves[shop or self.shop]
        if shelf.reading is not None:
            held = await shelf.reading
        return held.classifier


async def own(teaching: Teaching, shop: UUID | None = None) -> bool:
    """Whether what a shop is read by was taught to it."""
    learned = await teaching.now(shop)
    return learned is not None and {*learned.header.intents} == {*SAID}


@pytest.fixture
async def teaching(store: Store, shop: UUID) -> AsyncIterator[Teaching]:
    made = Teaching(store, shop)
    yield made
    await made.classifiers.close()


async def test_a_new_one_is_in_use_without_a_restart(teaching: Teaching) -> None:
    assert await teaching.now() is brought(PACK)

    await teaching.teach(taught())

    assert await own(teaching)


async def test_one_shop_learns_nothing_from_another(teaching: Teaching) -> None:
    other = await add_shop(teaching.store, "other")
    await teaching.teach(taught(), other)

    assert not await own(teaching)
    assert await own(teaching, other)


@pytest.mark.parametrize("data", [b"broken", taught()[:-100], taught("finanzas")])
async def test_in_place_of_what_cannot_be_used_that_of_the_pack_is(
    teaching: Teaching, data: bytes
) -> None:
    await teaching.teach(data)
    assert await teaching.now() is brought(PACK)

    await teaching.teach(taught())
    assert await own(teaching)


async def test_where_the_packs_is_damaged_too_the_rules_go_on_alone(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    shutil.copytree(PACK.folder, tmp_path / "ventas")
    (tmp_path / "ventas" / FILE).write_bytes(b"broken")
    classifiers = Classifiers(store, load_pack(tmp_path / "ventas"))

    assert (await classifiers.of(shop)).classifier is None
    await classifiers.close()


async def test_what_is_in_memory_already_is_not_read_again(teaching: Teaching) -> None:
    await teaching.teach(taught())

    assert await teaching.now() is await teaching.now()


async def test_what_was_learned_is_what_a_turn_is_read_by(teaching: Teaching) -> None:
    await teaching.teach(taught())
    learned = await teaching.now()
    parser = parser_of(PACK)

    before = Understanding(PACK, parser).read("¿me la congelas?", INDEX).parsed
    after = Understanding(PACK, parser, learned=learned).read("¿me la congelas?", INDEX).parsed

    assert (before.intent, before.by) == ("general", "rules")
    assert (after.intent, after.answers, after.by) == ("reserva", ("reserva",), "classifier")
    greeted = Understanding(PACK, parser, learned=learned).read("/start", INDEX).parsed
    assert greeted.acts == ("greet",)
