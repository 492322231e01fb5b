"""Where the next page of a list begins: signed, so that nobody makes one up, and bound to the
filters of its list. Pure.

BadCursor   not ours, or of another list
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

SIGNED: Final = 16
"""Bytes of the signature: enough that guessing is hopeless, few enough for an address."""


class BadCursor(ValueError):
    """It opens no page."""


@dataclass(frozen=True, slots=True)
class Cursors:
    secret: bytes

    def write(self, place: Sequence[str], of: str, filters: Mapping[str, Any]) -> str:
        """`place` are the ordering columns of the last row shown; `of` names the list."""
        body = json.dumps(list(place), ensure_ascii=False, separators=(",", ":")).encode()
        return _plain(self._signature(body, of, filters) + body)

    def read(self, cursor: str, of: str, filters: Mapping[str, Any]) -> list[str]:
        """Raises BadCursor."""
        try:
            raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except ValueError as error:
            raise BadCursor(cursor) from error
        signature, body = raw[:SIGNED], raw[SIGNED:]
        if not hmac.compare_digest(signature, self._signature(body, of, filters)):
            raise BadCursor(cursor)
        place: list[str] = json.loads(body)
        return place

    def _signature(self, body: bytes, of: str, filters: Mapping[str, Any]) -> bytes:
        known = json.dumps([of, filters], sort_keys=True, default=str).encode()
        bound = hashlib.sha256(known).digest() + body
        return hmac.new(self.secret, bound, hashlib.sha256).digest()[:SIGNED]


def secret_of(key: str, shop: str) -> bytes:
    """Of one shop alone: a cursor of another one is none here."""
    return hashlib.sha256(f"cursors of {shop} {key}".encode()).digest()


def _plain(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
