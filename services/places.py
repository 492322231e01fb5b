"""Where the embedded servers keep data, sockets, locks and logs."""

import contextlib
import fcntl
import hashlib
import os
import secrets
import shutil
import stat
import time
from dataclasses import dataclass
from pathlib import Path

from services.accounts import Account, me
from services.errors import PlaceRefused

# Sockets stay out of $XDG_RUNTIME_DIR: it is deleted at logout, under a bot that goes on running.
SOCKETS = Path("/tmp")  # noqa: S108  the folders made here are private and checked
LONGEST_SOCKET = 103  # macOS allows 104 bytes with the closing zero, Linux 108
LONGEST_DATA = 900  # Postgres cuts paths at 1,024 bytes
LARGEST_LOG = 5_000_000


@dataclass(frozen=True)
class Places:
    var: Path
    key: str  # of this folder at this path: a copy and a folder made anew have another

    @property
    def clients_lock(self) -> Path:
        return self.var / "clients.lock"

    @property
    def supervisor_lock(self) -> Path:
        return self.var / "supervisor.lock"

    @property
    def state(self) -> Path:
        return self.var / "services.json"

    def log(self, name: str) -> Path:
        return self.var / "log" / f"{name}.log"

    def sockets(self, name: str) -> Path:
        return SOCKETS / f"aprendiz-{os.geteuid()}-{self.key}-{name}"


def made(var: Path) -> Places:
    """The places under var, which exists and is ours to write afterwards."""
    var = var.resolve()
    if len(os.fsencode(var)) > LONGEST_DATA:
        raise PlaceRefused(
            f"The folder {str(var)[:60]}… cannot hold a database",
            f"its path is longer than {LONGEST_DATA} bytes",
            "Move the project to a shorter path",
        )
    try:
        (var / "log").mkdir(parents=True, exist_ok=True)
        os.close(os.open(var / "clients.lock", os.O_RDWR | os.O_CREAT, 0o600))
        return Places(var, _key(var))
    except OSError as error:
        raise PlaceRefused(
            f"The folder {var} cannot be used",
            error.strerror or str(error),
            f"Free space there, or make it yours: sudo chown -R $USER '{var}'",
        ) from error


def _key(var: Path) -> str:
    """The lock carries a random mark, set once even when two processes come together."""
    lock = var / "supervisor.lock"
    if not lock.exists():
        draft = var / f".mark-{os.getpid()}"
        draft.write_text(secrets.token_hex(8))
        with contextlib.suppress(FileExistsError):
            lock.hardlink_to(draft)
        draft.unlink()
    return _key_of(var)


def _key_of(var: Path) -> str:
    mark = (var / "supervisor.lock").read_bytes()
    return hashlib.sha256(os.fsencode(var) + mark).hexdigest()[:8]


def still_there(places: Places) -> bool:
    try:
        return _key_of(places.var) == places.key
    except OSError:
        return False


def private(folder: Path, account: Account) -> Path:
    """A folder only account can enter; one that somebody else made there is refused."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {me().uid, account.uid}:
            raise _foreign(folder, "it belongs to another user") from None
        if found.st_mode & 0o077:
            raise _foreign(folder, "other users can enter it") from None
    account.owns(folder)
    return folder


def data_folder(folder: Path, account: Account) -> Path:
    folder.mkdir(mode=0o700, exist_ok=True)
    account.owns(folder)
    return folder


def room_in(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise PlaceRefused(
            "The embedded servers cannot start",
            f"the disk of {folder} is full: {free // 1_000_000} MB are free",
            f"Free {needed // 1_000_000} MB there, then start again",
        )


def socket_in(folder: Path, name: str) -> Path:
    path = folder / name
    if len(os.fsencode(path)) > LONGEST_SOCKET:
        raise PlaceRefused(
            f"The socket {path} cannot exist", "its path is too long", "Use a shorter folder"
        )
    return path


def locked(path: Path, *, patience: float = 0.0) -> int | None:
    """An exclusive lock on path, dropped with the last copy of this descriptor; None if taken."""
    deadline = time.monotonic() + patience
    descriptor = os.open(path, os.O_RDONLY)
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                os.close(descriptor)
                return None
            time.sleep(0.05)
        else:
            return descriptor


def opened_log(path: Path) -> int:
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_suffix(".1.log"))
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def last_words(path: Path, lines: int = 3) -> str:
    try:
        with path.open("rb") as log:
            log.seek(max(0, path.stat().st_size - 4096))
            text = log.read().decode(errors="replace")
    except OSError:
        return "no log was written"
    return " | ".join(line.strip() for line in text.splitlines()[-lines:]) or "its log is empty"


def _foreign(folder: Path, why: str) -> PlaceRefused:
    return PlaceRefused(f"The folder {folder} is refused", why, f"Remove it: sudo rm -r {folder}")
