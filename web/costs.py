"""What everything cost some days, as the pages and the API tell it, and what bounds a day.

Every question is asked inside the shop's own transaction, where row-level security binds it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from learning.facts import PROVIDERS
from llm.budget import Purse
from store import reckoning, senses, spending
from store.expenses import LEARNING
from store.reckoning import Bucket, Scope
from store.session import ReadSession
from store.spending import Group
from web.caps import caps
from web.figures import Figures
from web.limits import soon
from web.ranges import bucket_of, buckets

SERIES: Final = 6
REST: Final = "rest"


@dataclass(frozen=True, slots=True)
class Costs:
    """`rows` are the dearest first, of `count` in all; `days` are millionths of a dollar of each
    bucket by the `names`, the last of which stands for all others. `spent` is everything by its
    kind, `senses` are its voice notes and pictures by model. `total` is of all hours."""

    group: Group
    bucket: Bucket
    total: Figures
    spent: Mapping[str, Mapping[str, int]]
    rows: Sequence[dict[str, Any]]
    count: int
    names: tuple[str, ...]
    days: tuple[tuple[date, tuple[int, ...]], ...]
    senses: Sequence[dict[str, Any]]

    @property
    def micros(self) -> int:
        """Of everything whose price is known."""
        return self.of(*self.spent)

    def of(self, *kinds: str) -> int:
        return sum(self.spent[kind]["cost_micros"] for kind in kinds if kind in self.spent)

    @property
    def learning(self) -> dict[str, int]:
        return {kind: self.of(kind) for kind in LEARNING if kind in self.spent}

    @property
    def sensed(self) -> dict[str, int | None]:
        """Of each kind; None where there was some, and no price of any is known."""
        return {kind: self._priced(kind) for kind in senses.KINDS}

    def _priced(self, kind: str) -> int | None:
        one = self.spent.get(kind)
        return None if one and one["unpriced"] == one["times"] else self.of(kind)

    @property
    def unpriced(self) -> int:
        return sum(one["unpriced"] for one in self.spent.values())

    @property
    def tokens(self) -> tuple[int, int]:
        """Read and written."""
        every = self.spent.values()
        return sum(one["tokens_in"] for one in every), sum(one["tokens_out"] for one in every)

    @property
    def per_conversation(self) -> float | None:
        return self.micros / self.total.conversations if self.total.conversations else None

    @property
    def per_sale(self) -> float | None:
        return self.micros / self.total.paid_led if self.total.paid_led else None


async def costs(
    session: AsyncSession, scope: Scope, group: Group, bucket: Bucket, limit: int = 50
) -> Costs:
    """Of customers the days are told by provider: they are too many to be drawn. Which hour of the
    week something cost is not known."""
    scope = replace(scope, open=None)
    rows = await spending.costs(session, scope, group, limit)
    cells = await spending.by_day(session, scope, group, bucket)
    names, days = _stacked(cells, buckets(scope, bucket))
    found = await reckoning.sums(session, scope, "month")
    total = Figures.total(Figures.of(row) for row in found)
    count, spent = rows[0]["rows"] if rows else 0, await spending.kinds(session, scope)
    heard = await senses.spent(session, scope)
    return Costs(group, bucket, total, spent, rows, count, names, days, heard)


def _stacked(
    cells: Sequence[dict[str, Any]], days: Sequence[date]
) -> tuple[tuple[str, ...], tuple[tuple[date, tuple[int, ...]], ...]]:
    totals: dict[str, int] = {}
    for cell in cells:
        totals[cell["name"]] = totals.get(cell["name"], 0) + cell["micros"]
    paid = [name for name, micros in totals.items() if micros]
    names = sorted(paid, key=lambda name: (-totals[name], name))
    shown = names if len(names) <= SERIES else names[: SERIES - 1]
    known = {(cell["day"], cell["name"]): cell["micros"] for cell in cells}
    others = [name for name in names if name not in shown]
    told = tuple(shown) + ((REST,) if others else ())
    lines = []
    for day in days:
        values = [known.get((day, name), 0) for name in shown]
        values += [sum(known.get((day, name), 0) for name in others)] if others else []
        lines.append((day, tuple(values)))
    return told, tuple(lines)


async def supposed(
    session: AsyncSession, scope: Scope, price: tuple[float, float]
) -> tuple[int, int]:
    """What hosted answers cost, and what they would have cost at other `price`s: dollars of a
    million tokens read and written. Both in millionths of a dollar."""
    rows = await spending.answers(session, scope)
    hosted = [row for row in rows if row["provider"] in PROVIDERS]
    would = sum(row["tokens_in"] * price[0] + row["tokens_out"] * price[1] for row in hosted)
    return sum(row["cost_micros"] for row in hosted), round(would)


@dataclass(frozen=True, slots=True)
class Spent:
    """A day's money of the shop beside its cap, and how many customers reached theirs. A cap of 0
    is none."""

    micros: int
    cap_micros: int
    customer_cap_micros: int
    customers_beyond: int

    @property
    def part(self) -> float | None:
        return self.micros / self.cap_micros if self.cap_micros else None


async def spent(session: ReadSession, scope: Scope, purse: Purse) -> Spent:
    """Of the last day of the scope, by the shop's clock."""
    shop, today = scope.shop, bucket_of(scope.last, "day")
    known = await caps(session, shop, purse.knobs)
    shop_cap, cap = known["shop"].holds, known["customer"].holds
    micros = await spent_today(session, replace(scope, first=today, last=today), purse)
    beyond = await spending.beyond(session, shop, today, cap) if cap else 0
    return Spent(micros, shop_cap, cap, beyond)


async def spent_today(session: ReadSession, scope: Scope, purse: Purse) -> int:
    """What stops the bot is what its purse says, calls under way among it; where nothing is
    bounded, what was counted."""
    if any(cap.holds for cap in (await caps(session, scope.shop, purse.knobs)).values()):
        return await soon(purse.spent(str(scope.shop)))
    return await spending.total(session, replace(scope, channel=None))
