"""What a shop says of itself is told instead of its pack's samples, as it was written."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from handlers.reply import Replier
from knowledge.facts import Facts
from store import choices
from store.session import Store
from tests.fixtures.store import add_shop
from tests.handlers.replying import PACK, SHOP, ask

HOURS = "Abrimos de 8 a 12, {menos} los martes."
AT = datetime(2026, 11, 22, tzinfo=UTC)


async def choose(store: Store, shop_facts: dict[str, str]) -> None:
    async with store.tenant(SHOP) as session:
        await choices.choose(session, SHOP, {"facts": shop_facts, "by": "ana", "at": AT})


@pytest.fixture
def own(replier: Replier, store: Store) -> Replier:
    reader = replace(replier.reader, facts=Facts(store, ttl_s=0.0))
    return replace(replier, reader=reader)


async def test_the_shops_own_words_are_told_and_the_sample_is_not(
    own: Replier, store: Store
) -> None:
    await choose(store, {"horario": HOURS})

    draft = await ask(own, "¿a qué hora abren?")

    assert HOURS in draft.text
    assert "10:00" not in draft.text
    assert [(one.kind, one.id) for one in draft.generation.sources] == [("answer", "horario")]
    assert "Aromos" in (await ask(own, "¿dónde queda la tienda?")).text


async def test_what_the_shop_leaves_empty_is_not_known(own: Replier, store: Store) -> None:
    await choose(store, {"ubicacion": ""})

    draft = await ask(own, "¿dónde queda la tienda?")

    assert [one.id for one in draft.generation.sources] == ["unknown"]
    assert "Aromos" not in draft.text
    assert draft.text in PACK.answers["unknown"].es


async def test_another_shops_words_are_not_told(own: Replier, store: Store) -> None:
    other = await add_shop(store, "otra")
    async with store.tenant(other) as session:
        await choices.choose(session, other, {"facts": {"horario": HOURS}, "by": "b", "at": AT})

    assert HOURS not in (await ask(own, "¿a qué hora abren?")).text


async def test_what_pays_stays_sensitive(own: Replier, store: Store) -> None:
    await choose(store, {"pago": "Solo en efectivo, en la tienda."})

    draft = await ask(own, "cómo puedo pagar?")

    assert "Solo en efectivo" in draft.text
    assert draft.sensitive
