"""The one place that asks what time it is; parts receive a clock, so tests can hold time still."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]


def now() -> datetime:
    return datetime.now(UTC)


def milliseconds(moment: datetime) -> int:
    """Milliseconds since the epoch: the unit of every Redis script."""
    return int(moment.timestamp() * 1000)
