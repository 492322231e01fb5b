"""`nlu uncertain`: what customers said that was hardly understood, ready to be labelled."""

from collections.abc import Sequence
from functools import partial
from typing import Final
from uuid import UUID

from rich.markup import escape
from rich.table import Table

from app.console import emit, result
from app.desk import Desk, known_shop, opened, pack_of
from config.settings import Settings
from events.happened import named
from learning.doubts import Doubt, Heard, doubts
from learning.labels import same
from nlu.parse import parser_of
from store import nlu
from store.app import Shop

NEWEST: Final = 5_000
"""Of a shop's rows, so many are looked at."""


async def show(settings: Settings, key: str, below: float, limit: int, *, as_json: bool) -> None:
    """As JSON one line each, so that a person corrects the intents and hands them to `annotate`."""
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        found = (await _doubts(desk, shop, below))[:limit]
    if as_json:
        for one in found:
            emit(_line(one))
        return
    if not found:
        result.print("Everything was understood, or has a label.")
        return
    table = Table("said", "message", "understood as", "sure", box=None)
    for one in found:
        cells = (str(one.count), escape(one.text), one.intent, f"{one.confidence:.2f}")
        table.add_row(*cells)
    result.print(table)


async def _doubts(desk: Desk, shop: Shop, below: float) -> Sequence[Doubt]:
    async with desk.store.reading() as session:
        rows = await nlu.uncertain(session, shop.id, below, NEWEST)
        heard = [Heard(*row) for row in rows]
        name = partial(_named, shop.id)
        asked = list({name(same(one.text)) for one in heard})
        known = await nlu.annotated(session, shop.id, asked)
    return doubts(heard, parser_of(pack_of(desk, shop)), known, name)


def _named(shop: UUID, text: str) -> UUID:
    """As `annotate` names what is said of a text."""
    return named("annotation", str(shop), text)


def _line(one: Doubt) -> dict[str, object]:
    return {
        "text": one.text,
        "intent": one.intent,
        "gold": False,
        "confidence": one.confidence,
        "training_id": one.training,
        "count": one.count,
    }
