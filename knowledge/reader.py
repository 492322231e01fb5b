"""Reads documents in a child process that may use little: people send anything.

Run as `python -m knowledge.reader`: each request on standard input is answered by one frame on
standard output, until the input ends. A frame is its length in four bytes, then msgpack.
"""

import io
import resource
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO, Any, Final, Literal, TypeAlias

import msgspec

from knowledge.blocks import Block, from_lines, from_pages
from knowledge.word import word_blocks

Format: TypeAlias = Literal["pdf", "docx", "txt", "md"]

MEMORY: Final = 1024**3
LENGTH: Final = 4
READY: Final = b"."
FULL: Final = 12
"""Exit status: there was no memory left, not even to say so."""
LEAST: Final = 20
"""A page with fewer letters is a picture; when most are, the PDF is a scan."""
ENTRIES, UNPACKED = 5_000, 200 * 1024**2
"""What a file that is packed may unfold to."""
LETTERS: Final = 30_000_000
"""More text than any file of an allowed size holds, unless it was made to."""
UNFOLDED, PLENTY = 40, 1_000_000
"""Letters of a byte: prose is packed to a fifth, tables to a twentieth. Little text may be any."""


class Wanted(msgspec.Struct):
    """`cpu_s` is how long the processor may work on it; not `whole`, the first pages are enough,
    however many `letters` they hold."""

    format: Format
    data: bytes
    pages: int
    cpu_s: int
    letters: int = LETTERS
    whole: bool = True


class Extract(msgspec.Struct):
    """`problem` is one word of knowledge.extraction.PROBLEMS; then there is no text."""

    blocks: list[Block] = []
    pages: int = 0
    problem: str = ""


class Refused(Exception):
    """The message is one word of knowledge.extraction.PROBLEMS."""


def read(wanted: Wanted) -> Extract:
    try:
        return READERS[wanted.format](wanted)
    except Refused as refused:
        return Extract(problem=str(refused))
    except MemoryError:
        return Extract(problem="too_much")


def _pdf(wanted: Wanted) -> Extract:
    import pypdfium2  # noqa: PLC0415  after the limits

    try:
        document = pypdfium2.PdfDocument(wanted.data)
        if wanted.whole and len(document) > wanted.pages:
            raise Refused("too_many_pages")
        pages = list(_pages(document, wanted))
    except pypdfium2.PdfiumError as error:
        raise Refused("locked" if "assword" in str(error) else "damaged") from error
    if sum(len(page.strip()) >= LEAST for page in pages) * 2 < max(len(pages), 1):
        raise Refused("scanned")
    return Extract(from_pages(pages), len(pages))


def _pages(document: Any, wanted: Wanted) -> Iterator[str]:  # noqa: ANN401  the library ships no types
    letters = 0
    for number in range(min(len(document), wanted.pages)):
        page = document[number]
        text: str = page.get_textpage().get_text_bounded()
        page.close()
        letters += len(text)
        _unfolded(letters, wanted)
        yield text


def _docx(wanted: Wanted) -> Extract:
    import docx  # noqa: PLC0415  after the limits
    from docx.opc.exceptions import OpcError  # noqa: PLC0415
    from lxml.etree import LxmlError  # noqa: PLC0415

    broken = (
        OpcError, LxmlError, zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError,
        OSError, RuntimeError, AttributeError,
    )  # fmt: skip
    try:
        _weighed(wanted.data)
        blocks = list(word_blocks(docx.Document(io.BytesIO(wanted.data))))
    except broken as error:
        raise Refused("damaged") from error
    return _extract(blocks, wanted)


def _extract(blocks: list[Block], wanted: Wanted) -> Extract:
    if not blocks:
        raise Refused("empty")
    _unfolded(sum(len(block.text) for block in blocks), wanted)
    return Extract(blocks)


def _unfolded(letters: int, wanted: Wanted) -> None:
    if letters > min(LETTERS, max(PLENTY, UNFOLDED * len(wanted.data))):
        raise Refused("bomb")
    if wanted.whole and letters > wanted.letters:
        raise Refused("too_long")


def _weighed(data: bytes) -> None:
    """A packed file says how large it is; the limit of memory holds for one that lies."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        entries = packed.infolist()
        if any(entry.flag_bits & 1 for entry in entries):
            raise Refused("locked")
        if len(entries) > ENTRIES or sum(entry.file_size for entry in entries) > UNPACKED:
            raise Refused("bomb")


def _text(wanted: Wanted) -> Extract:
    return _extract(from_lines(decoded(wanted.data)), wanted)


def decoded(data: bytes) -> str:
    """UTF-8, else what Windows writes in Latin America."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


READERS: Final[dict[str, Callable[[Wanted], Extract]]] = {
    "pdf": _pdf, "docx": _docx, "txt": _text, "md": _text,
}  # fmt: skip


def limit(cpu_s: int) -> None:
    """From now on; a process that passes it is ended by the system."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + cpu_s)


def _lower(kind: int, most: int) -> None:
    """Only the soft limit: nobody may raise one that the machine's owner has set lower."""
    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def frame(message: Wanted | Extract) -> bytes:
    packed = msgspec.msgpack.encode(message)
    return len(packed).to_bytes(LENGTH, "big") + packed


def _requests(stream: IO[bytes]) -> Iterator[Wanted]:
    while len(head := stream.read(LENGTH)) == LENGTH:
        body = stream.read(int.from_bytes(head, "big"))
        yield msgspec.msgpack.decode(body, type=Wanted)


def main() -> int:
    _lower(resource.RLIMIT_AS, MEMORY)
    _lower(resource.RLIMIT_FSIZE, 0)
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    try:
        for wanted in _requests(sys.stdin.buffer):
            limit(wanted.cpu_s)
            sys.stdout.buffer.write(frame(read(wanted)))
            sys.stdout.buffer.flush()
    except MemoryError:
        return FULL
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
