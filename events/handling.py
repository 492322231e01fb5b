"""One delivery, from entry to acknowledgement; the one place that catches every exception."""

import traceback
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import structlog

from events.envelope import Corrupt, TooNew, decode, fields
from events.happened import Happened

log = structlog.get_logger()
T = TypeVar("T")
NEWER_PAUSE_S = 5.0
DIED = "no process has outlived its handling"


@dataclass(frozen=True, slots=True)
class Failed:
    """A handler raised; `reason` is what a person reads beside the dead letter."""

    reason: str


Readable: TypeAlias = Happened | Corrupt | TooNew


@dataclass(frozen=True, slots=True)
class Arrived:
    """An entry as every group gets it."""

    entry: str
    fields: Mapping[bytes, bytes]
    event: Readable


def arrived(entry: bytes, flat: Sequence[bytes] | None) -> Arrived:
    known = fields(flat or ())
    try:
        return Arrived(entry.decode(), known, decode(known))
    except (Corrupt, TooNew) as error:
        return Arrived(entry.decode(), known, error)


@contextmanager
def told(*events: Readable) -> Iterator[None]:
    """Whatever is logged meanwhile says to which request, shop and conversation it belongs; of a
    batch to which requests."""
    known = [event for event in events if isinstance(event, Happened)]
    one = known[0] if len(known) == 1 else None
    if one is not None:
        names = {
            "request_id": str(one.request_id),
            "shop": str(one.shop),
            "conversation": str(one.conversation),
        }
    else:
        names = {"requests": " ".join(dict.fromkeys(str(event.request_id) for event in known))}
    before = structlog.contextvars.bind_contextvars(**names)
    try:
        yield
    finally:
        structlog.contextvars.reset_contextvars(**before)


async def guarded(work: Callable[[], Awaitable[T]], group: str) -> T | Failed:
    """A handler may raise anything; the event then waits for its next delivery, or is parked."""
    try:
        return await work()
    except Exception as error:  # noqa: BLE001  whatever a handler raises must not stop the others
        last = traceback.extract_tb(error.__traceback__)[-1]
        reason = f"{type(error).__name__}: {error} ({last.filename}:{last.lineno})"
        log.warning("event.failed", group=group, reason=reason)
        return Failed(reason[:2000])


def backoff(attempts: int) -> float:
    """Seconds before the next delivery of an event that failed."""
    return float(min(0.1 * 2.0**attempts, 10.0))
