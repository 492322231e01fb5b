"""How each customer is spoken to, remembered for a minute: a reply reads it with every turn."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from uuid import UUID

import structlog

from knowledge.style import PLAIN, Style
from store.base import StoreUnavailable
from store.session import Store
from store.styles import style_of

log = structlog.get_logger()

TTL_S: Final = 60.0
MOST: Final = 10_000
Key: TypeAlias = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Styles:
    store: Store
    monotonic: Callable[[], float] = time.monotonic
    known: OrderedDict[Key, tuple[float, Style]] = field(default_factory=OrderedDict)

    async def of(self, shop: UUID, customer: UUID) -> Style:
        """Nobody waits for a database that is down to be spoken to."""
        key, now = (shop, customer), self.monotonic()
        kept = self.known.get(key)
        if kept is not None and now - kept[0] < TTL_S:
            return kept[1]
        try:
            async with self.store.lookup() as connection:
                found = await style_of(connection, shop, customer)
        except StoreUnavailable as error:
            log.warning("style.unknown", reason=str(error))
            return kept[1] if kept is not None else PLAIN
        style = Style(*found) if found is not None else PLAIN
        self.known[key] = (now, style)
        self.known.move_to_end(key)
        while len(self.known) > MOST:
            self.known.popitem(last=False)
        return style
