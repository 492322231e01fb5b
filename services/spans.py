"""How long each piece of work of a request took. Nothing of it waits for anything: what does not
fit into the buffer is dropped, and counted.

Attributes are names, numbers and codes; never what a person wrote, nor the text of an error.
"""

import asyncio
import time
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Final, Literal, Self, TypeAlias
from uuid import UUID, uuid4

from services.clock import Clock, now

Value: TypeAlias = str | int | float | bool
Kind: TypeAlias = Literal["server", "consumer", "internal", "client", "producer"]
CANCELLED: Final = "cancelled"


class Span:
    """One piece of work; as a context manager it ends with the block, and what is raised within
    makes it a failure. Whatever is opened meanwhile is its child."""

    __slots__ = (
        "_began", "_kept", "_token", "attributes", "duration_us", "error", "id", "kind", "name",
        "ok", "parent", "started_at", "trail",
    )  # fmt: skip

    def __init__(self, trail: "Trail", name: str, kind: Kind, parent: UUID | None) -> None:
        self.trail, self.name, self.kind, self.parent = trail, name, kind, parent
        self.id = uuid4()
        self.attributes: dict[str, Value] = {}
        self.ok, self._kept = True, True
        self.error: str | None = None
        self._began = time.perf_counter()
        self.started_at = trail.began_at + timedelta(seconds=self._began - trail.began)
        self.duration_us = 0
        self._token: Token[Span | None] | None = None

    def note(self, **attributes: Value) -> None:
        self.attributes.update(attributes)

    def fail(self, error: str) -> None:
        """`error` is a code: a class's name, never what it says."""
        self.ok, self.error = False, error

    def drop(self) -> None:
        """It turned out to be nothing worth keeping."""
        self._kept = False

    def __enter__(self) -> Self:
        self._token = _CURRENT.set(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._token is not None:
            _CURRENT.reset(self._token)
        self.duration_us = round((time.perf_counter() - self._began) * 1e6)
        if kind is asyncio.CancelledError:
            self.error = CANCELLED
        elif kind is not None and self.ok:
            self.fail(kind.__name__)
        if self._kept:
            self.trail.tracer.put(self)


class _Nothing:
    """Stands where nobody traces."""

    __slots__ = ()
    attributes: Final[dict[str, Value]] = {}

    def note(self, **attributes: Value) -> None:
        """Nobody reads it."""

    def fail(self, error: str) -> None:
        """Nobody reads it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_ended: object) -> None:
        """Nothing began."""


NOTHING: Final = _Nothing()
Noted: TypeAlias = "Span | _Nothing"
_CURRENT: ContextVar[Span | None] = ContextVar("span", default=None)


def spanned(name: str, kind: Kind = "internal") -> Noted:
    """A child of what is being done; nothing where that is not traced."""
    above = _CURRENT.get()
    return NOTHING if above is None else Span(above.trail, name, kind, above.id)


def working() -> Noted:
    """What is being done now."""
    return _CURRENT.get() or NOTHING


@dataclass(frozen=True, slots=True)
class Trail:
    """What the spans of one delivery share; `began` is the process's own clock at `began_at`."""

    tracer: "Tracer"
    shop: UUID
    request: UUID
    conversation: UUID | None
    began_at: datetime
    began: float
    account: str = ""

    def span(self, name: str, kind: Kind) -> Span:
        return Span(self, name, kind, None)

    def waited(self, name: str, kind: Kind, since: datetime) -> None:
        """A span that ends now and began when something else happened."""
        one = Span(self, name, kind, None)
        one.started_at = min(since, self.began_at)
        one.duration_us = round((self.began_at - one.started_at) / timedelta(microseconds=1))
        self.tracer.put(one)


@dataclass(slots=True)
class Tracer:
    """Collects what ends; whoever writes it down takes it from here. At most `limit` wait."""

    limit: int = 20_000
    clock: Clock = now
    dropped: int = 0
    waiting: list[Span] = field(default_factory=list)

    def trail(
        self, shop: UUID, request: UUID, conversation: UUID | None, account: str = ""
    ) -> Trail:
        begun = (self.clock(), time.perf_counter())
        return Trail(self, shop, request, conversation, *begun, account)

    def put(self, span: Span) -> None:
        if len(self.waiting) < self.limit:
            self.waiting.append(span)
        else:
            self.dropped += 1

    def take(self) -> list[Span]:
        taken, self.waiting = self.waiting, []
        return taken
