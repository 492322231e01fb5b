"""Cursors of lists that grow at their beginning: the place of the last row that was shown. Pure."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

Place: TypeAlias = tuple[datetime, UUID]


class BadCursor(ValueError):
    """Not one of our cursors."""


def write_cursor(place: Place) -> str:
    words = f"{place[0].isoformat()}|{place[1]}"
    return urlsafe_b64encode(words.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> Place:
    """Raises BadCursor."""
    try:
        words = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        at, row = words.split("|")
        place = datetime.fromisoformat(at), UUID(row)
    except ValueError as error:
        raise BadCursor(cursor) from error
    if place[0].tzinfo is None:
        raise BadCursor(cursor)
    return place
