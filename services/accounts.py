"""Which system user a server runs as, and what that user can reach."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from services.errors import PlaceRefused

UNPRIVILEGED = "nobody"


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int

    @property
    def is_me(self) -> bool:
        return self.uid == os.geteuid()

    def owns(self, folder: Path) -> None:
        """Give it the folder, which we have just made or hold already."""
        if not self.is_me:
            os.chown(folder, self.uid, self.gid)


def me() -> Account:
    return Account(os.geteuid(), os.getegid())


def keeper_of(data: Path) -> Account:
    """Who touches this data: as root, whoever owned it before, so that user can come back to it."""
    if os.geteuid() != 0 or not data.exists():
        return me()
    owner = data.stat()
    return Account(owner.st_uid, owner.st_gid)


def unprivileged(data: Path) -> Account:
    """Postgres refuses root, and root is who most containers are."""
    account = keeper_of(data)
    if account.uid != 0:
        return account
    try:
        found = pwd.getpwnam(UNPRIVILEGED)
    except KeyError as error:
        raise PlaceRefused(
            "Postgres cannot run as root",
            f"this system has no user {UNPRIVILEGED!r} to run it as",
            "Start as a normal user, or set APRENDIZ_DATABASE_URL",
        ) from error
    return Account(found.pw_uid, found.pw_gid)


def reaches(account: Account, path: Path) -> bool:
    """Whether it could open path: only a process that became that user can tell."""
    if account.is_me:
        return os.access(path, os.R_OK | os.X_OK)
    child = os.fork()
    if child == 0:
        os._exit(_tried(account, path))
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code not in {0, 1}:
        raise PlaceRefused(
            "Postgres cannot run as root",
            f"this container may not switch to user {account.uid}",
            "Start as a normal user, or set APRENDIZ_DATABASE_URL",
        )
    return code == 0


def _tried(account: Account, path: Path) -> int:
    try:
        os.setgroups([])
        os.setgid(account.gid)
        os.setuid(account.uid)
    except OSError:
        return 2
    return 0 if os.access(path, os.R_OK | os.X_OK) else 1
