"""Reads one client's records through checked look-ups, in a transaction that sees no other's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from knowledge.lookups import Fields, Filter, Known, Lookup, checked
from knowledge.standing import (
    LISTED,
    LOANS,
    OPEN,
    PAYMENTS,
    Instalment,
    Left,
    Loan,
    Owed,
    Payment,
    Read,
    Standing,
    of_loan,
)
from store import records
from store.fields import FieldDefinition, definitions
from store.session import ReadSession, Store


@dataclass(frozen=True, slots=True)
class Books:
    store: Store

    async def standing(
        self,
        shop: UUID,
        client: UUID,
        today: date,
        *,
        loan: str | None = None,
        instalment: int | None = None,
    ) -> Standing:
        """Of one loan, or of all; with one instalment more, wherever it stands."""
        async with records.own(self.store, shop, client) as session:
            there = known(await definitions(session, shop))
            of = _Reader(session, shop, client, there)
            ahead = Filter("due_on", "at_least", today)
            open_ = of_loan(OPEN, loan)
            listed = await of.first(open_, LISTED)
            if instalment is not None:
                listed += await of.rows(of_loan(OPEN, loan, Filter("number", "is", instalment)))
            unique = {row["id"]: row for row in listed}
            return Standing(
                today,
                tuple(Loan(**row) for row in await of.rows(of_loan(LOANS, loan))),
                tuple(Instalment(**row) for row in unique.values()),
                tuple(Instalment(**row) for row in await of.first(of_loan(OPEN, loan, ahead), 1)),
                tuple(Payment(**row) for row in await of.first(of_loan(PAYMENTS, loan), 1)),
                tuple(Left(**row) for row in await of.left(open_, today)),
                await of.owed(of_loan(LOANS, loan)),
            )

    async def read(self, shop: UUID, client: UUID, wanted: Sequence[Lookup]) -> Sequence[Read]:
        """Raises a LookupRefused, before any of them is read."""
        async with records.own(self.store, shop, client) as session:
            there = known(await definitions(session, shop))
            of = _Reader(session, shop, client, there)
            lookups = [checked(one, there) for one in wanted]
            return [await of.counted(one) for one in lookups]

    async def fields(self, shop: UUID) -> Fields:
        async with self.store.reading() as session:
            return known(await definitions(session, shop))


@dataclass(frozen=True, slots=True)
class _Reader:
    """One client's records; nothing is read that was not checked."""

    session: ReadSession
    shop: UUID
    client: UUID
    there: Fields

    async def rows(self, one: Lookup) -> list[Mapping[str, Any]]:
        wanted = checked(one, self.there)
        return [dict(row) for row in await records.rows(*self._of, wanted)]

    async def first(self, one: Lookup, count: int) -> list[Mapping[str, Any]]:
        wanted = checked(one, self.there)
        return [dict(row) for row in await records.first_of_each(*self._of, wanted, count)]

    async def left(self, one: Lookup, today: date) -> list[Mapping[str, Any]]:
        wanted = checked(one, self.there)
        return [dict(row) for row in await records.left_of_each(*self._of, wanted, today)]

    async def owed(self, one: Lookup) -> Owed:
        return Owed(**dict(await records.owed(*self._of, checked(one, self.there))))

    async def counted(self, one: Lookup) -> Read:
        rows = await self.rows(one)
        full = len(rows) >= one.limit
        return Read(one, rows, await records.counted(*self._of, one) if full else len(rows))

    @property
    def _of(self) -> tuple[ReadSession, UUID, UUID]:
        return self.session, self.shop, self.client


def known(said: Sequence[FieldDefinition]) -> Fields:
    """What look-ups are checked against."""
    return {(one.table_name, one.field): Known(one.type, tuple(one.allowed)) for one in said}
