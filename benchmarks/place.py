"""One corner of the servers: what every process of a measurement is told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from config.manners import UNPACED, TurnSettings
from config.providers import ModelSettings
from config.settings import AppSettings, DatabaseSettings, EventSettings, RedisSettings, Settings
from events.partitions import Keys
from events.stream import Stream
from services.wire import Wire, connect

SHOP = "bench"
ACCOUNT = "memory:bench"


@dataclass(frozen=True, slots=True)
class Place:
    database_url: str
    redis_url: str
    prefix: str
    folder: str
    patience: float = 0

    @property
    def answers(self) -> Path:
        """The socket on which the network in memory tells the generator what customers got."""
        return Path(self.folder) / f"{self.prefix}.sock"

    @property
    def keys(self) -> Keys:
        return Keys(self.prefix, self.settings().events.partitions)

    def settings(self) -> Settings:
        """The defaults, whatever this checkout or its environment is configured with."""
        return Settings(
            app=AppSettings(shop=SHOP, var=Path(self.folder)),
            redis=RedisSettings(prefix=self.prefix),
            database=DatabaseSettings(),
            models=ModelSettings(order=("offline",)),
            events=EventSettings(),
            # One customer writes as much as a hundred.
            turns=TurnSettings(patience=self.patience, replies_per_minute=0),
            pace=UNPACED,
        )

    @asynccontextmanager
    async def stream(self) -> AsyncIterator[Stream]:
        """As a process that receives messages has it."""
        events = self.settings().events
        wire = Wire(connect(self.redis_url))
        try:
            yield Stream(wire, self.keys, events.backlog // events.partitions + 1000)
        finally:
            await wire.close()

    def told(self) -> dict[str, Any]:
        return asdict(self)
