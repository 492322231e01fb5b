"""Learns a model from a lender's book and keeps it; the better one out of time is used."""

import asyncio
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from prediction import books, snapshots
from prediction.book import day_of
from prediction.model import Kind, encoded
from prediction.table import Table
from prediction.targets import TARGETS, Target
from prediction.training import Tell, train
from store import books as stored
from store import risk_models
from store.predicting import Of, RiskModel
from store.risk_models import NewModel
from store.session import Store, WriteSession

SEED: Final = 7


@dataclass(frozen=True, slots=True)
class Asked:
    """Who wants a model of what. `activate` None: it is used if its AUC out of time is higher than
    that of the one in use, or none is; `kind` as prediction/training.py has it. It learns from, and
    is measured on, `most` cases."""

    of: Of
    today: date
    at: datetime
    by: str
    activate: bool | None = None
    kind: Kind | None = None
    tell: Tell | None = None
    most: int = snapshots.CASES


async def gather(store: Store, shop: UUID, asked: Asked) -> Table:
    """The cases of the past, of some clients after the other."""
    target, tables, today = TARGETS[asked.of], list[Table](), day_of(asked.today)
    async with store.lookup() as connection:
        clients = max(1, await stored.count(connection, shop))
    async for part in books.parts(store, shop):
        most = -(-asked.most * len(part.clients) // clients)
        tables.append(target.cases(part.book, today, most=most, seed=SEED))
    return snapshots.joined(snapshots.apart(tables))


async def learn(store: Store, shop: UUID, asked: Asked) -> dict[str, Any]:
    """Nothing is kept yet. Raises RiskError; what it gives goes to `keep`."""
    target: Target = TARGETS[asked.of]
    table = await gather(store, shop, asked)
    wanted: dict[str, Any] = {"seed": SEED, "at": asked.at}
    wanted |= {"kind": asked.kind, "tell": asked.tell}
    model = await asyncio.to_thread(train, table, target.features, **wanted)
    return encoded(replace(model, subject=target.subject))


async def keep(
    session: WriteSession, shop: UUID, asked: Asked, record: dict[str, Any]
) -> RiskModel:
    """As the next version, in use or not."""
    before = await risk_models.active_metrics(session, shop, asked.of)
    new = NewModel(asked.of, record, record["metrics"], asked.at, asked.by)
    row = await risk_models.keep(session, shop, new)
    better = before is None or _auc(record["metrics"]) > _auc(before)
    if better if asked.activate is None else asked.activate:
        await risk_models.activate(session, shop, asked.of, row.version)
        await session.refresh(row, ["active"])
    return row


def _auc(metrics: dict[str, Any]) -> float:
    return float(metrics["auc"]["value"])
