"""A page of what was foretold, by the index of its order or of a filter."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    RowMapping,
    Select,
    Uuid,
    any_,
    cast,
    false,
    func,
    select,
    text,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession

from store.lending import Client, Instalment, Loan
from store.predicting import Of, RiskPrediction
from store.risks import LEFT, PAGE, told

Order: TypeAlias = Literal["probability", "left"]
FEW: Final = 2_000
"""So many are sorted within a few hundredths of a second."""
TARGET: Final[dict[Of, type[Loan | Instalment]]] = {"loan": Loan, "instalment": Instalment}
IN_ORDER: Final = text(
    "SELECT set_config('enable_sort', 'off', true),"
    " set_config('max_parallel_workers_per_gather', '0', true)"
)
"""Under row-level security the planner takes a hundred thousand rows for one, and would sort them
all for a page; each order has its index. So few rows are read that help comes too late."""
SORTED: Final = text("SET LOCAL enable_sort = on")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which predictions a list shows: with at `least` that probability and `below` another, with
    `left` or more to pay, of clients whose name has words that begin like each of `names`, folded.
    `after` is where the page before it ended: the `place` and the `tie` of its last row. Of loans
    there are no dates."""

    of: Of
    least: float = 0.0
    below: float | None = None
    left: int = 0
    due_from: date | None = None
    due_until: date | None = None
    client: UUID | None = None
    loan: UUID | None = None
    names: tuple[str, ...] = ()
    by: Order = "probability"
    after: tuple[float, UUID] | None = None
    limit: int = PAGE

    @property
    def all_clients(self) -> bool:
        return not (self.names or self.client or self.loan)


async def listed(session: AsyncSession, shop: UUID, wanted: Wanted) -> list[RowMapping]:
    """Each with its client, loan and instalment, its `place` by the order that was wanted, and the
    `tie` that decides among those at one place."""
    few = await some(session, shop, wanted)
    return list((await session.execute(listing(shop, wanted, few))).mappings())


async def some(session: AsyncSession, shop: UUID, wanted: Wanted) -> ColumnElement[bool] | None:
    """What one of the filters leaves, if that is few: they are found at once and sorted, where the
    index of an order would be walked from end to end in search of them."""
    if not wanted.all_clients:
        return None
    await session.execute(IN_ORDER)
    for column, query in _filters(shop, wanted):
        found = list(await session.scalars(query.limit(FEW + 1)))
        if len(found) <= FEW:
            await session.execute(SORTED)
            return column == any_(cast(found, ARRAY(Uuid))) if found else false()
    return None


def listing(shop: UUID, wanted: Wanted, few: ColumnElement[bool] | None = None) -> Select[Any]:
    """The current ones, the most probable first, or those where most is left to pay: they are
    picked by the index of their order alone, or from a `few`, and joined afterwards."""
    one, target, left = RiskPrediction, TARGET[wanted.of], LEFT[wanted.of]
    by: tuple[Any, Any] = (left, target.id) if wanted.by == "left" else (one.probability, one.id)
    columns = one.id, by[0].label("place"), by[1].label("tie")
    picked = select(*columns).where(*_conditions(shop, wanted))
    if few is not None:
        picked = picked.where(few)
    if wanted.left or wanted.by == "left":
        its = one.loan_id if wanted.of == "loan" else one.instalment_id
        picked = picked.join(target, (target.shop_id == shop) & (target.id == its))
        picked = picked.where(left >= wanted.left)
    if wanted.after is not None:
        picked = picked.where(tuple_(*by) < wanted.after)
    page = picked.order_by(by[0].desc(), by[1].desc()).limit(wanted.limit).subquery()
    query = told(shop).join(page, page.c.id == one.id).add_columns(page.c.place, page.c.tie)
    return query.order_by(page.c.place.desc(), page.c.tie.desc())


def _filters(shop: UUID, wanted: Wanted) -> Iterator[tuple[Any, Select[Any]]]:
    """Those that no index of the order serves: what they are of, and a query by their own index."""
    one, target, left = RiskPrediction, TARGET[wanted.of], LEFT[wanted.of]
    its = one.loan_id if wanted.of == "loan" else one.instalment_id
    mine = one.shop_id == shop, one.current, one.kind == wanted.of
    level, days = _level(wanted), _days(wanted)
    if level and (days or wanted.left or wanted.by == "left"):
        yield one.id, select(one.id).where(*mine, *level)
    if days:
        yield one.id, select(one.id).where(*mine, *days)
    if wanted.left:
        dear = select(target.id, left.label("left")).where(target.shop_id == shop)
        first = dear.order_by(left.desc(), target.id.desc()).limit(FEW + 1).subquery()
        yield its, select(first.c.id).where(first.c.left >= wanted.left)


def _level(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [RiskPrediction.probability >= wanted.least] if wanted.least else []
    if wanted.below is not None:
        found.append(RiskPrediction.probability < wanted.below)
    return found


def _days(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = []
    if wanted.due_from is not None:
        found.append(RiskPrediction.due_on >= wanted.due_from)
    if wanted.due_until is not None:
        found.append(RiskPrediction.due_on <= wanted.due_until)
    return found


def _conditions(shop: UUID, wanted: Wanted) -> list[Any]:
    one = RiskPrediction
    found: list[Any] = [one.shop_id == shop, one.current, one.kind == wanted.of]
    found += [*_level(wanted), *_days(wanted)]
    if wanted.client is not None:
        found.append(one.client_id == wanted.client)
    if wanted.loan is not None:
        found.append(one.loan_id == wanted.loan)
    if wanted.names:
        name = func.concat(" ", Client.folded)
        begins = [name.contains(f" {word}", autoescape=True) for word in wanted.names]
        found.append(one.client_id.in_(select(Client.id).where(Client.shop_id == shop, *begins)))
    return found
