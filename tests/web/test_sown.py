"""Every page and every list for programs, on rows that nobody wrote but that the schema lets be:
each is answered, whatever lies in the tables."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import quote

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from services.state import Endpoints
from tests.fixtures.odd import Odd
from tests.fixtures.rows import TABLES
from tests.web.api.conftest import first  # noqa: F401  fixtures
from tests.web.api.seeds import NOT_NAMED_SO
from tests.web.conftest import HOME, Ending
from tests.web.desks import equipped, seen_by, settings_in
from tests.web.lenders import lending
from web.app import WebParts
from web.permissions import Role

PART = re.compile(r"\{(\w+)(?::\w+)?\}")
ENDLESS = ("/vivo", "/stream", "/events")
FULL: Final = {table.name: table.fullname for table in TABLES}
TABLE: Final[Mapping[str, str]] = NOT_NAMED_SO | {
    "prediction": "risk_prediction", "row": "training_data", "file": "media_file",
    "version": "model_version", "reply": "training_data", "case": "eval_case",
}  # fmt: skip
"""What a part of an address names, of pages too."""
COLUMN: Final = {
    "sku": "app.product", "kind": "app.alert", "request_id": "app.span",
    "table_name": "ml.field_definition", "field": "ml.field_definition",
}  # fmt: skip
"""Where the address holds no id, but what stands in a column of this name."""
NAMES: Final[Mapping[str, Sequence[str]]] = {
    "kind": ("latency", "risk-aged"), "rule": ("latency", "risk-aged"), "name": ("ventas",),
    "task": ("chat",),
}  # fmt: skip
EACH: Final = 5


def paths(app: FastAPI, odd: Odd) -> Iterator[str]:
    """Every address that shows something, with the newest rows where it names one."""
    for route in app.routes:
        shows = isinstance(route, APIRoute) and "GET" in (route.methods or ())
        if not shows or route.path.endswith(ENDLESS):  # type: ignore[attr-defined]
            continue
        path: str = route.path  # type: ignore[attr-defined]
        parts = PART.findall(path)
        if not parts:
            yield path
        for values in zip(*(named(odd, path, part) for part in parts), strict=False):
            given = dict(zip(parts, (quote(one, safe="") for one in values), strict=True))
            yield PART.sub(lambda part, given=given: given[part[1]], path)  # type: ignore[misc]


def named(odd: Odd, path: str, part: str) -> list[str]:
    column = "table_name" if part == "table" else part
    if column in COLUMN or part in NAMES:
        found = [str(row[column]) for row in odd.rows.get(COLUMN.get(column, ""), ())]
        return [*NAMES.get(part, ()), *(one for one in found if one.isprintable())][: 2 * EACH]
    table = "training_job" if "entrenamientos/trabajos" in path else TABLE.get(part, part)
    return [str(one) for one in odd.known.get(FULL.get(table, ""), ())][-EACH:]


async def broken(app: FastAPI, odd: Odd) -> dict[str, str]:
    """By their addresses; a table that breaks off in the middle has said 200 already."""
    found = dict[str, str]()
    async with httpx2.AsyncClient(
        transport=Ending(app), base_url=HOME, headers={"Sec-Fetch-Site": "same-origin"}
    ) as client:
        for path in paths(app, odd):
            try:
                answer = await client.get(path)
            except Exception as error:  # noqa: BLE001  whatever a page did not think of
                found[path] = repr(error)[:300]
            else:
                if answer.status_code >= httpx2.codes.INTERNAL_SERVER_ERROR:
                    found[path] = answer.text[:300]
    return found


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("seed", "wild", "role"), [(1, 0.2, "admin"), (2, 0.03, "owner")])
async def test_no_row_that_the_schema_allows_breaks_a_page(  # noqa: PLR0913  its fixtures
    first: WebParts,  # noqa: F811  the fixture
    tmp_path: Path,
    prefix: str,
    endpoints: Endpoints,
    *,
    seed: int,
    wild: float,
    role: Role,
) -> None:
    odd = Odd(first.shop, seed, wild)
    await odd.sow(first.store, 3)
    whole, _ = equipped(lending(first), settings_in(tmp_path, prefix, endpoints.redis_url))

    assert await broken(seen_by(whole, role), odd) == {}
