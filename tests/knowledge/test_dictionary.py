"""Dictionaries on real rows: seeded by the pack, written by people, mined from chats, by shop."""

import asyncio
from uuid import UUID

import pytest

from config.shapes import Term
from knowledge import deciding
from knowledge.dictionary import Dictionary, glossary_rows, named_suggestion
from knowledge.glossary import NO_TERMS
from knowledge.suggesting import known_words, mine_shop
from knowledge.wording import WordRefused
from store.dictionary import propose, seed_terms, suggestions_of, terms_of
from store.session import Store
from tests.builders import MONDAY, a_turn, add_customer, add_turns
from tests.fixtures.store import add_shop
from tests.llm.talking import INDEX, PACK
from text.stemming import stems

ESTUCHE = Term(word="Estuche", definition="Bolsa para lápices.", synonyms=("cartuchera",))
KNOWN = known_words(PACK, INDEX, NO_TERMS)


async def seeded(store: Store, shop: UUID, *terms: Term) -> None:
    async with store.transaction() as session:
        await seed_terms(session, shop, glossary_rows(shop, terms, MONDAY))


async def words(store: Store, shop: UUID) -> dict[str, tuple[str, str]]:
    async with store.reading() as session:
        found = await terms_of(session, shop, active=True)
    return {one.word: (one.definition, one.origin) for one in found}


async def test_a_pack_seeds_the_dictionary_and_goes_on_until_a_person_edits(
    store: Store, shop: UUID
) -> None:
    await seeded(store, shop, ESTUCHE)
    await seeded(store, shop, ESTUCHE.model_copy(update={"definition": "Otra cosa."}))
    assert await words(store, shop) == {"Estuche": ("Otra cosa.", "pack")}

    changed = await deciding.change(store, shop, "ESTUCHE", {"definition": "La nuestra."}, MONDAY)
    await seeded(store, shop, ESTUCHE)

    assert await words(store, shop) == {"Estuche": ("La nuestra.", "person")}
    assert changed.synonyms == ("cartuchera",)


async def test_a_word_that_was_removed_does_not_come_back_but_by_hand(
    store: Store, shop: UUID
) -> None:
    await seeded(store, shop, ESTUCHE)
    await deciding.switch_off(store, shop, "estuche", MONDAY)
    await seeded(store, shop, ESTUCHE)
    assert await words(store, shop) == {}

    await deciding.write(store, shop, ESTUCHE, MONDAY)

    assert await words(store, shop) == {"Estuche": ("Bolsa para lápices.", "person")}
    with pytest.raises(WordRefused, match="has no"):
        await deciding.switch_off(store, shop, "llavero", MONDAY)


async def test_each_shop_has_its_own_words_in_memory_and_they_are_fresh(
    store: Store, shop: UUID
) -> None:
    other = await add_shop(store, "other")
    await deciding.write(store, shop, ESTUCHE, MONDAY)
    dictionary = Dictionary(store, ttl_s=0.0)
    assert (await dictionary.of(shop)).expand(stems("cartucheras")) == ("estuch",)
    assert (await dictionary.of(other)).terms == ()

    await deciding.change(store, shop, "estuche", {"synonyms": ["canopla"]}, MONDAY)
    await dictionary.of(shop)
    reading = dictionary.shelves[shop].reading
    assert reading is not None
    await asyncio.wait([reading])

    assert (await dictionary.of(shop)).expand(stems("canoplas")) == ("estuch",)
    await dictionary.close()


async def chats(store: Store, shop: UUID, *, silent: str = "") -> None:
    turns = []
    for name in ("ana", "luis", "eva"):
        customer = await add_customer(store, shop, name, no_training=name == silent)
        turns.append(
            a_turn(
                shop, name, customer, user_message=f"¿venden cartucheras? dice {name}",
                quality_score=1,
            )
        )  # fmt: skip
    await add_turns(store, turns)


async def test_what_customers_say_becomes_a_suggestion_once(store: Store, shop: UUID) -> None:
    other = await add_shop(store, "other")
    await chats(store, shop)

    assert [one.word for one in await mine_shop(store, shop, KNOWN)] == ["cartucheras"]
    assert await mine_shop(store, other, KNOWN) == []
    await mine_shop(store, shop, KNOWN)

    async with store.reading() as session:
        (one,) = await suggestions_of(session, shop)
        assert await suggestions_of(session, other) == []
    assert (one.count, len(one.messages), one.state) == (3, 3, "open")
    assert one.id == named_suggestion(shop, "CARTUCHERAS")


async def test_who_takes_no_part_in_training_takes_none_in_this(store: Store, shop: UUID) -> None:
    await chats(store, shop, silent="eva")

    assert await mine_shop(store, shop, KNOWN) == []


async def test_a_dismissed_word_is_counted_and_not_shown_again(store: Store, shop: UUID) -> None:
    await chats(store, shop)
    await mine_shop(store, shop, KNOWN)
    which = named_suggestion(shop, "cartucheras")

    assert await deciding.dismiss(store, shop, which, by="Carla") == "cartucheras"
    await mine_shop(store, shop, KNOWN)

    async with store.reading() as session:
        assert await suggestions_of(session, shop) == []
        (one,) = await suggestions_of(session, shop, "dismissed")
    assert one.decided_by == "Carla"
    with pytest.raises(WordRefused, match="dismissed already"):
        await deciding.accept(store, shop, which, {}, by="Carla", at=MONDAY)


async def test_a_mined_word_is_accepted_with_a_meaning_or_as_another_word(
    store: Store, shop: UUID
) -> None:
    await chats(store, shop)
    await mine_shop(store, shop, KNOWN)
    which = named_suggestion(shop, "cartucheras")
    with pytest.raises(WordRefused, match="nobody says what"):
        await deciding.accept(store, shop, which, {}, by="Carla", at=MONDAY)
    with pytest.raises(WordRefused, match="has no «estuche»"):
        await deciding.accept_as(store, shop, which, "estuche", by="Carla", at=MONDAY)

    await deciding.write(store, shop, Term(word="estuche", definition="Bolsa."), MONDAY)
    term = await deciding.accept_as(store, shop, which, "estuche", by="Carla", at=MONDAY)

    assert term.synonyms == ("cartucheras",)
    assert await words(store, shop) == {"estuche": ("Bolsa.", "person")}
    known = known_words(PACK, INDEX, await Dictionary(store).of(shop))
    assert await mine_shop(store, shop, known) == []


async def test_a_proposal_of_a_model_is_only_that_until_it_is_accepted(
    store: Store, shop: UUID
) -> None:
    await deciding.write(store, shop, ESTUCHE, MONDAY)
    which = named_suggestion(shop, "estuche")
    given = {
        "id": which, "word": "Estuche", "folded": "estuche", "definition": "Mejor dicho.",
        "synonyms": ["canopla"], "examples": ["¿hay estuches?"], "proposed_by": "openai test-1",
        "first_seen": MONDAY, "last_seen": MONDAY,
    }  # fmt: skip
    async with store.transaction() as session:
        await propose(session, shop, given)
    assert await words(store, shop) == {"Estuche": ("Bolsa para lápices.", "person")}

    term = await deciding.accept(store, shop, which, {}, by="Carla", at=MONDAY)

    assert (term.synonyms, term.examples) == (("cartuchera", "canopla"), ("¿hay estuches?",))
    assert await words(store, shop) == {"Estuche": ("Mejor dicho.", "ai")}
