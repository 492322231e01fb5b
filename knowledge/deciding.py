"""A person's word on the words of a shop: written, switched off, accepted, dismissed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from config.shapes import Term
from knowledge.dictionary import row_of, term_from
from knowledge.wording import WordRefused, key_of, tidied
from store.dictionary import (
    DictionarySuggestion,
    DictionaryTerm,
    save_term,
    suggestion_of,
    term_of,
)
from store.session import Store, WriteSession

_AGAIN: Final = "main.py dictionary suggestions"


async def write(store: Store, shop: UUID, term: Term, at: datetime) -> Term:
    """Raises WordRefused."""
    async with store.transaction() as session:
        return await _save(session, shop, term, "person", at)


async def change(
    store: Store, shop: UUID, word: str, given: Mapping[str, Any], at: datetime
) -> Term:
    """Only what is given. Raises WordRefused."""
    async with store.transaction() as session:
        before = await _term(session, shop, word)
        after = Term.model_construct(**{**term_from(before).model_dump(), **given})
        return await _save(session, shop, after, "person", at)


async def switch_off(store: Store, shop: UUID, word: str, at: datetime) -> None:
    """Raises WordRefused."""
    async with store.transaction() as session:
        row = await _term(session, shop, word)
        row.active, row.origin, row.updated_at = False, "person", at


async def accept(
    store: Store, shop: UUID, which: UUID, given: Mapping[str, Any], *, by: str, at: datetime
) -> Term:
    """`given` may hold a definition of the person's own. Raises WordRefused."""
    async with store.transaction() as session:
        one = await _open(session, shop, which)
        before = await term_of(session, shop, one.folded, lock=True)
        after = _together(one, before, given)
        origin = "ai" if one.proposed_by and not given else "mined"
        one.state, one.decided_by = "accepted", by
        return await _save(session, shop, after, origin, at)


async def accept_as(
    store: Store, shop: UUID, which: UUID, word: str, *, by: str, at: datetime
) -> Term:
    """A suggestion that is only another word for one there is. Raises WordRefused."""
    async with store.transaction() as session:
        one = await _open(session, shop, which)
        before = term_from(await _term(session, shop, word))
        after = before.model_copy(update={"synonyms": (*before.synonyms, one.word)})
        one.state, one.decided_by = "accepted", by
        return await _save(session, shop, after, "person", at)


async def dismiss(store: Store, shop: UUID, which: UUID, *, by: str) -> str:
    """The word. Raises WordRefused."""
    async with store.transaction() as session:
        one = await _open(session, shop, which)
        one.state, one.decided_by = "dismissed", by
        return one.word


async def _save(session: WriteSession, shop: UUID, term: Term, origin: str, at: datetime) -> Term:
    tidy = tidied(term)
    await save_term(session, shop, row_of(shop, tidy, origin, at))
    return tidy


def _together(
    one: DictionarySuggestion, before: DictionaryTerm | None, given: Mapping[str, Any]
) -> Term:
    """What is there, made better; what somebody wrote down stays, as far as it is not replaced."""
    known = term_from(before) if before else None
    definition = given.get("definition") or one.definition or (known and known.definition)
    if not definition:
        raise WordRefused(
            f"nobody says what «{one.word}» means: give --definition, --same-as a word of the"
            " dictionary, or ask a model by main.py dictionary improve"
        )
    base = known or Term(word=one.word, definition=definition)
    return base.model_copy(
        update={
            "definition": definition,
            "synonyms": (*base.synonyms, *one.synonyms),
            "examples": tuple(dict.fromkeys((*base.examples, *one.examples))),
        }
    )


async def _term(session: WriteSession, shop: UUID, word: str) -> DictionaryTerm:
    found = await term_of(session, shop, key_of(word), lock=True)
    if found is None:
        raise WordRefused(f"the dictionary has no «{word}»")
    return found


async def _open(session: WriteSession, shop: UUID, which: UUID) -> DictionarySuggestion:
    found = await suggestion_of(session, shop, which, lock=True)
    if found is None or found.state != "open":
        state = "there is no such suggestion" if found is None else f"it is {found.state} already"
        raise WordRefused(f"{state}: {_AGAIN}")
    return found
