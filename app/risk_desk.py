"""`risk` over a lender's own tables: models learned, loans and instalments asked about, drift."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from rich.progress import Progress, TaskID

from app.console import FAILED, USAGE, emit, refuse, result, somebody, talk
from app.desk import Desk, known_shop, opened
from app.ingesting import COLUMNS
from app.risk_views import draw_drift, draw_model, draw_prediction, drift_told, model_told
from config.settings import Settings
from prediction.drifting import drift as moved
from prediction.foretelling import Chosen, Foretelling
from prediction.learning import Asked, keep, learn
from prediction.model import Kind, decoded
from prediction.training import STEPS
from services.clock import now
from store import risk_models, risks
from store.app import Shop
from store.audit import record
from store.predicting import Of
from store.session import Store, WriteSession
from web.risks import above, loan_numbered

NO_LOANS: Final = "main.py lending import FOLDER, or main.py risk sample to try it"


OF: Final[dict[str, Of]] = {"loans": "loan", "instalments": "instalment"}


def known_of(name: str) -> Of:
    if name in OF:
        return OF[name]
    return refuse(f"nothing is called {name}", "it is loans or instalments", code=USAGE)


@dataclass(frozen=True, slots=True)
class At:
    desk: Desk
    shop: Shop

    @property
    def store(self) -> Store:
        return self.desk.store

    @property
    def today(self) -> date:
        zone = ZoneInfo(self.desk.settings.hours.timezone)
        return now().astimezone(zone).date()

    async def note(
        self, session: WriteSession, action: str, what: str, told: Mapping[str, Any]
    ) -> None:
        """In the audit, in the transaction of what was done."""
        who = f"terminal:{somebody()}"
        await record(session, self.shop.id, who, action, what, after=told)

    async def chosen(self, of: Of) -> Chosen:
        """The model in use. Refuses where none is."""
        found = await Foretelling(self.store, self.shop.id).chosen(of)
        if found is None:
            why = f"{self.shop.key} has learned nothing about {of}s yet"
            hint = f"main.py risk train --of {of}s"
            refuse(f"no model of {of}s is in use", why, hint, code=FAILED)
        return found


@asynccontextmanager
async def at_desk(settings: Settings, key: str) -> AsyncIterator[At]:
    """Refuses a shop that lends nothing."""
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        async with desk.store.tenant(shop.id) as session:
            lends = await risk_models.has_loans(session, shop.id)
        if not lends:
            refuse(f"{shop.key} has no loans", "there is nothing to learn from", NO_LOANS)
        yield At(desk, shop)


async def train(
    settings: Settings, key: str, of: Of, kind: Kind | None, *, activate: bool, as_json: bool
) -> None:
    """Used at once where it is better out of time than the one in use, or by `activate`."""
    async with at_desk(settings, key) as at:
        with Progress(*COLUMNS, console=talk, transient=True) as bar:
            task = bar.add_task("learning", total=STEPS)
            asked = Asked(
                of, at.today, now(), somebody(), activate=True if activate else None, kind=kind,
                tell=lambda done, _: bar.update(task, completed=done),
            )  # fmt: skip
            learned = await learn(at.store, at.shop.id, asked)
        async with at.store.tenant(at.shop.id) as session:
            row = await keep(session, at.shop.id, asked, learned)
            done = {"kind": of, "version": row.version}
            await at.note(session, "risk.train", f"model:{row.id}", done)
        told = model_told(row, decoded(learned.record))
    emit(told) if as_json else draw_model(told)


async def predict(settings: Settings, key: str, loan: str, *, as_json: bool) -> None:
    """All of what is open, by what is known until now; or one loan and nothing else."""
    async with at_desk(settings, key) as at:
        if loan:
            await _one(at, loan, as_json=as_json)
            return
        asks, counted = Foretelling(at.store, at.shop.id), dict[str, int]()
        found = [await asks.chosen(of) for of in OF.values()]
        chosen = [one for one in found if one is not None] or [await at.chosen("loan")]
        async with at.store.tenant(at.shop.id) as session:
            told = {"day": at.today.isoformat()}
            await at.note(session, "risk.predict", f"shop:{at.shop.id}", told)
        with Progress(*COLUMNS, console=talk, transient=True) as bar:
            for one in chosen:
                task = bar.add_task(f"{one.of}s", total=None)
                counted[one.of] = await _all(at, asks, one, bar, task)
    if as_json:
        emit({"day": at.today, "written": counted})
        return
    written = ", ".join(f"{count} {of}s" for of, count in counted.items())
    result.print(f"asked about: {written}", markup=False)


async def _all(at: At, asks: Foretelling, chosen: Chosen, bar: Progress, task: TaskID) -> int:
    async def kept(_session: WriteSession, _client: UUID, count: int) -> None:
        bar.advance(task, count)

    count = await asks.all(chosen, at.today, now(), kept)
    async with at.store.transaction() as session:
        await asks.finish(session, chosen.of, at.today)
    return count


async def _one(at: At, number: str, *, as_json: bool) -> None:
    async with at.store.tenant(at.shop.id) as session:
        loan = await loan_numbered(session, at.shop.id, number)
    if loan is None:
        refuse(f"there is no loan {number!r}", f"none of {at.shop.key} has it", code=FAILED)
    await at.chosen("loan")
    made = await Foretelling(at.store, at.shop.id).loan(loan, at.today, now())
    async with at.store.tenant(at.shop.id) as session:
        row = await risks.prediction(session, at.shop.id, made) if made else None
        if row is None:
            why = "it is paid, given up, 90 days late already, or its client objects"
            refuse(f"nothing can be foretold of loan {number}", why, code=FAILED)
        told = {"prediction": row["id"]}
        await at.note(session, "risk.seen", f"client:{row['client_id']}", told)
    draw_prediction(row, as_json=as_json)


async def report(
    settings: Settings, key: str, of: Of, version: int | None, *, as_json: bool
) -> None:
    """A model, how good it is, and how many are above the threshold today."""
    async with at_desk(settings, key) as at:
        async with at.store.tenant(at.shop.id) as session:
            row = await risk_models.called(session, at.shop.id, of, version)
            count = await above(session, at.shop.id, of, settings.risk.threshold)
        if row is None:
            await at.chosen(of)
            refuse(f"there is no version {version}", hint="main.py risk report", code=FAILED)
        told = model_told(row, decoded(row.record))
    told |= {"threshold": settings.risk.threshold, "above": count}
    emit(told) if as_json else draw_model(told)


async def drift(settings: Settings, key: str, of: Of, *, as_json: bool) -> None:
    """Measured now, and kept as today's."""
    async with at_desk(settings, key) as at:
        chosen = await at.chosen(of)
        found = await moved(at.store, at.shop.id, chosen, at.today)
        if found:
            async with at.store.transaction() as session:
                await risk_models.note_drift(session, at.shop.id, chosen.id, at.today, found)
        told = {"kind": of, "version": chosen.version, "day": at.today, **drift_told(found)}
    emit(told) if as_json else draw_drift(told)
