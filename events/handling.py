"""One delivery, from entry to acknowledgement; the one place that catches every exception."""

import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import structlog

from events.envelope import Corrupt, TooNew, decode
from events.happened import Happened
from events.stream import Delivery

log = structlog.get_logger()
T = TypeVar("T")
NEWER_PAUSE_S = 5.0
DIED = "no process has outlived its handling"


@dataclass(frozen=True, slots=True)
class Failed:
    """A handler raised; `reason` is what a person reads beside the dead letter."""

    reason: str


Readable: TypeAlias = Happened | Corrupt | TooNew


def read(delivery: Delivery) -> Readable:
    try:
        return decode(delivery.fields)
    except (Corrupt, TooNew) as error:
        return error


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
