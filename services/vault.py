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

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LEAST_KEY = 32
PURPOSE = b"aprendiz channel secrets 1"


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

    def seal(self, owner: str, hidden: Mapping[str, str]) -> bytes:
        keys = self.keys or [_made(self.file)]
        content = json.dumps({"owner": owner, "secrets": dict(hidden)}).encode()
        return _ring(keys).encrypt(content)

    def open(self, owner: str, sealed: bytes) -> dict[str, str]:
        """Only for whom they were sealed: moved to another row they do not open."""
        keys = [*self.keys, *_kept(self.file)]
        if not keys:
            raise NotOpened(f"the key that sealed the secrets of {owner} is not here")
        try:
            content = json.loads(_ring(keys).decrypt(sealed))
        except InvalidToken:
            raise NotOpened(f"the secrets of {owner} were sealed with another key") from None
        if content["owner"] != owner:
            raise NotOpened(f"these secrets are not those of {owner}")
        found: dict[str, str] = content["secrets"]
        return found


def keys_in(text: str) -> tuple[str, ...]:
    """Several keys, by commas."""
    return tuple(filter(None, map(str.strip, text.split(","))))


def _ring(keys: Sequence[str]) -> MultiFernet:
    return MultiFernet([_fernet(key) for key in keys])


def _fernet(key: str) -> Fernet:
    """Any long text is a key: nobody has to know the form that Fernet wants."""
    if len(key) < LEAST_KEY:
        raise KeyRefused(f"the secret key has {len(key)} characters, it needs {LEAST_KEY}")
    return Fernet(base64.urlsafe_b64encode(_derived(key, PURPOSE)))


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
            return [opened.read().strip()]
    except FileNotFoundError:
        return []
    except PermissionError:
        raise KeyRefused(f"{file} belongs to another user") from None
