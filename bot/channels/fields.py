"""Looks into a network's JSON and never raises, whatever is there."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from text.folding import clean

RAW_LIMIT = 64_000
TEXT_LIMIT = 4000
BACKLOG = timedelta(minutes=10)
"""A message older than this was waited for by nobody any more."""
ID_LIMIT = 256
_LARGEST = 2**63
_LAST_SECOND = 253_402_300_799
_ESCAPE = re.compile(r"\\(?:u0000|.)", re.DOTALL)
_PART = re.compile(r"\d{1,4}")
_SURROGATE = re.compile("[\ud800-\udfff]")


def table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def entries(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def whole(value: object) -> int | None:
    """What networks mean by an integer; nothing beyond 64 bits is one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if -_LARGEST <= value < _LARGEST else None


def words(value: object, limit: int = ID_LIMIT) -> str | None:
    return (clean(value, limit).strip() or None) if isinstance(value, str) else None


def cleaned(value: object) -> tuple[str, frozenset[str]]:
    """The text without what hides in it, and whether it had to be clipped."""
    if not isinstance(value, str):
        return "", frozenset()
    text = clean(value, len(value))
    if len(text) <= TEXT_LIMIT:
        return text, frozenset()
    return clean(text, TEXT_LIMIT), frozenset({"clipped"})


def geo(north: object, east: object) -> str | None:
    """The address of a place, as `Media.ref` holds it."""
    if whole(north) is None or whole(east) is None:
        return None
    return f"geo:{float(cast('float', north)):.6f},{float(cast('float', east)):.6f}"


def name_of(value: object) -> str | None:
    """An id as text: some networks use integers, but nobody must depend on it."""
    number = whole(value)
    return words(value) if number is None else str(number)


def moment(value: object, otherwise: datetime) -> datetime:
    """The platform's time, unless it is absurd: then the time we heard of it."""
    seconds = whole(value)
    if seconds is None or not 0 < seconds < _LAST_SECOND:
        return otherwise
    at = datetime.fromtimestamp(seconds, UTC)
    return otherwise if at > otherwise + timedelta(days=1) else at


def part_in(key: str | None) -> tuple[UUID | None, int | None]:
    """The key we sent along, as `Part` has it; other programs of the shop send their own."""
    reply, _, part = (key or "").rpartition(":")
    try:
        return (UUID(reply), int(part)) if _PART.fullmatch(part) else (None, None)
    except ValueError:
        return None, None


def dumped(value: object) -> str | None:
    """JSON that every database takes (no NUL, no lone surrogate); None when it cannot be JSON."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError):
        return None
    if "\\u0000" in text:
        text = _ESCAPE.sub(lambda found: "\\ufffd" if found[0] == "\\u0000" else found[0], text)
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def kept(text: str | None) -> str | None:
    """The raw payload, when it is small enough to travel with its event."""
    return text if text is not None and len(text.encode()) <= RAW_LIMIT else None
