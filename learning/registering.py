"""A model enters the registry by hand: one of a provider's, or a checkpoint of a training; and
leaves it before it answered anybody."""

import re
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from config.settings import Settings
from events.happened import named
from learning.answerable import missing
from learning.refusals import TrainingRefused
from services.clock import Clock, now
from store import registry, trainings
from store.session import Store, WriteSession
from store.versions import ModelVersion, TrainingJob
from text.guessing import meant

PROVIDERS: Final = ("groq", "openai", "ollama")
NAME: Final = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")
LIST: Final = "main.py models list"


class ModelRefused(TrainingRefused):
    """Nothing was registered."""


class NameUnfit(ModelRefused): ...


class NameTaken(ModelRefused): ...


class ModelKnown(ModelRefused): ...


class ModelUnserved(ModelRefused): ...


class CheckpointUnknown(ModelRefused): ...


class ModelInUse(TrainingRefused):
    """Only a candidate can be retired by hand; what answers is taken back by its rollout."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A provider's model; or `checkpoint`, by its step, of what came of `training`."""

    name: str
    provider: str = ""
    model: str = ""
    training: TrainingJob | None = None
    checkpoint: int | None = None
    notes: str = ""


async def register(
    store: Store, settings: Settings, shop: UUID, offered: Offered, clock: Clock = now
) -> ModelVersion:
    """A candidate: it answers nobody before it is evaluated and rolled out. Raises ModelRefused."""
    what = f"{offered.name} is not registered"
    if NAME.fullmatch(offered.name) is None:
        raise NameUnfit(what, "a name is up to 80 letters, digits, . _ and -", "Name it otherwise")
    if offered.checkpoint is None:
        source = await _served(settings, offered)
    else:
        source = await _checkpoint(store, shop, offered)
    row = ModelVersion(
        shop_id=shop, id=named("version", str(shop), offered.name), name=offered.name,
        notes=offered.notes, created_at=clock(), state="candidate", **source,
    )  # fmt: skip
    async with store.transaction() as session:
        await registry.alone(session, shop)
        await _new(session, row)
        session.add(row)
    return row


async def retire(store: Store, shop: UUID, version: UUID, reason: str) -> ModelVersion:
    """A candidate that nobody wants to try: no rollout of it is proposed any more. Raises
    ModelInUse."""
    async with store.transaction() as session:
        await registry.alone(session, shop)
        row = await session.get_one(ModelVersion, (shop, version), with_for_update=True)
        if row.state != "candidate":
            why = f"it is {row.state}; only a candidate is retired by hand"
            raise ModelInUse(f"{row.name} is not retired", why, "main.py rollout status")
        row.state = "retired"
        row.notes = "\n".join(filter(None, (row.notes, reason)))
    return row


async def _served(settings: Settings, offered: Offered) -> dict[str, Any]:
    what = f"{offered.name} is not registered"
    if offered.provider not in PROVIDERS or not offered.model.strip():
        why = meant(offered.provider, PROVIDERS) if offered.provider not in PROVIDERS else ""
        why = why or "it needs a provider and the model's name there"
        raise ModelUnserved(what, why, f"--provider {', '.join(PROVIDERS)}; --model MODEL")
    if why := await missing(settings, offered.provider, offered.model.strip()):
        raise ModelUnserved(what, why, "Look at the provider's section of the settings")
    model = offered.model.strip()
    return {"provider": offered.provider, "model": model, "base_model": model, "parameters": {}}


async def _checkpoint(store: Store, shop: UUID, offered: Offered) -> dict[str, Any]:
    """With all that its training's last model rests on: the dataset, and whom it has to forget."""
    last, job = None, offered.training
    if job is not None:
        async with store.reading() as session:
            last = await trainings.version_of(session, shop, job.id)
    kept = last.parameters.get("checkpoints", ()) if last is not None else ()
    one = next((one for one in kept if one["step"] == offered.checkpoint), None)
    if last is None or one is None:
        steps = ", ".join(str(each["step"]) for each in kept) or "none"
        why = f"there is no checkpoint {offered.checkpoint}; its steps are {steps}"
        raise CheckpointUnknown(f"{offered.name} is not registered", why, "main.py models show")
    return {
        "provider": last.provider, "model": one["model"], "base_model": last.base_model,
        "parameters": {"checkpoint": one["step"], "metrics": one.get("metrics", {})},
        "job_id": last.job_id, "dataset_id": last.dataset_id,
        "expires_at": last.expires_at, "retrain_by": last.retrain_by,
    }  # fmt: skip


async def _new(session: WriteSession, row: ModelVersion) -> None:
    """Raises NameTaken, ModelKnown."""
    what = f"{row.name} is not registered"
    if await registry.version_called(session, row.shop_id, row.name) is not None:
        raise NameTaken(what, "another version has that name", LIST)
    same = await registry.same_model(session, row.shop_id, row.provider, row.model)
    if same is not None:
        raise ModelKnown(what, f"{same.name} is that very model", LIST)
