"""An event as the fields of a stream entry, and back.

EnvelopeError
├── Corrupt   it cannot be read by anyone: park it
└── TooNew    written by a newer release: leave it for a process that knows it
"""

from collections.abc import Mapping, Sequence

import msgspec

from events.happened import Happened
from events.vocabulary import kinds

HEADER = (
    "id", "shop", "account", "conversation", "request_id", "turn", "at", "received_at",
)  # fmt: skip
KIND, VERSION, DATA = "kind", "v", "data"
KIND_FIELD, DATA_FIELD = KIND.encode(), DATA.encode()
HEADER_FIELDS = tuple(name.encode() for name in HEADER)
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


def fields(flat: Sequence[bytes]) -> dict[bytes, bytes]:
    """An entry's flat reply as a mapping; never raises, so that even rubbish can be parked."""
    return dict(zip(flat[::2], flat[1::2], strict=False))


def decode(entry: Mapping[bytes, bytes]) -> Happened:
    """One JSON is made of the header and the data, and parsed once."""
    kind = entry.get(KIND_FIELD, b"").decode("utf-8", "replace")
    known = TYPES.get(kind) or kinds().get(kind)
    try:
        version = int(entry.get(b"v", b"1"))
        if not kind:
            raise Corrupt("an entry without a kind")
        if known is None or version > known.v:
            raise TooNew(f"{kind} v{version}")
        header = b",".join([b'"%b":"%b"' % (n, entry[n]) for n in HEADER_FIELDS if n in entry])
        data = entry.get(DATA_FIELD, b"{}")
        whole = b"{" + header + (b"" if data == b"{}" else b",") + data[1:]
        return msgspec.json.decode(whole, type=known)
    except (ValueError, msgspec.MsgspecError) as error:
        raise Corrupt(f"{kind}: {error}") from error
