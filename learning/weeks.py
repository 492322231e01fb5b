"""ISO weeks as periods: their keys (`2026-W47`), and where they end."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from learning.errors import PeriodInvalid

_KEY: Final = re.compile(r"([0-9]{4})-W([0-9]{2})\Z")
WEEK: Final = timedelta(days=7)


def week_of(moment: datetime) -> str:
    year, week, _ = moment.astimezone(UTC).isocalendar()
    return f"{year:04}-W{week:02}"


def end_of(period: str) -> datetime:
    """The Monday after, at midnight UTC."""
    found = _KEY.match(period)
    if found is not None:
        try:
            monday = datetime.fromisocalendar(int(found[1]), int(found[2]), 1)
        except ValueError:
            found = None
    if found is None:
        raise PeriodInvalid(
            f"There is no week {period[:40]!r}", "a week is written like 2026-W47", "Correct it"
        )
    return monday.replace(tzinfo=UTC) + WEEK
