"""Asks the model in use about a lender's book, and writes down what it says and why."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeAlias
from uuid import UUID, uuid5

import msgspec
import numpy as np

from prediction import books
from prediction.book import day_of
from prediction.books import Part
from prediction.features import Seen
from prediction.model import Model, decoded, factors, probabilities
from prediction.predictor import Factor
from prediction.table import Feature, Places, Table
from prediction.targets import TARGETS
from prediction.telling import told
from store import books as stored
from store import foretold, risk_models
from store.books import FIRST
from store.foretold import Row, Source
from store.predicting import Of
from store.session import Store, WriteSession

MOST: Final = 5
Kept: TypeAlias = Callable[[WriteSession, UUID, int], Awaitable[None]]
"""In the transaction that wrote some clients' predictions: the last client, and how many."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The model that is in use."""

    id: UUID
    of: Of
    version: int
    model: Model


@dataclass(frozen=True, slots=True)
class Foretelling:
    """Models that were read once are remembered; who keeps one of these learns of another model by
    asking for the active one each time."""

    store: Store
    shop: UUID
    read: dict[UUID, Model] = field(default_factory=dict)

    async def chosen(self, of: Of) -> Chosen | None:
        """None where none is in use. Raises SchemaMismatch."""
        async with self.store.lookup() as connection:
            found = await risk_models.active(connection, self.shop, of)
        if found is None:
            return None
        which, version = found
        if which not in self.read:
            async with self.store.reading() as session:
                row = await risk_models.called(session, self.shop, of, version)
            if row is None:
                return None
            self.read[which] = decoded(row.record)
        return Chosen(which, of, version, self.read[which])

    async def all(
        self, chosen: Chosen, as_of: date, at: datetime, kept: Kept, *, after: UUID = FIRST
    ) -> int:
        """Of all clients from there on; how many predictions were written. While Postgres writes
        some, the next are read and worked out."""
        count, parts = 0, books.parts(self.store, self.shop, after)
        coming = asyncio.create_task(_next(parts, chosen, as_of))
        try:
            while (some := await coming) is not None:
                coming = asyncio.create_task(_next(parts, chosen, as_of))
                last, rows = some
                count += len(rows)
                async with self.store.transaction() as session:
                    connection = await foretold.by_index(session)
                    await foretold.write(connection, self.shop, source_of(chosen, as_of, at), rows)
                    await kept(session, last, len(rows))
        finally:
            coming.cancel()
        return count

    async def finish(self, session: WriteSession, of: Of, as_of: date) -> None:
        """What was not foretold again holds no longer, and of the old days some suffice."""
        await foretold.retire(session, self.shop, of, as_of)
        before = as_of - timedelta(foretold.KEPT_DAYS)
        await foretold.thin(session, self.shop, of, before)

    async def loan(self, loan: UUID, as_of: date, at: datetime) -> UUID | None:
        """The id of its prediction, which is written down; None where nothing can be foretold: no
        model is in use, or it is paid, given up or unknown, or its client objects."""
        return await self._one("loan", loan, as_of, at)

    async def instalment(self, instalment: UUID, as_of: date, at: datetime) -> UUID | None:
        return await self._one("instalment", instalment, as_of, at)

    async def _one(self, of: Of, target: UUID, as_of: date, at: datetime) -> UUID | None:
        chosen = await self.chosen(of)
        if chosen is None:
            return None
        async with self.store.batch() as connection:
            found = await stored.around(connection, self.shop, of, target)
            if found is None:
                return None
            rows = rows_of(chosen, books.part_of(found), as_of, only=target)
            await foretold.write(connection, self.shop, source_of(chosen, as_of, at), rows)
        return rows[0].id if rows else None


async def _next(
    parts: AsyncIterator[Part], chosen: Chosen, as_of: date
) -> tuple[UUID, list[Row]] | None:
    """The last of some clients, and what is foretold of them; None at the end."""
    part = await anext(parts, None)
    if part is None:
        return None
    return part.clients[-1], await asyncio.to_thread(rows_of, chosen, part, as_of)


def source_of(chosen: Chosen, as_of: date, at: datetime) -> Source:
    return Source(chosen.of, chosen.id, chosen.version, as_of, at)


def rows_of(chosen: Chosen, part: Part, as_of: date, only: UUID | None = None) -> list[Row]:
    """Of all that can be asked about, or of one of them."""
    seen = asked(chosen, part, day_of(as_of), only)
    if not len(seen.places):
        return []
    table = Table(seen.columns)
    known = {one.name: one for one in chosen.model.features}
    said = probabilities(chosen.model, table).tolist()
    why = factors(chosen.model, table, MOST)
    day = as_of.isoformat()
    return [
        _row(chosen, part, place, day, (probability, _reasons(reasons, known)))
        for place, probability, reasons in zip(seen.places.tolist(), said, why, strict=True)
    ]


def asked(chosen: Chosen, part: Part, day: int, only: UUID | None = None) -> Seen:
    """Of the loans or instalments that can be asked about; of one of them alone."""
    seen = TARGETS[chosen.of].now(part.book, day)
    ids = part.loans if chosen.of == "loan" else part.instalments
    kept: Places = np.flatnonzero(part.asked[_loans(chosen.of, part, seen.places)])
    if only is not None:
        kept = kept[[ids[place] == only for place in seen.places[kept].tolist()]]
    columns: Mapping[str, Any] = seen.columns
    return replace(
        seen,
        places=seen.places[kept],
        columns={name: one[kept] for name, one in columns.items()},
    )


def _loans(of: Of, part: Part, places: Places) -> Places:
    return places if of == "loan" else part.book.instalments.loan[places]


def _row(chosen: Chosen, part: Part, place: int, day: str, said: tuple[float, str]) -> Row:
    probability, reasons = said
    if chosen.of == "loan":
        loan, instalment, due, target = place, None, None, part.loans[place]
    else:
        loan = int(part.book.instalments.loan[place])
        instalment = target = part.instalments[place]
        due = part.due_on(place)
    return Row(
        uuid5(chosen.id, f"{target}:{day}"),
        part.client_of(loan),
        part.loans[loan],
        instalment,
        due,
        probability,
        reasons,
    )


def _reasons(found: list[Factor], known: Mapping[str, Feature]) -> str:
    said = [
        {
            "feature": one.feature,
            "value": one.value,
            "effect": round(one.effect, 4),
            "words": told(known[one.feature], one),
        }
        for one in found
    ]
    return msgspec.json.encode(said).decode()
