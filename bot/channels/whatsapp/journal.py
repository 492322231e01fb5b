"""What WhatsApp said, on disk before it is worked on: the network has it acknowledged already.

Written on the library's own thread, read by the loop; SQLite with one fsync per entry.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

UNREADABLE = 44
"""A message that could not be decrypted: its sender is asked to send it again."""
RESENT_WITHIN_MS = 30_000
KEPT = 1000
"""So many messages can be quoted: no more of what people wrote lies here than is of use."""
FOREVER = 1 << 62
_TABLES = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS entry (
  number INTEGER PRIMARY KEY AUTOINCREMENT, code INTEGER NOT NULL, name TEXT NOT NULL,
  at_ms INTEGER NOT NULL, offline INTEGER NOT NULL, raw BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS heard (
  number INTEGER PRIMARY KEY AUTOINCREMENT, chat TEXT NOT NULL, id TEXT NOT NULL,
  sender TEXT NOT NULL, said TEXT NOT NULL, until_ms INTEGER NOT NULL, UNIQUE (chat, id));
CREATE TABLE IF NOT EXISTS timer (chat TEXT PRIMARY KEY, seconds INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS ours (name TEXT PRIMARY KEY);
"""


@dataclass(frozen=True, slots=True)
class Entry:
    number: int
    code: int
    at_ms: int
    offline: bool
    raw: bytes


@dataclass(frozen=True, slots=True)
class Heard:
    """A message we may quote, mark as read or react to."""

    id: str
    sender: str
    said: str


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Journal:
    """`append` may be called on any thread, and raises `sqlite3.Error` when the disk is full."""

    def __init__(self, file: Path, clock: Callable[[], int] = now_ms) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._appending = _opened(file, "FULL")
        self._appending.executescript(_TABLES)
        # What is lost here is done or learned again: it need not wait for the disk.
        self._db = _opened(file, "NORMAL")

    def append(self, code: int, name: str, raw: bytes, *, offline: bool = False) -> None:
        """A message that came after all takes the place of the one that could not be read."""
        with self._lock, self._appending as db:
            if name and code != UNREADABLE:
                db.execute("DELETE FROM entry WHERE code = ? AND name = ?", (UNREADABLE, name))
            row = (code, name, self._clock(), offline, raw)
            db.execute(
                "INSERT INTO entry (code, name, at_ms, offline, raw) VALUES (?, ?, ?, ?, ?)", row
            )

    def pending(self, limit: int) -> list[Entry]:
        """The oldest ones; what could not be read waits for its repetition first."""
        rows = self._db.execute(
            "SELECT number, code, at_ms, offline, raw FROM entry"
            " WHERE code != ? OR at_ms <= ? ORDER BY number LIMIT ?",
            (UNREADABLE, self._clock() - RESENT_WITHIN_MS, limit),
        )
        return [Entry(number, code, at, bool(off), raw) for number, code, at, off, raw in rows]

    def forget(self, numbers: Sequence[int]) -> None:
        with self._db as db:
            db.executemany("DELETE FROM entry WHERE number = ?", [(one,) for one in numbers])

    def remember(self, chat: str, message: Heard, *, for_s: int = 0) -> None:
        """Where messages disappear after `for_s` seconds, it is forgotten then."""
        now = self._clock()
        until = now + for_s * 1000 if for_s > 0 else FOREVER
        with self._db as db:
            db.execute(
                "INSERT OR IGNORE INTO heard (chat, id, sender, said, until_ms)"
                " VALUES (?, ?, ?, ?, ?)",
                (chat, message.id, message.sender, message.said, until),
            )
            db.execute(
                "DELETE FROM heard WHERE until_ms <= ?"
                " OR number <= (SELECT max(number) FROM heard) - ?",
                (now, KEPT),
            )

    def unlearn(self, chat: str, id_: str | None) -> None:
        """Who takes a message back does not want to see it quoted."""
        with self._db as db:
            db.execute("DELETE FROM heard WHERE chat = ? AND id = ?", (chat, id_))

    def heard(self, chat: str, id_: str | None) -> Heard | None:
        row = self._db.execute(
            "SELECT id, sender, said FROM heard WHERE chat = ? AND id = ? AND until_ms > ?",
            (chat, id_, self._clock()),
        ).fetchone()
        return Heard(*row) if row else None

    def set_timer(self, chat: str, seconds: int) -> None:
        with self._db as db:
            db.execute("INSERT OR REPLACE INTO timer VALUES (?, ?)", (chat, seconds))

    def timer(self, chat: str) -> int:
        """After how many seconds messages of a chat disappear; 0 when they stay."""
        row = self._db.execute("SELECT seconds FROM timer WHERE chat = ?", (chat,)).fetchone()
        return int(row[0]) if row else 0

    def set_ours(self, names: Sequence[str]) -> None:
        with self._db as db:
            db.execute("DELETE FROM ours")
            db.executemany("INSERT OR IGNORE INTO ours VALUES (?)", [(name,) for name in names])

    def ours(self) -> list[str]:
        """Under which names WhatsApp knows us: people mention us by them."""
        return [name for (name,) in self._db.execute("SELECT name FROM ours ORDER BY name")]

    def close(self) -> None:
        self._db.close()
        with self._lock:
            self._appending.close()


def _opened(file: Path, synchronous: str) -> sqlite3.Connection:
    db = sqlite3.connect(file, timeout=10, check_same_thread=False)
    db.execute(f"PRAGMA synchronous = {synchronous}")
    db.execute("PRAGMA secure_delete = ON")
    return db
