"""The rows of a catalogue's file, read in a child process that may use little: anyone sends files.

Run as `python -m knowledge.importing.sheets 20000 < file`: a JSON of at most so many rows on
standard output, or exit code 3 or, where there is too much of it, 4 with the reason on standard
error.
"""

import asyncio
import json
import resource
import sys
import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any, Final, TypeAlias, cast

from config.settings import ROOT
from knowledge.importing.errors import SheetTooLarge, SheetUnreadable

Cell: TypeAlias = str | int | float | bool
Row: TypeAlias = Sequence[Cell]

MEMORY: Final = 600 * 1024**2
CPU_S: Final = 20
PATIENCE_S: Final = 40.0
LARGEST: Final = 10 * 1024**2
UNPACKED: Final = 150 * 1024**2
"""Bytes a workbook may unpack to; 50,000 rows, the most of any setting, are about 60 million."""
ROWS: Final = 20_000
COLUMNS: Final = 100
CELL: Final = 5_000
LETTERS: Final = 20_000_000
"""A workbook writes a text once and may show it in every cell; whoever asked holds all of them."""
UNREADABLE, TOO_LARGE = 3, 4
_ZIP: Final = b"PK\x03\x04"
_AGAIN: Final = "save it as .xlsx or CSV and try again"
_OLE: Final = b"\xd0\xcf\x11\xe0"
"""How old and password-protected Excel files begin."""


async def table_of(data: bytes, most: int = ROWS) -> list[Row]:
    """Every row of the first sheet that has some, empty ones too, so that places are the file's.

    Raises SheetUnreadable.
    """
    _looked_over(data)
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "knowledge.importing.sheets",
        str(most),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            out, err = await child.communicate(data)
    except TimeoutError:
        raise _refused("it takes too long to read") from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    why = err.decode("utf-8", "replace").strip()[:200]
    if child.returncode == TOO_LARGE:
        raise _too_large(why)
    if child.returncode == UNREADABLE:
        raise _refused(why)
    if child.returncode != 0:
        hint = "delete empty columns and other sheets, or save it as CSV"
        raise _refused("reading it takes more memory or time than a catalogue may", hint)
    return cast("list[Row]", json.loads(out))


def _refused(why: str, hint: str = _AGAIN) -> SheetUnreadable:
    return SheetUnreadable("the file cannot be read", why, hint)


def _too_large(why: str) -> SheetTooLarge:
    return SheetTooLarge(why, "no catalogue is so large", "split it into several files")


def _looked_over(data: bytes) -> None:
    if not data.strip():
        raise _refused("it is empty", "choose the file again")
    if len(data) > LARGEST:
        size = f"{len(data) / 1024**2:.0f} MB"
        raise _too_large(f"it has {size}, {LARGEST // 1024**2} MB are read")
    if data.startswith(_OLE):
        raise _refused("it is an old Excel file (.xls), or one with a password")


def read(data: bytes, most: int = ROWS) -> list[Row]:
    """In this process, without limits of its own. Raises SheetUnreadable."""
    from knowledge.importing.separated import NotSeparated, rows_of  # noqa: PLC0415  after the limits

    if data.startswith(_ZIP):
        rows = _workbook(data, most)
    else:
        try:
            rows = _trimmed(rows_of(data), most)
        except NotSeparated as error:
            raise _refused(str(error)) from error
    if not any(rows):
        raise _refused("there are no rows in it", "choose the file again")
    return rows


def _workbook(data: bytes, most: int) -> list[Row]:
    import python_calamine  # noqa: PLC0415  after the limits

    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            unpacked = sum(one.file_size for one in packed.infolist())
            if "xl/workbook.xml" not in packed.namelist():
                raise _refused("it is a packed file, but no .xlsx workbook")
        if unpacked > UNPACKED:
            raise _refused(f"it unpacks to {unpacked // 1024**2} MB, which no catalogue has")
        book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(data))
        for name in book.sheet_names:
            rows = _trimmed(book.get_sheet_by_name(name).iter_rows(), most)
            if any(rows):
                return rows
    except (python_calamine.CalamineError, zipfile.BadZipFile, ValueError) as error:
        raise _refused(f"the workbook is damaged: {error}") from error
    return []


def _trimmed(rows: Iterable[Sequence[Any]], most: int) -> list[Row]:
    kept: list[Row] = []
    letters = 0
    for number, row in enumerate(rows, 1):
        if number > most:
            raise _too_large(f"it has more than {most} rows")
        cells = [_plain(cell) for cell in row]
        while cells and cells[-1] == "":
            cells.pop()
        if len(cells) > COLUMNS:
            raise _refused(f"line {number} has {len(cells):,} columns, {COLUMNS} are read")
        letters += sum(len(cell) for cell in cells if isinstance(cell, str))
        if letters > LETTERS:
            raise _too_large(f"it has more than {LETTERS} letters")
        kept.append(cells)
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _plain(cell: object) -> Cell:
    """Numbers stay numbers, so that nobody has to guess what their signs mean."""
    if isinstance(cell, bool | int):
        return cell
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else cell
    return str(cell)[: CELL + 1].strip()


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    try:
        rows = read(sys.stdin.buffer.read(), int(sys.argv[1]))
    except SheetUnreadable as error:
        large = isinstance(error, SheetTooLarge)
        sys.stderr.write(str(error) if large else error.why)
        return TOO_LARGE if large else UNREADABLE
    sys.stdout.buffer.write(json.dumps(rows).encode())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
