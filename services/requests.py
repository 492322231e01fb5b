"""The name of a call: given by whoever calls, or made here; every row, line and span carries it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from secrets import randbits
from typing import Final
from uuid import UUID, uuid5

import structlog

from services.clock import milliseconds

NAMES: Final = UUID("6f1d7a0c-3c53-5d0e-8f0b-0d2a5b7e9c11")
OFFERED: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
_CURRENT: ContextVar[UUID | None] = ContextVar("request", default=None)


def accepted(offered: str | None) -> str | None:
    """What a caller calls its request, if that can be a name."""
    return offered if offered and OFFERED.fullmatch(offered) else None


def made(at: datetime) -> str:
    """A UUID of version 7: neighbours in time are neighbours in an index."""
    stamp = milliseconds(at) & (1 << 48) - 1
    low = (0b10 << 62) | randbits(62)
    return str(UUID(int=(stamp << 80) | (0x7 << 76) | (randbits(12) << 64) | low))


def id_of(name: str) -> UUID:
    """A UUID is itself; any other name has one that derives from it, the same each time."""
    try:
        return UUID(name)
    except ValueError:
        return uuid5(NAMES, name)


def current() -> UUID | None:
    """The call that is being answered; None where nobody called."""
    return _CURRENT.get()


@contextmanager
def during(request: UUID) -> Iterator[None]:
    """Whatever is logged or stored meanwhile belongs to this call."""
    token = _CURRENT.set(request)
    try:
        with structlog.contextvars.bound_contextvars(request_id=str(request)):
            yield
    finally:
        _CURRENT.reset(token)
