"""What every trainer offers, and how it may fail.

TrainerError
├── TrainerUnavailable    out of reach or busy: look again; `retry_after` in seconds
├── TrainerClosed         the provider trains no longer, or not for this account: an end, explained
├── TrainerMisconfigured  a wrong key, a package that is not installed: until that changes
└── OrderRefused          this order can never be trained: too few rows, an unknown base model
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias
from uuid import UUID

Method: TypeAlias = Literal["supervised", "dpo"]
State: TypeAlias = Literal["pending", "running", "paused", "succeeded", "failed", "cancelled"]


class TrainerError(Exception):
    """`what` happened, `why`, and what to do `next`."""

    def __init__(self, what: str, why: str, next: str) -> None:  # noqa: A002  the word for it
        super().__init__(what, why, next)
        self.what, self.why, self.next = what, why, next

    def __str__(self) -> str:
        return f"{self.what}: {self.why}. {self.next}"


class TrainerUnavailable(TrainerError):
    retry_after: float | None = None


class TrainerClosed(TrainerError): ...


class TrainerMisconfigured(TrainerError): ...


class OrderRefused(TrainerError): ...


@dataclass(frozen=True, slots=True)
class Order:
    """What to train. `files` are the splits of a dataset by name (`train`, `validation`); `folder`
    is the trainer's own, and stays between attempts."""

    job: UUID
    shop: UUID
    name: str
    base_model: str
    files: Mapping[str, Path]
    folder: Path
    method: Method = "supervised"
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trained:
    """A model that can be registered: `model` is what `provider` is asked for."""

    provider: str
    model: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """`number` grows by one with each line of a training, from 1."""

    number: int
    at: datetime
    message: str
    metrics: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a training is: `percent` of 0 to 100, `told` only what is new."""

    state: State
    percent: int = 0
    stage: str = ""
    told: tuple[Told, ...] = ()
    trained: Trained | None = None
    error: str | None = None
    cost_micros: int = 0


class Trainer(Protocol):
    """A training outlives the process that started it: anyone may look at it by its id."""

    @property
    def name(self) -> str: ...

    async def start(self, order: Order) -> str:
        """The provider's id. The same order is never trained twice, however often it is started.

        Raises a TrainerError; never anything else, and so do the others.
        """
        ...

    async def look(self, order: Order, id: str, after: int = 0) -> Progress:  # noqa: A002  the provider's
        """`after` is the number of the last line that is known."""
        ...

    async def cancel(self, order: Order, id: str) -> None:  # noqa: A002  the provider's
        """What has ended already stays as it ended."""
        ...

    async def close(self) -> None: ...
