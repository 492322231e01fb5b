"""An event as the fields of a stream entry, and back.

EnvelopeError
├── Corrupt   it cannot be read by anyone: park it
└── TooNew    written by a newer release: leave it for a process that knows it
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from events.vocabulary import Happened, kinds

HEADER = (
    "id", "shop", "account", "conversation", "request_id", "turn", "at", "received_at",
)  # fmt: skip
KIND, VERSION, DATA = "kind", "v", "data"
TYPES = kinds()


class EnvelopeError(Exception):
    """An entry is not an event that this process can read."""


class Corrupt(EnvelopeError):
    """Nobody can read it."""


class TooNew(EnvelopeError):
    """A newer release can."""


def encode(event: Happened) -> list[str | bytes]:
    """Names and values in turn, as XADD takes them; the kind's value always comes second."""
    parts = msgspec.to_builtins(event)
    fields: list[str | bytes] = [KIND, type(event).__name__, VERSION, str(event.v)]
    for name in HEADER:
        value = parts.pop(name, None)
        if value is not None:
            fields += (name, value)
    fields += (DATA, msgspec.json.encode(parts))
    return fields


def fields(flat: Sequence[bytes]) -> dict[str, bytes]:
    """An entry's flat reply as a mapping; never raises, so that even rubbish can be parked."""
    names = (name.decode("utf-8", "replace") for name in flat[::2])
    return dict(zip(names, flat[1::2], strict=False))


def decode(entry: Mapping[str, bytes]) -> Happened:
    kind = entry.get(KIND, b"").decode("utf-8", "replace")
    known = TYPES.get(kind) or kinds().get(kind)
    try:
        version = int(entry.get(VERSION, b"1"))
        if known is None or version > known.v:
            raise TooNew(f"{kind} v{version}")
        whole: dict[str, Any] = msgspec.json.decode(entry.get(DATA, b"{}"))
        whole.update({name: entry[name].decode() for name in HEADER if name in entry})
        return msgspec.convert(whole, known)
    except (ValueError, msgspec.MsgspecError, AttributeError) as error:
        raise Corrupt(f"{kind}: {error}") from error
