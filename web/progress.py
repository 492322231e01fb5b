"""How long something that goes on will still take. Pure."""

from datetime import datetime, timedelta
from typing import Final

EARLY: Final = 3
"""Percent before which nothing can be said."""


def remaining(percent: int, started: datetime | None, now: datetime) -> timedelta | None:
    """As fast as until now; None where nobody can tell."""
    if started is None or not EARLY <= percent < 100:  # noqa: PLR2004  percent
        return None
    return (now - started) * (100 - percent) / percent


def minutes(left: timedelta) -> int:
    """At least one: nobody believes in none."""
    return max(1, round(left.total_seconds() / 60))
