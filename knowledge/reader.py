"""Reads documents in a child process that may use little: people send anything.

Run as `python -m knowledge.reader`: each request on standard input is answered by one frame on
standard output, until the input ends. A frame is its length in four bytes, then msgpack.
"""

import io
import resource
import sys
import zipfile
from collections.abc import Callable, Iterator
from typing import IO, Any, Final, Literal, TypeAlias

import msgspec

from knowledge.blocks import Block, from_lines, from_pages, row

Format: TypeAlias = Literal["pdf", "docx", "txt", "md"]

MEMORY: Final = 1024**3
LENGTH: Final = 4
LEAST: Final = 20
"""With fewer letters a page, a PDF is a scan."""
ENTRIES, UNPACKED = 5_000, 200 * 1024**2
"""What a file that is packed may unfold to."""


class Wanted(msgspec.Struct):
    """`cpu_s` is how long the processor may work on it; not `whole`, the first pages are enough."""

    format: Format
    data: bytes
    pages: int
    cpu_s: int
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
        count = min(len(document), wanted.pages)
        pages = [_page(document, number) for number in range(count)]
    except pypdfium2.PdfiumError as error:
        raise Refused("locked" if "assword" in str(error) else "damaged") from error
    if sum(len(page.strip()) for page in pages) < LEAST * max(len(pages), 1):
        raise Refused("scanned")
    return Extract(from_pages(pages), len(pages))


def _page(document: Any, number: int) -> str:  # noqa: ANN401  the library ships no types
    page = document[number]
    text: str = page.get_textpage().get_text_bounded()
    page.close()
    return text


def _docx(wanted: Wanted) -> Extract:
    import docx  # noqa: PLC0415  after the limits
    from docx.opc.exceptions import OpcError  # noqa: PLC0415
    from lxml.etree import LxmlError  # noqa: PLC0415

    try:
        _weighed(wanted.data)
        document = docx.Document(io.BytesIO(wanted.data))
        blocks = list(_word_blocks(document))
    except (OpcError, LxmlError, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise Refused("damaged") from error
    if not blocks:
        raise Refused("empty")
    return Extract(blocks)


def _weighed(data: bytes) -> None:
    """A packed file says how large it is; the limit of memory holds for one that lies."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        entries = packed.infolist()
        if len(entries) > ENTRIES or sum(entry.file_size for entry in entries) > UNPACKED:
            raise Refused("bomb")


def _word_blocks(document: Any) -> Iterator[Block]:  # noqa: ANN401  the library ships no types
    for part in document.iter_inner_content():
        if hasattr(part, "rows"):
            for cells in part.rows:
                yield Block("row", row(_merged([cell.text for cell in cells.cells])))
            continue
        text = part.text.strip()
        style = (part.style.name or "") if part.style is not None else ""
        if text and style.startswith(("Heading", "Title")):
            yield Block("heading", text, int(style[-1]) if style[-1].isdecimal() else 1)
        elif text:
            yield Block("text", text)


def _merged(cells: list[str]) -> list[str]:
    """A cell that spans columns is told once."""
    return [cell for place, cell in enumerate(cells) if place == 0 or cells[place - 1] != cell]


def _text(wanted: Wanted) -> Extract:
    blocks = from_lines(decoded(wanted.data))
    if not blocks:
        raise Refused("empty")
    return Extract(blocks)


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
    most = int(used.ru_utime + used.ru_stime) + 1 + cpu_s
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def frame(message: Wanted | Extract) -> bytes:
    packed = msgspec.msgpack.encode(message)
    return len(packed).to_bytes(LENGTH, "big") + packed


def _requests(stream: IO[bytes]) -> Iterator[Wanted]:
    while len(head := stream.read(LENGTH)) == LENGTH:
        body = stream.read(int.from_bytes(head, "big"))
        yield msgspec.msgpack.decode(body, type=Wanted)


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    for wanted in _requests(sys.stdin.buffer):
        limit(wanted.cpu_s)
        sys.stdout.buffer.write(frame(read(wanted)))
        sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
