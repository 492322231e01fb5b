"""Passwords, hashed so that guessing costs: argon2id, in threads, and never many at once."""

import asyncio
import secrets
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE: Final = 2
"""Each takes 64 MiB and a tenth of a second of a core."""
_HASHER: Final = PasswordHasher()


@dataclass(slots=True)
class Passwords:
    turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def hashed(self, password: str) -> str:
        async with self.turn:
            return await asyncio.to_thread(_HASHER.hash, password)

    async def fit(self, hashed: str | None, password: str) -> bool:
        """Without a hash it takes as long, and is False."""
        async with self.turn:
            return await asyncio.to_thread(_fit, hashed, password)


def is_dated(hashed: str) -> bool:
    """Whether the library now hashes at another cost than when this was made."""
    return _HASHER.check_needs_rehash(hashed)


def _fit(hashed: str | None, password: str) -> bool:
    nobody = _nobody()
    try:
        return _HASHER.verify(hashed or nobody, password) and hashed is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    """The hash of a password that nobody has."""
    return _HASHER.hash(secrets.token_urlsafe(24))
