"""Reads one client's records through checked look-ups, in a transaction that sees no other's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from knowledge.lookups import Fields, Known, Lookup, checked
from knowledge.standing import LOANS, OPEN, PAYMENTS, Standing, standing
from store.fields import FieldDefinition, definitions
from store.records import own, rows
from store.session import ReadSession, Store

Read: TypeAlias = Sequence[tuple[Lookup, Sequence[Mapping[str, Any]]]]


@dataclass(frozen=True, slots=True)
class Books:
    store: Store

    async def standing(self, shop: UUID, client: UUID, today: date) -> Standing:
        read = await self.read(shop, client, (LOANS, OPEN, PAYMENTS))
        return standing(today, *(found for _, found in read))

    async def read(self, shop: UUID, client: UUID, wanted: Sequence[Lookup]) -> Read:
        """Raises a LookupRefused, before any of them is read."""
        async with own(self.store, shop, client) as session:
            there = known(await definitions(session, shop))
            lookups = [checked(one, there) for one in wanted]
            return [(one, await self._rows(session, shop, client, one)) for one in lookups]

    async def fields(self, shop: UUID) -> Fields:
        async with self.store.reading() as session:
            return known(await definitions(session, shop))

    async def _rows(
        self, session: ReadSession, shop: UUID, client: UUID, one: Lookup
    ) -> Sequence[Mapping[str, Any]]:
        return [dict(row) for row in await rows(session, shop, client, one)]


def known(said: Sequence[FieldDefinition]) -> Fields:
    """What look-ups are checked against."""
    return {(one.table_name, one.field): Known(one.type, tuple(one.allowed)) for one in said}
