"""Tables as files: streamed, and nothing in them that a spreadsheet would run."""

import csv
import io
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi.responses import StreamingResponse

from web.amounts import there

FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20\t\r\n")
"""Full-width signs begin a formula too, where people type them."""
BOM = "\ufeff"


def cell(value: Any) -> Any:  # noqa: ANN401  whatever a row holds
    """Numbers stay numbers; a text that a spreadsheet would take for a formula is quoted (OWASP,
    CSV injection)."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return "" if value is None else value


def moment(at: datetime, zone: ZoneInfo) -> str:
    """By the shop's clock, in the one form that every spreadsheet takes for a moment."""
    return there(at, zone).strftime("%Y-%m-%d %H:%M")


def line(values: Iterable[Any]) -> str:
    told = io.StringIO()
    csv.writer(told).writerow([cell(value) for value in values])
    return told.getvalue()


def answer(
    name: str, header: Sequence[str], rows: AsyncIterable[Sequence[Any]]
) -> StreamingResponse:
    """`name` without its ending. The mark at the beginning tells Excel that this is UTF-8."""

    async def lines() -> AsyncIterator[str]:
        yield BOM + line(header)
        async for row in rows:
            yield line(row)

    headers = {
        "Content-Disposition": f'attachment; filename="{name}.csv"',
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(lines(), media_type="text/csv; charset=utf-8", headers=headers)


async def each(rows: Iterable[Sequence[Any]]) -> AsyncIterator[Sequence[Any]]:
    for row in rows:
        yield row
