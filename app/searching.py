"""`try search`: what a question finds in a shop's documents, as a customer's does."""

from collections.abc import Sequence
from typing import Any

from app.console import emit, result
from app.library import library
from app.trials import lines
from config.settings import Settings
from knowledge.citing import placed
from knowledge.dictionary import Dictionary
from knowledge.search import Search, Searched


async def search(
    settings: Settings, shop: str, questions: Sequence[str], count: int, *, as_json: bool
) -> None:
    """A line of JSON per question; from standard input when there is none."""
    async with library(settings, shop) as at:
        finder, glossary = Search(at.store, at.embedders), await Dictionary(at.store).of(at.shop)
        for question in questions or lines():
            also = glossary.also(question)
            found = await finder.search(at.shop, question, count=count, also=also)
            if as_json or not questions:
                emit({"question": question, **shown(found)})
            else:
                _draw(found)


def shown(found: Searched) -> dict[str, Any]:
    return {
        "in_the_base": bool(found.answering),
        "hits": [
            {
                "document": hit.told.file_name,
                "title": hit.told.title,
                "heading": hit.told.heading,
                "page": hit.told.page,
                "score": round(hit.score, 5),
                "bm25": round(hit.bm25, 3),
                "coverage": round(hit.coverage, 3),
                "cosine": None if hit.cosine is None else round(hit.cosine, 3),
                "answers": hit.answers,
                "text": hit.told.text,
            }
            for hit in found.hits
        ],
        "model": found.model,
        "corrected": {word: list(others) for word, others in found.corrected.items()},
    }


def _draw(found: Searched) -> None:
    if not found.answering:
        result.print("[yellow]not in the base[/]: nothing of what there is answers this")
    for place, hit in enumerate(found.hits, 1):
        near = "" if hit.cosine is None else f" · cosine {hit.cosine:.2f}"
        mark = "[green]●[/]" if hit.answers else "○"
        result.print(f"{mark} {place}. {placed(hit)}  [dim]coverage {hit.coverage:.2f}{near}[/]")
        result.print(f"   {hit.told.text[:240]}", markup=False)
