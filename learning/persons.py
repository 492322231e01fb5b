"""Who a customer is by now: two names of one person get one version."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from uuid import UUID

import structlog

from store.base import StoreError
from store.session import Store

log = structlog.get_logger()

TTL_S: Final = 5.0
MOST: Final = 10_000
Key: TypeAlias = tuple[UUID, UUID]

_KEPT: Final = "SELECT coalesce(merged_into, id) FROM app.customer WHERE shop_id = $1 AND id = $2"


@dataclass(frozen=True, slots=True)
class Persons:
    store: Store
    monotonic: Callable[[], float] = field(default=time.monotonic, kw_only=True)
    known: OrderedDict[Key, tuple[float, UUID]] = field(default_factory=OrderedDict)

    async def of(self, shop: UUID, customer: UUID) -> UUID:
        """As last known, or as the network names them, where Postgres cannot tell now."""
        key, now = (shop, customer), self.monotonic()
        kept = self.known.get(key)
        if kept is not None and now - kept[0] < TTL_S:
            return kept[1]
        try:
            async with self.store.lookup() as connection:
                found = await connection.fetchval(_KEPT, shop, customer)
        except StoreError as error:
            log.warning("person.unknown", reason=str(error))
            return kept[1] if kept is not None else customer
        self.known[key] = (now, found or customer)
        self.known.move_to_end(key)
        while len(self.known) > MOST:
            self.known.popitem(last=False)
        return found or customer
