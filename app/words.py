"""`dictionary add`, `edit` and `remove`: what a person says a word means."""

from dataclasses import dataclass
from typing import Any

from app.console import emit, result
from app.desk import known_shop, opened
from config.settings import Settings
from config.shapes import Term
from knowledge import deciding
from services.clock import now


@dataclass(frozen=True, slots=True)
class Given:
    definition: str | None = None
    synonyms: list[str] | None = None
    examples: list[str] | None = None
    category: str | None = None
    table: str | None = None
    field: str | None = None
    never: list[str] | None = None

    def fields(self) -> dict[str, Any]:
        told = {
            "definition": self.definition,
            "synonyms": None if self.synonyms is None else tuple(self.synonyms),
            "examples": None if self.examples is None else tuple(self.examples),
            "category": self.category,
            "never": None if self.never is None else tuple(self.never),
            "table": self.table,
            "field": self.field,
        }
        return {name: value for name, value in told.items() if value is not None}


async def add(settings: Settings, key: str, word: str, given: Given, *, as_json: bool) -> None:
    term = Term.model_construct(word=word, **_whole(given))
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        term = await deciding.write(desk.store, shop.id, term, now())
    say(term, "added", as_json=as_json)


async def edit(settings: Settings, key: str, word: str, given: Given, *, as_json: bool) -> None:
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        term = await deciding.change(desk.store, shop.id, word, given.fields(), now())
    say(term, "changed", as_json=as_json)


async def remove(settings: Settings, key: str, word: str, *, as_json: bool) -> None:
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        await deciding.switch_off(desk.store, shop.id, word, now())
    if as_json:
        emit({"word": word, "active": False})
        return
    result.print(f"{word} is off", markup=False)


def say(term: Term, done: str, *, as_json: bool) -> None:
    if as_json:
        emit(term.model_dump() | {"done": done})
        return
    others = f" ({', '.join(term.synonyms)})" if term.synonyms else ""
    result.print(f"{done}: {term.word}{others}: {term.definition}", markup=False, soft_wrap=True)


def _whole(given: Given) -> dict[str, Any]:
    blank = {"definition": "", "synonyms": (), "examples": (), "never": (), "category": ""}
    return {"table": None, "field": None} | blank | given.fields()
