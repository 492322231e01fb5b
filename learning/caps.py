"""What a shop may spend on models a day, asked before each call: what was chosen holds at once."""

from dataclasses import dataclass, field
from uuid import UUID

import structlog

from config.manners import BudgetSettings
from store import choices
from store.base import StoreUnavailable
from store.session import Store

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Caps:
    """One row by its key, beside a call that takes a second."""

    store: Store
    settings: BudgetSettings
    known: dict[str, BudgetSettings] = field(default_factory=dict)

    async def of(self, shop: str) -> BudgetSettings:
        """What was known last, while the database is down."""
        try:
            async with self.store.lookup() as connection:
                self.known[shop] = await choices.budget(connection, UUID(shop), self.settings)
        except StoreUnavailable as error:
            log.warning("caps.unknown", shop=shop, reason=str(error))
        return self.known.get(shop) or self.settings.holding()
