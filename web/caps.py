"""What models may cost a day, as somebody in charge chose it: pages and the API do it by this."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, TypeAlias
from uuid import UUID

from config.manners import BudgetSettings
from store import choices
from store.audit import record
from store.choices import MICROS
from store.session import ReadSession, WriteSession
from web.hands import Hand

Whose: TypeAlias = Literal["shop", "customer"]
WHOSE: Final[tuple[Whose, ...]] = ("shop", "customer")
LARGEST: Final = 100_000 * MICROS
_USD: Final = re.compile(r"[0-9]{1,6}([.,][0-9]{1,6})?")


class BadCap(ValueError):
    """Nobody may set that: `whose` says which, `most` up to what, in millionths of a dollar."""

    def __init__(self, whose: Whose, most: int) -> None:
        super().__init__(whose)
        self.whose, self.most = whose, most


@dataclass(frozen=True, slots=True)
class Cap:
    """Millionths of a dollar, 0 being none. What was chosen goes before the `usual` of the
    configuration, whose `most` goes before both; None was not chosen."""

    own: int | None
    usual: int
    most: int
    holds: int

    @property
    def text(self) -> str:
        """As it stands in a field to be changed: what is saved again is the same."""
        return "" if self.own is None else written(self.own)


async def caps(session: ReadSession, shop: UUID, settings: BudgetSettings) -> dict[Whose, Cap]:
    found = await choices.of_shop(session, shop)
    chosen = (found.shop_cap, found.customer_cap) if found is not None else (None, None)
    usual = (settings.shop_usd, settings.customer_usd)
    most = (settings.shop_most_usd, settings.customer_most_usd)
    held = settings.holding(*(None if one is None else one / MICROS for one in chosen))
    holds = (held.shop_usd, held.customer_usd)
    return {
        whose: Cap(chosen[place], *(_micros(each[place]) for each in (usual, most, holds)))
        for place, whose in enumerate(WHOSE)
    }


async def bound(
    session: WriteSession,
    wanted: Mapping[Whose, int | None],
    settings: BudgetSettings,
    by: Hand,
) -> None:
    """From the next call on; None leaves one to the configuration. Raises BadCap, and changes
    nothing then."""
    shop = by.who.shop
    await choices.hold(session, shop)
    known = await caps(session, shop, settings)
    for whose, cap in wanted.items():
        most = known[whose].most or LARGEST
        if cap is not None and (cap > most or (cap == 0 and known[whose].most)):
            raise BadCap(whose, most)
    before = _told({whose: known[whose].own for whose in wanted})
    after = _told(wanted)
    chosen = {f"{whose}_cap": cap for whose, cap in wanted.items()}
    await choices.choose(session, shop, {**chosen, "by": by.who.name, "at": by.at})
    session.expire_all()
    if after == before:
        return
    what, actor = f"shop:{shop}", by.actor
    await record(session, shop, actor, "settings.limits", what, before=before, after=after)


def typed(whose: Whose, text: str) -> int | None:
    """As people write it, with a comma or a point; nothing is None. Raises BadCap."""
    if not text.strip():
        return None
    if not _USD.fullmatch(text.strip()):
        raise BadCap(whose, LARGEST)
    return int(Decimal(text.strip().replace(",", ".")) * MICROS)


def written(micros: int) -> str:
    """In dollars, to the last digit."""
    return f"{Decimal(micros) / MICROS:f}"


def _told(wanted: Mapping[Whose, int | None]) -> dict[str, object]:
    return {
        f"{whose}_cap": "archivo" if cap is None else written(cap) for whose, cap in wanted.items()
    }


def _micros(usd: float) -> int:
    return round(usd * MICROS)
