"""What a kept server has to offer, and how its program is started."""

import os
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from services.accounts import Account
from services.places import opened_log

Say = Callable[[str], None]
# Nothing of the caller's shell reaches a server: no PGPORT, no LD_PRELOAD, English messages.
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True)
class Program:
    path: Path
    arguments: list[str]
    account: Account
    log: Path
    folder: Path = Path("/")
    name: str = ""  # shown instead of the path in the process list

    def start(self, lock: int) -> subprocess.Popen[bytes]:
        """The program and its children hold the lock until the last of them is gone."""
        log = opened_log(self.log)
        other = None if self.account.is_me else self.account
        try:
            return subprocess.Popen(  # noqa: S603  programs found by us, no shell
                [self.name or str(self.path), *self.arguments],
                executable=self.path,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=ENVIRONMENT,
                cwd=self.folder,
                pass_fds=(lock,),
                start_new_session=True,
                user=other.uid if other else None,
                group=other.gid if other else None,
                extra_groups=[] if other else None,
            )
        finally:
            os.close(log)


class Server(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def lock(self) -> Path: ...
    @property
    def socket(self) -> Path: ...
    @property
    def log(self) -> Path: ...
    @property
    def stop_signal(self) -> signal.Signals: ...

    @property
    def leftover_signal(self) -> signal.Signals: ...

    def prepare(self, lock: int, say: Say) -> None:
        """Make what the program needs; called with no process of it alive."""

    def program(self) -> Program: ...

    def is_main(self, line: str) -> bool: ...

    def is_part(self, line: str) -> bool: ...

    def answers(self) -> bool: ...
