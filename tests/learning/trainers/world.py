"""The local trainer with its surroundings, as the contract of all trainers wants it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from learning.trainers.base import Order, Trainer, TrainerError, TrainerUnavailable
from learning.trainers.journal import Journal
from learning.trainers.local import LocalTrainer
from store.session import Store
from tests.learning.trainers.making import QUICK, TAUGHT, chat, make_base, seen, written

SHORT = QUICK.model_copy(update={"epochs": 2})


@dataclass
class LocalWorld:
    """Trainings of two steps on a model that is made on the spot; all their folders in one."""

    folder: Path
    base: Path
    breakdowns: Mapping[str, Callable[[], AbstractAsyncContextManager[type[TrainerError]]]] = field(
        default_factory=dict
    )

    def opened(self) -> Trainer:
        return LocalTrainer(SHORT)

    async def order(self, name: str = "one") -> Order:
        path = self.folder / f"{name}.jsonl"
        if not path.exists():
            written(path, [chat(*one) for one in TAUGHT.items()])
        job = UUID(int=sum(name.encode()))
        place = self.folder / "trainings" / str(job)
        return Order(job, UUID(int=7), name, str(self.base), {"train": path}, place)

    async def hopeless(self) -> Order:
        path = written(self.folder / "hopeless.jsonl", [])
        place = self.folder / "trainings" / "hopeless"
        return Order(UUID(int=1), UUID(int=7), "hopeless", str(self.base), {"train": path}, place)

    async def made(self) -> int:
        endings = [Journal(one).ending() for one in self._begun()]
        return sum(one is None or one.state != "cancelled" for one in endings)

    async def goes_on(self, id: str) -> None:  # noqa: A002  the port's
        """By itself; how far, is its own business."""

    async def succeeds(self, id: str) -> None:  # noqa: A002  the port's
        place = self.folder / "trainings" / id
        order = Order(UUID(id), UUID(int=7), "", "", {}, place)
        progress, _ = await seen(LocalTrainer(SHORT), order)
        assert progress.state == "succeeded", progress.error

    def _begun(self) -> list[Path]:
        return [path.parent for path in (self.folder / "trainings").glob("*/order.json")]

    @asynccontextmanager
    async def without_its_folder(self) -> AsyncIterator[type[TrainerError]]:
        """As when its disk is not there: a file stands where the folder was."""
        place, aside = self.folder / "trainings", self.folder / "aside"
        place.rename(aside)
        place.touch()
        yield TrainerUnavailable
        place.unlink()
        aside.rename(place)

    async def end(self) -> None:
        for place in self._begun():
            order = Order(UUID(place.name), UUID(int=7), "", "", {}, place)
            with suppress(TrainerError):
                await LocalTrainer(SHORT).cancel(order, "")


@asynccontextmanager
async def local_world(_store: Store, folder: Path) -> AsyncIterator[LocalWorld]:
    """One base model for all tests of a run, beside their folders."""
    shared = folder.parent / "tiny-base"
    if not (shared / "base" / "model.gguf").exists():
        shared.mkdir(exist_ok=True)
        await asyncio.to_thread(make_base, shared)
    world = LocalWorld(folder, shared / "base")
    world.breakdowns = {"no folder": world.without_its_folder}
    yield world
    await world.end()
