"""`dictionary list` and `suggestions`: the words of a shop, and those that wait."""

from collections.abc import Sequence
from typing import Any

from rich.markup import escape
from rich.table import Table

from app.console import emit, result
from app.desk import known_shop, opened
from config.settings import Settings
from store.dictionary import DictionarySuggestion, DictionaryTerm, suggestions_of, terms_of

TERM = ("word", "definition", "category", "related_table", "related_field", "synonyms",
        "examples", "never", "active", "origin", "created_at", "updated_at")  # fmt: skip
SUGGESTION = ("id", "word", "count", "messages", "first_seen", "last_seen", "definition",
              "synonyms", "examples", "proposed_by")  # fmt: skip


async def show(settings: Settings, key: str, *, every: bool, as_json: bool) -> None:
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        async with desk.store.reading() as session:
            found = await terms_of(session, shop.id, active=not every)
    if as_json:
        emit(_told(found, TERM))
        return
    if not found:
        result.print('The dictionary is empty. Add: main.py dictionary add WORD "what it means"')
        return
    table = Table("word", "means", "said for it", "from", box=None)
    for one in found:
        word = one.word if one.active else f"{one.word} (off)"
        cells = (word, one.definition, ", ".join(one.synonyms), one.origin)
        table.add_row(*map(escape, cells))
    result.print(table)


async def suggestions(settings: Settings, key: str, *, as_json: bool) -> None:
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        async with desk.store.reading() as session:
            found = await suggestions_of(session, shop.id)
    if as_json:
        emit(_told(found, SUGGESTION))
        return
    if not found:
        result.print("Nothing waits. Look for words in the chats: main.py dictionary mine")
        return
    table = Table("id", "word", "chats", "said", "proposal", box=None)
    for one in found:
        said = " · ".join(one.messages)
        proposal = f"{one.definition or '-'} {', '.join(one.synonyms)}".strip()
        table.add_row(str(one.id)[:8], *map(escape, (one.word, str(one.count), said, proposal)))
    result.print(table)


def _told(
    rows: Sequence[DictionaryTerm] | Sequence[DictionarySuggestion], names: Sequence[str]
) -> list[dict[str, Any]]:
    return [{name: getattr(row, name) for name in names} for row in rows]
