"""Public questions, half of them about texts that are not there: those find nothing, mostly."""

from pathlib import Path
from uuid import UUID

from benchmarks.texts import Question, xquad
from knowledge.search import Search
from store.session import Store
from tests.knowledge.shelf import shelf

ARTICLE = 5
"""Paragraphs about one subject stand together."""


async def answered(store: Store, shop: UUID, questions: list[Question]) -> float:
    found = [bool((await Search(store).search(shop, one.text)).answering) for one in questions]
    return sum(found) / len(found)


async def test_what_is_there_is_answered_and_what_is_not_seldom(
    store: Store, shop: UUID, tmp_path: Path, shared_data: Path
) -> None:
    told = xquad(shared_data / "xquad-es" / "xquad.es.json")
    assert told is not None
    paragraphs, questions = told
    there = {place for place in range(len(paragraphs)) if place // ARTICLE % 2 == 0}
    async with shelf(store, shop, tmp_path) as books:
        for place in there:
            await books.put(f"{place}.txt", paragraphs[place])
    asked = questions[::6]
    assert await answered(store, shop, [one for one in asked if one.paragraph in there]) > 0.9
    assert await answered(store, shop, [one for one in asked if one.paragraph not in there]) < 0.3
