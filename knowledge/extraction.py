"""What kind of document a file is, and its text, read by a child process of its own.

DocumentError
├── DocumentRefused   this file cannot be a document; `problem` is its word of PROBLEMS
│   └── TooManyFiles  not today: `retry_s` says when
└── ReaderUnavailable no child could be started: try again
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import msgspec

from config.settings import ROOT
from knowledge.reader import FULL, LENGTH, READY, Extract, Format, Wanted, frame

PROBLEMS: Final = {
    "empty": ("there is no text in it", "write something into it, then send it again"),
    "scanned": (
        "it is scanned: pictures of pages, without text",
        "export it from the program it was written in, or run it through text recognition (OCR)",
    ),
    "locked": ("it is protected by a password", "save it without one, then send it again"),
    "damaged": ("it cannot be read: it is damaged or cut off", "save it again from its program"),
    "bomb": ("it unfolds to far more than it is", "save it again from its program"),
    "too_much": ("reading it takes too much memory", "cut it into several documents"),
    "too_slow": ("reading it takes too long", "cut it into several documents"),
    "too_big": ("the file is too large", "cut it into several documents"),
    "too_many_pages": ("it has too many pages", "cut it into several documents"),
    "too_long": ("it holds too much text", "cut it into several documents"),
    "too_many": ("too many files came within a day", "send it tomorrow, or put several into one"),
    "lost": ("its file is no longer there", "send it again"),
    "doc": ("it is in Word's old format", "save it as .docx"),
    "sheet": ("it is a spreadsheet", "import it as a catalogue, or save it as PDF"),
    "unknown": ("it is no PDF, Word document or text", "save it as PDF, .docx, .txt or .md"),
}
"""Why a file is no document, and what to do about it."""
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"
_INSIDE: Final = {
    "EncryptedPackage": "locked", "WordDocument": "doc", "Workbook": "sheet", "Book": "sheet",
}  # fmt: skip
"""What is kept in the one box of old Office files, and of new ones with a password."""
_STRANGE: Final = frozenset(range(32)) - {9, 10, 12, 13, 27}
_KEPT: Final = ("PATH", "LANG", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_SAMPLE: Final = 4_096


class DocumentError(Exception):
    """A file does not become a document."""


class DocumentRefused(DocumentError):
    def __init__(self, problem: str) -> None:
        self.problem = problem
        self.why, self.next = PROBLEMS[problem]
        super().__init__(self.why)


class TooManyFiles(DocumentRefused):
    def __init__(self, retry_s: int) -> None:
        super().__init__("too_many")
        self.retry_s = retry_s


class ReaderUnavailable(DocumentError):
    """The machine has no process or memory left for a reader."""


@dataclass(frozen=True, slots=True)
class Caps:
    """What one document may cost. `cpu_s` is processor time, `patience_s` is time on the clock."""

    size: int = 20 * 1024**2
    pages: int = 300
    letters: int = 2_000_000
    cpu_s: int = 30
    patience_s: float = 60.0


def sniffed(data: bytes, name: str = "") -> Format:
    """By the contents; the name only tells Markdown from plain text. Raises DocumentRefused."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _packed(data)
    if data.startswith(_OLD_OFFICE):
        raise DocumentRefused(_in_old_office(data))
    if not data.strip():
        raise DocumentRefused("empty")
    if not _is_text(data[:_SAMPLE]):
        raise DocumentRefused("unknown")
    return "md" if name.lower().endswith((".md", ".markdown")) else "txt"


def _in_old_office(data: bytes) -> str:
    inside = (kind for name, kind in _INSIDE.items() if name.encode("utf-16-le") in data)
    return next(inside, "unknown")


def _packed(data: bytes) -> Format:
    if b"word/" in data:
        return "docx"
    raise DocumentRefused("sheet" if b"xl/" in data else "unknown")


def _is_text(sample: bytes) -> bool:
    return sample[:2] in {b"\xff\xfe", b"\xfe\xff"} or _STRANGE.isdisjoint(sample)


@dataclass(slots=True)
class Reader:
    """One child that reads file after file; one that dies of a file is replaced for the next."""

    caps: Caps = field(default_factory=Caps)
    child: asyncio.subprocess.Process | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    python: str = sys.executable

    async def read(
        self, data: bytes, name: str = "", *, whole: bool = True
    ) -> tuple[Format, Extract]:
        """Raises a DocumentError; with more pages than allowed, too, unless not `whole`."""
        if len(data) > self.caps.size:
            raise DocumentRefused("too_big")
        kind = sniffed(data, name)
        caps = self.caps
        wanted = Wanted(kind, data, caps.pages, caps.cpu_s, caps.letters, whole)
        async with self.turn:
            extract = await self._asked(wanted)
        if extract.problem:
            raise DocumentRefused(extract.problem)
        return kind, extract

    async def close(self) -> None:
        if self.child is not None and self.child.returncode is None:
            self.child.kill()
            await self.child.wait()
        self.child = None

    async def _asked(self, wanted: Wanted) -> Extract:
        child = await self._running()
        answered = False
        try:
            async with asyncio.timeout(self.caps.patience_s):
                extract = await _exchanged(child, wanted)
            answered = True
        except TimeoutError:
            raise DocumentRefused("too_slow") from None
        except (asyncio.IncompleteReadError, ConnectionError):
            raise DocumentRefused(_died_of(await child.wait())) from None
        finally:
            if not answered:  # what it may still say would be taken for the next file's text
                await self.close()
        return extract

    async def _running(self) -> asyncio.subprocess.Process:
        if self.child is None or self.child.returncode is not None:
            self.child = await _started(self.python)
        return self.child


async def _started(python: str) -> asyncio.subprocess.Process:
    """It finds our files wherever we stand, and knows none of our secrets."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        child = await asyncio.create_subprocess_exec(
            python,
            "-m",
            "knowledge.reader",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": str(ROOT), **kept},
        )
    except OSError as error:
        raise ReaderUnavailable(str(error)) from error
    if child.stdout is None or await child.stdout.read(len(READY)) != READY:
        raise ReaderUnavailable(f"the reader ended at once, with {await child.wait()}")
    return child


async def _exchanged(child: asyncio.subprocess.Process, wanted: Wanted) -> Extract:
    if child.stdin is None or child.stdout is None:
        raise ReaderUnavailable("the reader has no pipes")
    child.stdin.write(frame(wanted))
    await child.stdin.drain()
    length = int.from_bytes(await child.stdout.readexactly(LENGTH), "big")
    return msgspec.msgpack.decode(await child.stdout.readexactly(length), type=Extract)


def _died_of(code: int) -> str:
    """The time was up, or the memory; anything else is a file that breaks its reader."""
    if code == -signal.SIGXCPU:
        return "too_slow"
    return "too_much" if code in {FULL, -signal.SIGKILL} else "damaged"


@asynccontextmanager
async def opened_reader(caps: Caps | None = None) -> AsyncIterator[Reader]:
    reader = Reader(caps or Caps())
    try:
        yield reader
    finally:
        await reader.close()
