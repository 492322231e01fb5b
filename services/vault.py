"""Secrets at rest: sealed with a key that does not lie where they lie.

VaultError
├── KeyRefused  the key is too short to guard anything, or its file is open to others
└── NotOpened   these secrets were sealed with a key that we do not have
"""

import base64
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LEAST_KEY: Final = 32
FERNET, GCM = b"aprendiz channel secrets 1", b"aprendiz channel secrets 2"
"""A key of its own for each of the two forms."""
VERSION: Final = b"\x02"
"""What is sealed begins with it, then come the nonce and the ciphertext with its tag. A token of
Fernet, which we wrote before, begins with a letter."""
NONCE: Final = 12


class VaultError(Exception):
    """Stored secrets cannot be had; its text holds none of them, nor a key."""


class KeyRefused(VaultError):
    """The key itself is no good."""


class NotOpened(VaultError):
    """None of our keys fits."""


@dataclass(frozen=True, slots=True)
class Vault:
    """`keys` come from the configuration, the newest first; without any, `file` holds the key and
    is made when something is sealed. A file that is there opens what was sealed before there were
    configured ones.
    """

    keys: Sequence[str]
    file: Path

    def pepper(self, purpose: str) -> bytes:
        """A secret of its own for each purpose, the same for as long as the key is."""
        key = [*self.keys, *_kept(self.file)][:1] or [_made(self.file)]
        return _derived(key[0], f"aprendiz {purpose}".encode())

    def seal(self, shop: UUID, account: str, hidden: Mapping[str, str]) -> bytes:
        """Never twice the same: each time has a nonce of its own."""
        ring = _ring(self.keys or [_made(self.file)])
        nonce, content = os.urandom(NONCE), json.dumps(dict(hidden)).encode()
        return VERSION + nonce + ring[0].encrypt(nonce, content, _bound(shop, account))

    def open(self, shop: UUID, account: str, sealed: bytes) -> dict[str, str]:
        """Only for whom they were sealed: moved to another row they do not open."""
        keys = [*self.keys, *_kept(self.file)]
        if not keys:
            raise NotOpened(f"the key that sealed the secrets of {account} is not here")
        if not sealed.startswith(VERSION):
            return _former(keys, account, sealed)
        nonce, hidden = sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
        for one in _ring(keys):
            with suppress(InvalidTag, ValueError):  # ValueError: too short to hold a nonce
                return dict(json.loads(one.decrypt(nonce, hidden, _bound(shop, account))))
        raise NotOpened(f"the secrets of {account} were sealed with another key or elsewhere")


def keys_in(text: str) -> tuple[str, ...]:
    """Several keys, by commas."""
    return tuple(filter(None, map(str.strip, text.split(","))))


def former(sealed: bytes) -> bool:
    """Whether it is in the form of releases before this one; sealed again it is no more."""
    return bool(sealed) and not sealed.startswith(VERSION)


def _former(keys: Sequence[str], account: str, sealed: bytes) -> dict[str, str]:
    ring = MultiFernet([Fernet(base64.urlsafe_b64encode(_long(key, FERNET))) for key in keys])
    try:
        content = json.loads(ring.decrypt(sealed))
    except InvalidToken:
        raise NotOpened(f"the secrets of {account} were sealed with another key") from None
    if content["owner"] != account:
        raise NotOpened(f"these secrets are not those of {account}")
    found: dict[str, str] = content["secrets"]
    return found


def _bound(shop: UUID, account: str) -> bytes:
    """What has to be the same for it to open; the first sixteen bytes are the shop's."""
    return VERSION + shop.bytes + account.encode()


def _ring(keys: Sequence[str]) -> list[AESGCM]:
    return [AESGCM(_long(key, GCM)) for key in keys]


def _long(key: str, purpose: bytes) -> bytes:
    """Any long text is a key: nobody has to know the form that a cipher wants."""
    if len(key) < LEAST_KEY:
        raise KeyRefused(f"the secret key has {len(key)} characters, it needs {LEAST_KEY}")
    return _derived(key, purpose)


def _derived(key: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key.encode())


def _made(file: Path) -> str:
    """Two processes that come together end up with one key: it appears whole, or not at all."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f".{file.name}-{os.getpid()}-{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as opened:
            opened.write(secrets.token_urlsafe(48) + "\n")
            opened.flush()
            os.fsync(opened.fileno())
        with suppress(FileExistsError):
            file.hardlink_to(draft)
        draft.unlink()
    return _kept(file)[0]


def _kept(file: Path) -> list[str]:
    try:
        with file.open() as opened:
            mode = os.fstat(opened.fileno()).st_mode
            if mode & 0o077:
                raise KeyRefused(f"others can read {file}: chmod 600 {file}")
            key = opened.read().strip()
    except FileNotFoundError:
        return []
    except UnicodeDecodeError:
        raise KeyRefused(f"{file} holds no text") from None
    except PermissionError:
        raise KeyRefused(f"{file} belongs to another user") from None
    if len(key) < LEAST_KEY:
        raise KeyRefused(f"{file} holds {len(key)} characters, it needs {LEAST_KEY}")
    return [key]
