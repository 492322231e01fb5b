"""What trainers train for the contract: each with its surroundings, real but for the far end."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol, TypeAlias
from uuid import UUID

import openai
from sqlalchemy import func, select

from config.settings import CurationSettings
from config.training import TrainingSettings
from learning.dataset import build_dataset
from learning.ordering import Office, Wanted, files_of
from learning.trainers.base import (
    Order,
    Trainer,
    TrainerClosed,
    TrainerError,
    TrainerMisconfigured,
    TrainerUnavailable,
)
from learning.trainers.examples import ExamplesTrainer
from learning.trainers.openai import OpenAITrainer, Patience
from store import trainings
from store.exemplars import Exemplar
from store.session import Store, open_store
from tests.builders import add_history
from tests.fixtures.store import add_shop
from tests.learning.trainers.world import local_world
from tests.servers.finetuning import ENDED, FineTuningServer, finetuning_server
from tests.servers.models import Turned, garbage, refuses

Breakdown: TypeAlias = Callable[[], AbstractAsyncContextManager[type[TrainerError]]]
"""While it lasts, everything fails with that error."""


class World(Protocol):
    """A trainer with what it needs. `breakdowns` are the ways in which it can be out of order."""

    breakdowns: Mapping[str, Breakdown]

    def opened(self) -> Trainer:
        """Anew, as after a restart."""
        ...

    async def order(self, name: str = "one") -> Order:
        """The same one for the same name."""
        ...

    async def hopeless(self) -> Order:
        """One that can never be trained."""
        ...

    async def made(self) -> int:
        """How many trainings there are that were not cancelled."""
        ...

    async def goes_on(self, id: str) -> None:  # noqa: A002  the provider's
        """A bit further, but not to its end, where it takes any time."""
        ...

    async def succeeds(self, id: str) -> None:  # noqa: A002  the provider's
        """To its end."""
        ...


def lines(count: int) -> str:
    said = [
        {"role": "system", "content": "Eres la tienda."},
        {"role": "user", "content": "hola, ¿tienen mochilas?"},
        {"role": "assistant", "content": "¡Sí! Tenemos varias."},
    ]
    return "".join(json.dumps({"messages": said}) + "\n" for _ in range(count))


def an_order(folder: Path, name: str, rows: int = 20, base: str = "gpt-base") -> Order:
    """Files of their own; the id derives from the name."""
    job = UUID(int=sum(name.encode()))
    files = {split: folder / f"{name}-{split}.jsonl" for split in ("train", "validation")}
    folder.mkdir(parents=True, exist_ok=True)
    files["train"].write_text(lines(rows))
    files["validation"].write_text(lines(2))
    return Order(job, UUID(int=7), name, base, files, folder / name)


@dataclass
class OpenAIWorld:
    folder: Path
    server: FineTuningServer
    breakdowns: Mapping[str, Breakdown] = field(default_factory=dict)

    def opened(self) -> Trainer:
        # A busy machine may take its time to connect; only silence is to be given up soon.
        client = openai.AsyncOpenAI(
            api_key="sk-test", base_url=self.server.url, timeout=SILENCE, max_retries=0
        )
        return OpenAITrainer(client, 3.0, Patience(0.01, 0.1))

    async def order(self, name: str = "one") -> Order:
        return an_order(self.folder, name)

    async def hopeless(self) -> Order:
        return an_order(self.folder, "short", rows=3)

    async def made(self) -> int:
        return sum(job["status"] != "cancelled" for job in self.server.jobs.values())

    async def goes_on(self, id: str) -> None:  # noqa: A002  the provider's
        done = len(self.server.events[id]) * 10
        self.server.steps(id, done, done + 10)

    async def succeeds(self, id: str) -> None:  # noqa: A002  the provider's
        if self.server.jobs[id]["status"] not in ENDED:
            self.server.succeeds(id)


SILENCE: Final = openai.Timeout(20.0, read=2.0)
ROUTES: Final = ("upload", "files", "file", "create", "jobs", "job", "events", "turn")


def _openai_breaks(server: FineTuningServer, turned: Turned, kind: type[TrainerError]) -> Breakdown:
    @asynccontextmanager
    async def broken() -> AsyncIterator[type[TrainerError]]:
        for route in ROUTES:
            server.will(route, *[turned] * 5)
        yield kind
        server.faults.clear()

    return broken


@asynccontextmanager
async def openai_world(_store: Store, folder: Path) -> AsyncIterator[World]:
    async with finetuning_server() as server:
        world = OpenAIWorld(folder, server)
        gone = "Fine-tuning is no longer available to your organization"
        faults: dict[str, tuple[Turned, type[TrainerError]]] = {
            "busy": (refuses(429, headers={"retry-after": "7"}), TrainerUnavailable),
            "broken": (refuses(500), TrainerUnavailable),
            "silent": (Turned(hang_s=6.0), TrainerUnavailable),
            "unreadable": (garbage(status=502), TrainerUnavailable),
            "wrong key": (refuses(401, "invalid_api_key"), TrainerMisconfigured),
            "closed": (refuses(403, "unavailable", message=gone), TrainerClosed),
            "closed, as not found": (refuses(404, message=gone), TrainerClosed),
        }
        world.breakdowns = {name: _openai_breaks(server, *fault) for name, fault in faults.items()}
        yield world


@dataclass
class ExamplesWorld:
    store: Store
    folder: Path
    shop: UUID
    breakdowns: Mapping[str, Breakdown] = field(default_factory=dict)
    broken: Store | None = None

    def opened(self) -> Trainer:
        return ExamplesTrainer(self.broken or self.store, most=8)

    async def order(self, name: str = "one") -> Order:
        return await self._order(name, f"groq:{name}")

    async def hopeless(self) -> Order:
        return await self._order("nobody reads it", "model without a provider")

    async def made(self) -> int:
        query = select(func.count(Exemplar.job_id.distinct()))
        async with self.store.reading() as session:
            return await session.scalar(query) or 0

    async def goes_on(self, id: str) -> None:  # noqa: A002  the provider's
        """It is done in a moment."""

    async def succeeds(self, id: str) -> None:  # noqa: A002  the provider's
        """It has."""

    async def _order(self, name: str, base: str) -> Order:
        wanted = Wanted("examples", base, "ana")
        job, _ = await Office(self.store, TrainingSettings()).begin(self.shop, wanted)
        async with self.store.reading() as session:
            dataset = await trainings.prepared(session, self.shop)
        assert dataset is not None
        files = files_of(dataset, "supervised")
        return Order(job.id, self.shop, name, base, files, self.folder / str(job.id))


@asynccontextmanager
async def examples_world(store: Store, folder: Path) -> AsyncIterator[World]:
    shop = await add_shop(store, "taught")
    await add_history(store, shop, 14)
    settings = CurationSettings(per_customer=1.0, settle_h=0)
    await build_dataset(store, shop, out=folder / "datasets", settings=settings)
    world = ExamplesWorld(store, folder, shop)

    @asynccontextmanager
    async def without_postgres() -> AsyncIterator[type[TrainerError]]:
        world.broken = open_store("postgresql://nobody@127.0.0.1:1/nothing", role="pipeline")
        yield TrainerUnavailable
        await world.broken.close()
        world.broken = None

    world.breakdowns = {"no database": without_postgres}
    yield world


TRAINERS: Final[Mapping[str, Callable[[Store, Path], AbstractAsyncContextManager[World]]]] = {
    "examples": examples_world,
    "local": local_world,
    "openai": openai_world,
}
"""Every trainer there is, by its name."""
