"""A shop with something to learn from, and trainings of it."""

from pathlib import Path
from typing import Any
from uuid import UUID

from config.settings import CurationSettings
from config.training import TrainingSettings
from learning.dataset import Built, Steps
from learning.following import Follower
from learning.ordering import Office, Wanted
from learning.trainers.base import Trainer
from learning.trainers.openai import Patience
from learning.trainers.openai import open_trainer as open_openai
from services.clock import Clock, now
from store import trainings
from store.session import Store
from store.versions import ModelVersion, TrainingJob
from tests.builders import add_history
from tests.servers.finetuning import FineTuningServer

CURATION = CurationSettings(per_customer=1.0, settle_h=0)
BRISK = Patience(0.01, 0.1)


async def prepared(store: Store, shop: UUID, folder: Path, rows: int = 14) -> Built:
    await add_history(store, shop, rows)
    return await office(store).prepare(shop, folder / "datasets", Steps(), settings=CURATION)


def office(store: Store, clock: Clock = now, **knobs: Any) -> Office:  # noqa: ANN401  settings
    return Office(store, TrainingSettings(**knobs), clock)


def wanted(trainer: str = "openai", base: str = "gpt-base", **more: Any) -> Wanted:  # noqa: ANN401  its fields
    return Wanted(trainer, base, "ana", **more)


def follower(store: Store, server: FineTuningServer, folder: Path) -> Follower:
    def opened(_name: str, _base: str) -> Trainer:
        return open_openai("sk-test", server.url, 3.0, BRISK)

    return Follower(store, opened, folder / "trainings", poll_s=0.1)


async def job_of(store: Store, shop: UUID, id: UUID) -> TrainingJob:  # noqa: A002  the row's
    async with store.reading() as session:
        found = await trainings.job(session, shop, id)
    assert found is not None
    return found


async def versions(store: Store, shop: UUID) -> list[ModelVersion]:
    async with store.reading() as session:
        return await trainings.versions(session, shop)
