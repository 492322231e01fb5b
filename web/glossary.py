"""What a seller sees of the shop's words: pages of them, looked through as people spell."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.dictionary import DictionaryTerm
from text.folding import fold

SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """`following` is where the next page begins, empty on the last one."""

    terms: Sequence[DictionaryTerm]
    following: str


async def listed(session: AsyncSession, shop: UUID, search: str, after: str) -> Listed:
    """By the word; no more are read than a page needs."""
    query = select(DictionaryTerm).where(DictionaryTerm.shop_id == shop)
    query = query.where(DictionaryTerm.folded > after) if after else query
    rows = await session.stream_scalars(query.order_by(DictionaryTerm.folded))
    found: list[DictionaryTerm] = []
    async for one in rows:
        if fits(one, search):
            found.append(one)
        if len(found) > SHOWN:
            break
    await rows.close()
    return Listed(found[:SHOWN], found[SHOWN - 1].folded if len(found) > SHOWN else "")


def fits(one: DictionaryTerm, search: str) -> bool:
    """Every word of the search, accents or not, is in the word, its meaning or its synonyms."""
    said = fold(" ".join((one.word, one.definition, *one.synonyms)))
    return all(word in said for word in fold(search).split())
