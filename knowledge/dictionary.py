"""The shops' dictionaries in memory, and how a word becomes a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from config.shapes import Term
from events.happened import caused_by
from knowledge.glossary import Glossary, build_glossary
from knowledge.shelves import Shelves
from knowledge.wording import key_of, tidied
from store.dictionary import DictionaryTerm, TermRow, terms_of


@dataclass(frozen=True, slots=True)
class Dictionary(Shelves[Term, Glossary]):
    async def read(self, shop: UUID) -> tuple[Term, ...]:
        async with self.store.reading() as session:
            return tuple(map(term_from, await terms_of(session, shop, active=True)))

    def made(self, rows: tuple[Term, ...]) -> Glossary:
        return build_glossary(rows)


def named_term(shop: UUID, word: str) -> UUID:
    return caused_by(shop, f"term:{key_of(word)}")


def named_suggestion(shop: UUID, word: str) -> UUID:
    return caused_by(shop, f"suggestion:{key_of(word)}")


def row_of(shop: UUID, term: Term, origin: str, at: datetime) -> TermRow:
    """Raises WordRefused."""
    tidy = tidied(term)
    return TermRow(
        id=named_term(shop, tidy.word),
        word=tidy.word,
        folded=key_of(tidy.word),
        definition=tidy.definition,
        category=tidy.category,
        related_table=tidy.table,
        related_field=tidy.field,
        synonyms=list(tidy.synonyms),
        examples=list(tidy.examples),
        never=list(tidy.never),
        active=True,
        origin=origin,
        updated_at=at,
    )


def glossary_rows(shop: UUID, terms: Sequence[Term], at: datetime) -> list[TermRow]:
    """A pack's words as the shop's dictionary begins. Raises WordRefused."""
    return [row_of(shop, term, "pack", at) for term in terms]


def term_from(row: DictionaryTerm) -> Term:
    return Term(
        word=row.word,
        definition=row.definition,
        category=row.category,
        table=row.related_table,
        field=row.related_field,
        synonyms=tuple(row.synonyms),
        examples=tuple(row.examples),
        never=tuple(row.never),
    )
