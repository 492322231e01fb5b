"""Learns a model from a lender's book and keeps it; the better one out of time is used."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import numpy as np

from prediction import books, snapshots
from prediction.book import day_of
from prediction.errors import ColumnMissing, SchemaMismatch
from prediction.foretelling import Foretelling
from prediction.measuring import auc_of
from prediction.model import Kind, Model, encoded, probabilities
from prediction.splits import split_of
from prediction.table import Table
from prediction.targets import TARGETS, Target
from prediction.training import Tell, train
from store import books as stored
from store import risk_models
from store.predicting import Of, RiskModel
from store.risk_models import NewModel
from store.session import Store, WriteSession

SEED: Final = 7
CHANCE: Final = 0.5
"""The area under the curve of a coin."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who wants a model of what. `activate` None: it is used if it is proven, and on the months it
    was measured on its AUC is higher than that of the one in use, or none is; `kind` as
    prediction/training.py has it. It learns from, and is measured on, `most` cases."""

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


@dataclass(frozen=True, slots=True)
class Learned:
    """A model as data. `beside` is what the one in use reaches on the cases it was measured on;
    None where none is, or none that can be asked."""

    record: dict[str, Any]
    beside: float | None = None


async def learn(store: Store, shop: UUID, asked: Asked) -> Learned:
    """Nothing is kept yet. Raises RiskError; what it gives goes to `keep`."""
    target: Target = TARGETS[asked.of]
    table = await gather(store, shop, asked)
    wanted: dict[str, Any] = {"seed": SEED, "at": asked.at}
    wanted |= {"kind": asked.kind, "tell": asked.tell}
    model = await asyncio.to_thread(train, table, target.features, **wanted)
    record = encoded(replace(model, subject=target.subject))
    return Learned(record, await _beside(store, shop, asked.of, table))


async def keep(session: WriteSession, shop: UUID, asked: Asked, learned: Learned) -> RiskModel:
    """As the next version, in use or not."""
    metrics = learned.record["metrics"]
    new = NewModel(asked.of, learned.record, metrics, asked.at, asked.by)
    row = await risk_models.keep(session, shop, new)
    better = learned.beside is None or metrics["auc"]["value"] > learned.beside
    if proven(metrics) and better if asked.activate is None else asked.activate:
        await risk_models.activate(session, shop, asked.of, row.version)
        await session.refresh(row, ["active"])
    return row


def proven(metrics: Mapping[str, Any]) -> bool:
    """Whether it ranks better than chance, as far as so many cases can tell."""
    return float(metrics["auc"]["low"]) > CHANCE


async def _beside(store: Store, shop: UUID, of: Of, table: Table) -> float | None:
    try:
        chosen = await Foretelling(store, shop).chosen(of)
        if chosen is None:
            return None
        return await asyncio.to_thread(_measured, chosen.model, table)
    except (SchemaMismatch, ColumnMissing):
        return None


def _measured(model: Model, table: Table) -> float | None:
    """On what a model that is learned from the table is measured on."""
    if table.target is None:
        return None
    held = split_of(table, table.target, SEED).held
    return auc_of(probabilities(model, table.rows(held)), table.target[held].astype(np.float64))
