"""Trainings are prepared, asked for, approved, cancelled and tried again by people; rating an
answer never begins one."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeAlias
from uuid import UUID

from config.training import TrainingSettings
from events.happened import caused_by, named
from learning.dataset import Built, Steps, build_dataset
from learning.formats import canonical
from learning.readiness import find, fresh, ready
from learning.refusals import JobUnknown, NothingToLearn, OverBudget, TrainingRefused
from learning.splits import SPLITS
from learning.trainers.base import Method
from learning.trainers.prices import estimated, price_of
from learning.validating import For
from services.clock import Clock, now
from store import trainings
from store.session import Store, WriteSession
from store.trainings import ENDED, OPEN, Prepared
from store.versions import TrainingJob

AUTOMATIC: Final = "automatic"
PROVIDERS: Final[Mapping[tuple[str, Method], For]] = {
    ("openai", "supervised"): "openai",
    ("openai", "dpo"): "openai-dpo",
    ("local", "supervised"): "ollama",
    ("local", "dpo"): "openai-dpo",
}
"""By whose rules a dataset is looked at before it is trained on; others have rules of their own."""
PREFIX: Final[Mapping[Method, str]] = {"supervised": "", "dpo": "dpo-"}
AWAITED: Final = "waits for approval"


@dataclass(frozen=True, slots=True)
class Wanted:
    """`by` is who asks; `approved` is False where a person has to say yes first."""

    trainer: str
    base_model: str
    by: str
    dataset: UUID | None = None
    method: Method = "supervised"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    approved: bool = True


Begun: TypeAlias = Callable[[WriteSession, TrainingJob], Awaitable[None]]
"""Within the transaction in which a training begins."""


async def _nobody_is_told(_session: WriteSession, _job: TrainingJob) -> None:
    """The row is all there is."""


@dataclass(frozen=True, slots=True)
class Office:
    """Where trainings are asked for; `begun` is told of each that is new."""

    store: Store
    settings: TrainingSettings
    clock: Clock = now
    begun: Begun = _nobody_is_told

    async def prepare(self, shop: UUID, out: Path, steps: Steps, **curation: Any) -> Built:  # noqa: ANN401  CurationSettings
        """A dataset of all that was learned up to now. Raises NothingToLearn, or a DatasetError."""
        async with self.store.reading() as session:
            if not await trainings.teachable(session, shop):
                raise NothingToLearn(
                    "There is nothing to learn from yet",
                    "no answer has a score or stars of 4 or more, or is a person's own",
                    "Rate some answers, or let customers chat first",
                )
        built = await build_dataset(self.store, shop, out=out, steps=steps, **curation)
        if not built.rows:
            hint = "Look at [curation] in the settings, or wait for more answers"
            raise NothingToLearn("There is nothing to learn from yet", built.explanation, hint)
        return built

    async def begin(self, shop: UUID, wanted: Wanted) -> tuple[TrainingJob, bool]:
        """The training, and whether it is new: asked for again, it is the one there was."""
        async with self.store.reading() as session:
            dataset = await trainings.prepared(session, shop, wanted.dataset)
        if dataset is None or not dataset.rows:
            raise TrainingRefused(
                "There is no prepared dataset",
                "it does not exist, or nothing is in it",
                "main.py train prepare",
            )
        await self._fit(shop, dataset, wanted)
        price = price_of(self.settings, wanted.base_model)
        micros = await asyncio.to_thread(_estimate, wanted, dataset, price)
        row = self._row(shop, wanted, dataset, micros)
        async with self.store.transaction() as session:
            await trainings.in_turn(session, shop)
            known = await trainings.job(session, shop, row["id"])
            if known is not None:
                return known, False
            await self._affordable(session, shop, row["estimate_micros"])
            await trainings.begin(session, row)
            job = _there(await trainings.job(session, shop, row["id"]))
            await self.begun(session, job)
            return job, True

    async def _fit(self, shop: UUID, dataset: Prepared, wanted: Wanted) -> None:
        """Raises a DatasetError: what changed, what its customers took back, what is refused."""
        provider = PROVIDERS.get((wanted.trainer, wanted.method))
        if provider is None:
            fresh(await find(self.store, shop, str(dataset.id)))
        else:
            await ready(self.store, shop, str(dataset.id), provider)

    async def approve(self, shop: UUID, job: TrainingJob, by: str) -> TrainingJob:
        async with self.store.transaction() as session:
            await trainings.in_turn(session, shop)
            if job.approved_by is not None:
                return job
            await self._affordable(session, shop, job.estimate_micros, set_aside=True)
            if not await trainings.change(session, shop, job.id, approved_by=by, stage=""):
                raise _ended(job, "cannot be approved any more")
            return _there(await trainings.job(session, shop, job.id))

    async def cancel(self, shop: UUID, job: TrainingJob) -> TrainingJob:
        """What nobody has begun is cancelled at once; else whoever follows it does so."""
        ended = {"state": "cancelled", "stage": "cancelled", "finished_at": self.clock()}
        async with self.store.transaction() as session:
            values = ended if job.approved_by is None else {}
            if not await trainings.change(session, shop, job.id, cancel_asked=True, **values):
                raise _ended(job, "cannot be cancelled any more")
            return _there(await trainings.job(session, shop, job.id))

    async def retry(self, shop: UUID, job: TrainingJob, by: str) -> tuple[TrainingJob, bool]:
        """Another training of the same order; tried again twice, there is still one more only."""
        if job.state not in {"failed", "cancelled"}:
            hint = "main.py train follow" if job.state in OPEN else "main.py train start"
            raise TrainingRefused(f"{name_of(job)} is {job.state}", "only what failed is", hint)
        row = {
            column: getattr(job, column)
            for column in ("dataset_id", "trainer", "method", "base_model", "training_file",
                           "parameters", "conversations", "estimate_micros")
        }  # fmt: skip
        row |= {"shop_id": shop, "id": caused_by(job.id, "retry"), "retry_of": job.id}
        row |= {"requested_by": by, "approved_by": by, "created_at": self.clock()}
        async with self.store.transaction() as session:
            await trainings.in_turn(session, shop)
            if await trainings.job(session, shop, row["id"]) is None:
                await self._affordable(session, shop, row["estimate_micros"])
            new = await trainings.begin(session, row)
            return _there(await trainings.job(session, shop, row["id"])), new

    async def find(self, shop: UUID, which: str) -> TrainingJob:
        """By the beginning of its id; `last` is the newest. Raises JobUnknown."""
        async with self.store.reading() as session:
            found = await trainings.found(session, shop, "" if which == "last" else which)
        if not found or (len(found) > 1 and which != "last"):
            why = "no id begins so" if not found else f"{len(found)} ids begin so"
            raise JobUnknown(f"There is no training {which!r}", why, "main.py train list")
        return found[0]

    def _row(self, shop: UUID, wanted: Wanted, dataset: Prepared, micros: int) -> dict[str, Any]:
        parameters = dict(wanted.parameters)
        given = (wanted.trainer, wanted.base_model, wanted.method, canonical(parameters))
        return {
            "shop_id": shop,
            "id": named("training", str(shop), str(dataset.id), *given),
            "dataset_id": dataset.id,
            "trainer": wanted.trainer,
            "method": wanted.method,
            "base_model": wanted.base_model,
            "training_file": str(files_of(dataset, wanted.method)["train"]),
            "parameters": parameters,
            "conversations": dataset.rows,
            "estimate_micros": micros,
            "requested_by": wanted.by,
            "approved_by": wanted.by if wanted.approved else None,
            "stage": "" if wanted.approved else AWAITED,
            "created_at": self.clock(),
        }

    async def _affordable(
        self, session: WriteSession, shop: UUID, micros: int, *, set_aside: bool = False
    ) -> None:
        """Every training of the month counts: by its cost, or by what it may still cost."""
        spent = await trainings.spent(session, shop, month_of(self.clock()))
        spent -= micros if set_aside else 0
        limit = round(self.settings.month_usd * 1_000_000)
        if micros and micros + spent > limit:
            raise OverBudget(
                f"A training for about {dollars(micros)} is more than the month has left",
                f"{dollars(spent)} of {dollars(limit)} are spent, or set aside for what goes on",
                "Raise [training] month_usd, or train with --trainer examples",
            )


def month_of(moment: datetime) -> datetime:
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def dollars(micros: int) -> str:
    return f"${micros / 1_000_000:.2f}"


def name_of(job: TrainingJob) -> str:
    return f"Training {job.id.hex[:8]}"


def files_of(dataset: Prepared, method: Method) -> dict[str, Path]:
    """Those that a trainer may read: the rows for the test stay out of it."""
    names = {split: f"{PREFIX[method]}{split}.jsonl" for split in SPLITS if split != "test"}
    return {split: Path(dataset.path) / name for split, name in names.items()}


def _estimate(wanted: Wanted, dataset: Prepared, price: float) -> int:
    """Line by line: a dataset may be larger than the memory."""
    path = files_of(dataset, wanted.method)["train"]
    try:
        with path.open(encoding="utf-8") as lines:
            return estimated(wanted.trainer, lines, wanted.parameters, price)
    except OSError as error:
        why, hint = error.strerror or str(error), "main.py train prepare, anew"
        raise TrainingRefused(f"{path} cannot be read", why, hint) from error


def _ended(job: TrainingJob, what: str) -> TrainingRefused:
    hint = "main.py train retry" if job.state in ENDED else "main.py train show"
    return TrainingRefused(f"{name_of(job)} {what}", "it has ended", hint)


def _there(job: TrainingJob | None) -> TrainingJob:
    if job is None:
        raise JobUnknown("The training is gone", "somebody deleted its row", "main.py train list")
    return job
