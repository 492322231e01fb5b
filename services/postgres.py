"""The embedded Postgres: its data folder, settings, and whether it answers."""

import shutil
import signal
import socket
import struct
from dataclasses import dataclass
from pathlib import Path

from services.accounts import Account, unprivileged
from services.binaries import programs_for
from services.errors import ServerFailed
from services.places import Places, data_folder, last_words, private, room_in, socket_in
from services.server import Program, Say

MAJOR = "18"
SPACE_TO_BEGIN = 150_000_000
INTO = Path("/proc/self/cwd")
STARTING_UP = b"C57P03"  # the error code a server gives while it recovers
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "fsync": "on",
    "synchronous_commit": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_min_messages": "warning",
    # A parallel index build wants more shared memory than a container's 64 MB.
    "max_parallel_maintenance_workers": "0",
}


@dataclass(frozen=True)
class Postgres:
    programs: Path
    data: Path
    folder: Path
    account: Account
    log: Path
    key: str
    name: str = "Postgres"
    stop_signal: signal.Signals = signal.SIGINT  # "fast": open transactions are rolled back
    leftover_signal: signal.Signals = (
        signal.SIGQUIT
    )  # the only one that ends a backend without its parent

    @property
    def lock(self) -> Path:
        return self.data.with_name("postgres.lock")

    @property
    def socket(self) -> Path:
        return socket_in(self.folder, ".s.PGSQL.5432")

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/postgres?host={self.folder}"

    def prepare(self, lock: int, say: Say) -> None:
        """With no process of ours alive, notes of process ids are stale: numbers are reused."""
        private(self.folder, self.account)
        for stale in (self.data / "postmaster.pid", *self.folder.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)
        if not self.data.exists():
            say("creating the database")
            self._create(lock)
        written_by = (self.data / "PG_VERSION").read_text().strip()
        if written_by != MAJOR:
            raise ServerFailed(
                "Postgres cannot read its data",
                f"{self.data} was written by Postgres {written_by}, this is {MAJOR}",
                "Move that folder away, or set APRENDIZ_DATABASE_URL",
            )

    def program(self) -> Program:
        settings = SETTINGS | {"unix_socket_directories": str(self.folder)}
        flags = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return self._program("postgres", self.data, flags)

    def is_main(self, line: str) -> bool:
        return "/postgres -D " in line and f" cluster_name={self._mark} " in line

    def is_part(self, line: str) -> bool:
        creating = "/initdb -D " in line and f" cluster_name={self._mark} " in line
        return line.startswith(f"postgres: {self._mark}: ") or creating or self.is_main(line)

    def answers(self) -> bool:
        return answers(self.folder)

    @property
    def _mark(self) -> str:
        """Shown in the command line of every process of this server."""
        return f"aprendiz-{self.key}"

    def _create(self, lock: int) -> None:
        """In a draft folder that is renamed when whole, so that a killed start leaves no half."""
        draft = self.data.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        data_folder(draft, self.account)
        room_in(draft, SPACE_TO_BEGIN)
        flags = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--data-checksums"]
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        program = self._program("initdb", draft, [*flags, *locale, "--no-instructions"])
        if program.start(lock).wait() != 0:
            raise ServerFailed(
                "The database could not be created",
                last_words(self.log),
                f"Read {self.log}, then start again",
            )
        draft.rename(self.data)

    def _program(self, name: str, folder: Path, flags: list[str]) -> Program:
        """Another user may be unable to walk to the folder, so it is put there before it starts."""
        place = folder if self.account.is_me or not INTO.exists() else INTO
        return Program(
            self.programs / name,
            ["-D", str(place), "-c", f"cluster_name={self._mark}", *flags],
            self.account,
            self.log,
            folder=folder,
        )


def planned(places: Places) -> Postgres:
    data = places.var / "postgres"
    account = unprivileged(data)
    return Postgres(
        programs=programs_for(account),
        data=data,
        folder=places.sockets("postgres"),
        account=account,
        log=places.log("postgres"),
        key=places.key,
    )


def answers(folder: Path) -> bool:
    """Ask the way a client does; a server in recovery accepts the connection and says not yet."""
    asked = b"user\0postgres\0database\0postgres\0\0"
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(folder / ".s.PGSQL.5432"))
            connection.sendall(struct.pack("!II", len(asked) + 8, 196608) + asked)
            reply = connection.recv(1024)
            return reply[:1] in {b"R", b"E"} and STARTING_UP not in reply
    except OSError:
        return False
