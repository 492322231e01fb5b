"""What an entry of the audit says, without personal data, and the hash that ties it to the last."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeAlias
from uuid import UUID

from text.privacy import Tags, scrub

Plain: TypeAlias = "str | int | bool | list[Plain] | dict[str, Plain] | None"

BEGINNING: Final = b""
HIDDEN: Final = "[***]"
SECRETS: Final = ("password", "secret", "token", "digest", "hash")
LONGEST: Final = 2_000


@dataclass(frozen=True, slots=True)
class Entry:
    """What is hashed of a row, all of it."""

    shop: UUID
    number: int
    at: datetime
    actor: str
    action: str
    object: str
    before: Mapping[str, Plain] | None
    after: Mapping[str, Plain] | None
    ip_hash: str | None
    request_id: str | None


def sealed(previous: bytes, entry: Entry) -> bytes:
    """SHA-256 over the hash before and every field, written in one way only."""
    fields = [
        previous.hex(),
        str(entry.shop),
        entry.number,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor,
        entry.action,
        entry.object,
        entry.before,
        entry.after,
        entry.ip_hash,
        entry.request_id,
    ]
    written = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).digest()


def broken(rows: Iterable[tuple[Entry, bytes, bytes]], previous: bytes | None) -> int | None:
    """The first number whose row was changed, or stands after one that is gone; None when all hold.

    Rows are an entry, the hash it claims to follow and its own; `previous` is None when what was
    before them is not known.
    """
    number: int | None = None
    for entry, before, own in rows:
        follows = previous is None or before == previous
        if number is not None and entry.number != number + 1:
            return number + 1
        if not follows or own != sealed(before, entry):
            return entry.number
        previous, number = own, entry.number
    return None


_SHA256: Final = re.compile("[0-9a-f]{64}")


def masked(values: Mapping[str, object] | None) -> dict[str, Plain] | None:
    """Personal data behind tags, secrets behind asterisks, and nothing that a JSON of Postgres
    would give back in another form."""
    if values is None:
        return None
    tags = Tags()
    return {str(name): _plain(str(name), value, tags) for name, value in values.items()}


def _plain(name: str, value: object, tags: Tags) -> Plain:
    if value is None or isinstance(value, bool | int):
        return value
    if any(secret in name.lower() for secret in SECRETS):
        return HIDDEN
    # One in three hundred looks like somebody's number.
    if isinstance(value, UUID) or (isinstance(value, str) and _SHA256.fullmatch(value)):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(str(key), one, tags) for key, one in value.items()}
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, str | bytes):
        ordered = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [_plain(name, one, tags) for one in ordered]
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return scrub(text.replace("\x00", "")[:LONGEST], tags).text
