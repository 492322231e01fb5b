"""What a seller may see of the shop's library: pages of its turns, found by index, and one of them.

Every question is asked inside the shop's own transaction, where row-level security binds it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, any_, bindparam, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from store.acceptance import Acceptance
from store.app import Customer
from store.base import SHOP
from store.lessons import Outcome
from store.ml import Dataset, DatasetRow, Score, TrainingData
from store.ratings import Correction
from web.paging import Place, read_cursor, write_cursor
from web.wanted import Standing, Wanted, contains
from web.wording import Clue, clues

WINDOW: Final = 5_000
"""Turns that one page looks through for what no index finds."""
_Row = TrainingData
_IDS: Final = bindparam("ids", type_=ARRAY(Uuid()))
LEFT: Final = select(Customer.id).where(
    Customer.shop_id == SHOP,
    Customer.id == any_(bindparam("people", type_=ARRAY(Uuid()))),
    Customer.no_training,
)
SCORED: Final = (
    select(Score.training_id, Score.evidence)
    .ext(distinct_on(Score.training_id))
    .where(Score.shop_id == SHOP, Score.training_id == any_(_IDS))
    .order_by(Score.training_id, Score.created_at.desc(), Score.version.desc())
)
SOLD: Final = select(Outcome).where(Outcome.shop_id == SHOP, Outcome.training_id == any_(_IDS))
SET_APART: Final = (
    select(DatasetRow.training_id, Dataset.period, Dataset.id)
    .join(Dataset, and_(Dataset.shop_id == DatasetRow.shop_id, Dataset.id == DatasetRow.dataset_id))
    .where(DatasetRow.shop_id == SHOP, DatasetRow.training_id == any_(_IDS))
    .order_by(Dataset.created_at.desc())
    .limit(500)
)
CORRECTED: Final = (
    select(Correction.training_id, Correction.decided_by)
    .where(Correction.shop_id == SHOP, Correction.training_id == any_(_IDS))
    .where(Correction.state == "accepted")
    .order_by(Correction.decided_at)
)
ALLOWED: Final = select(Acceptance.training_id, Acceptance.by).where(
    Acceptance.shop_id == SHOP, Acceptance.training_id == any_(_IDS)
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A turn with everything a seller is told of it. `by` is who decided about it last."""

    row: TrainingData
    standing: Standing
    clues: tuple[Clue, ...] = ()
    outcome: Outcome | None = None
    datasets: tuple[str, ...] = ()
    by: str = ""

    @property
    def answer(self) -> str:
        return self.row.correction or self.row.bot_response

    @property
    def score(self) -> int | None:
        return self.row.stars or self.row.quality_score


@dataclass(frozen=True, slots=True)
class Listed:
    """`next` is the cursor of the following page; `until` how far was looked where the rest of the
    page stayed empty."""

    rows: Sequence[Shown] = ()
    next: str = ""
    until: datetime | None = None


@dataclass(slots=True)
class _Beside:
    left: set[UUID] = field(default_factory=set)
    clues: dict[UUID, tuple[Clue, ...]] = field(default_factory=dict)
    outcomes: dict[UUID, Outcome] = field(default_factory=dict)
    datasets: dict[UUID, tuple[str, ...]] = field(default_factory=dict)
    by: dict[UUID, str] = field(default_factory=dict)


def standing(row: TrainingData, *, left: bool) -> Standing:
    if left:
        return "retirado"
    if row.rejected or row.allowed is False:
        return "excluido"
    return "aceptado" if row.allowed or row.correction else "propuesto"


async def listed(
    session: AsyncSession, shop: UUID, wanted: Wanted, *, before: str = "", count: int = 20
) -> Listed:
    """The newest first. Looks at no more than WINDOW turns."""
    inner = select(_Row).where(*_within(shop, wanted, before))
    inner = inner.order_by(_Row.created_at.desc(), _Row.id.desc())
    if not wanted.looked_for(_Row):
        found = list(await session.scalars(inner.limit(count + 1)))
        return await _page(session, shop, found, count)
    seen = aliased(_Row, inner.limit(WINDOW).subquery())
    query = select(seen).where(*wanted.looked_for(seen))
    query = query.order_by(seen.created_at.desc(), seen.id.desc()).limit(count + 1)
    page = await _page(session, shop, list(await session.scalars(query)), count)
    if page.next:
        return page
    places = select(_Row.created_at, _Row.id).where(*_within(shop, wanted, before))
    places = places.order_by(_Row.created_at.desc(), _Row.id.desc())
    last = (await session.execute(places.offset(WINDOW - 1).limit(1))).first()
    if last is None:
        return page
    return replace(page, next=write_cursor((last[0], last[1])), until=last[0])


def _within(shop: UUID, wanted: Wanted, before: str) -> list[ColumnElement[bool]]:
    found = [_Row.shop_id == shop, *wanted.indexed()]
    if before:
        found.append(tuple_(_Row.created_at, _Row.id) < tuple_(*read_cursor(before)))
    return found


def said(shop: UUID, words: str, *narrowed: ColumnElement[bool]) -> ColumnElement[bool]:
    """Turns in which each of the words was said, among the newest WINDOW of those `narrowed`."""
    newest = select(_Row.id).where(_Row.shop_id == shop, *narrowed)
    newest = newest.order_by(_Row.created_at.desc(), _Row.id.desc()).limit(WINDOW)
    return and_(_Row.id.in_(newest), contains(_Row, words))


async def one(session: AsyncSession, shop: UUID, row: UUID) -> Shown | None:
    found = await session.get(TrainingData, (shop, row))
    return (await shown(session, shop, [found]))[0] if found else None


async def _page(
    session: AsyncSession, shop: UUID, rows: Sequence[TrainingData], count: int
) -> Listed:
    page = rows[:count]
    next_ = write_cursor(_place(page[-1])) if len(rows) > count else ""
    return Listed(await shown(session, shop, page), next_)


def _place(row: TrainingData) -> Place:
    return row.created_at, row.id


async def shown(session: AsyncSession, shop: UUID, rows: Sequence[TrainingData]) -> Sequence[Shown]:
    beside = await _beside(session, shop, rows) if rows else _Beside()
    return [
        Shown(
            row,
            standing(row, left=row.customer_id in beside.left),
            beside.clues.get(row.id, ()),
            beside.outcomes.get(row.id),
            beside.datasets.get(row.id, ()),
            beside.by.get(row.id, ""),
        )
        for row in rows
    ]


async def _beside(session: AsyncSession, shop: UUID, rows: Sequence[TrainingData]) -> _Beside:
    people = list({row.customer_id for row in rows})
    given = {"shop": shop, "ids": [row.id for row in rows], "people": people}
    told = await session.execute(SCORED, given)
    return _Beside(
        left=set(await session.scalars(LEFT, given)),
        clues={row: clues(evidence) for row, evidence in told},
        outcomes={said.training_id: said for said in await session.scalars(SOLD, given)},
        datasets=_datasets((await session.execute(SET_APART, given)).all()),
        by=await _deciders(session, given),
    )


def _datasets(found: Sequence[Any]) -> dict[UUID, tuple[str, ...]]:
    """By the week they were made for, or the beginning of their id."""
    named: defaultdict[UUID, list[str]] = defaultdict(list)
    for row, period, dataset in found:
        named[row].append(period or str(dataset)[:8])
    return {row: tuple(names[:3]) for row, names in named.items()}


async def _deciders(session: AsyncSession, given: Mapping[str, object]) -> dict[UUID, str]:
    found = {row: by or "" for row, by in await session.execute(CORRECTED, given)}
    return found | dict(iter(await session.execute(ALLOWED, given)))
