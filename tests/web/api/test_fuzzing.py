"""What nobody thought of, sent to every operation by programs, a seller and a customer: nothing
breaks, nothing is told to whom it is not for, and each answer is as it is documented."""

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.errors import IncorrectUsage
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from app.describing import described
from config.settings import Settings
from tests.web.api.conftest import OTHER
from tests.web.api.seeds import came_by_link, ids, sow
from tests.web.api.test_shops import LISTS, WORDS
from tests.web.conftest import KEY, served
from tests.web.pages.test_customers import ANA, add_customer
from tests.web.staff import let_in, person
from web.app import WebParts
from web.customer import COOKIE
from web.sessions import PLAIN

EACH = 6
CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]
STREAMS = ("/events",)
PROGRAMS = {
    "its own": {"Authorization": f"Bearer {KEY}"},
    "another shop's": {"Authorization": f"Bearer {OTHER}"},
    "a wrong key": {"Authorization": "Bearer bk_live_00000000000000000000000000000000_x"},
    "nobody": {},
}
DOORS = {
    "its own": (200, 403),
    "another shop's": (200, 403),
    "a seller": (200, 403),
    "a customer": (403, 200),
}
TOLD = {"its own", "a seller"}
"""Who may read of the shop's rows; a customer may of their own alone."""


async def people(parts: WebParts) -> dict[str, dict[str, str]]:
    """By what their browsers send: sessions, and what was kept after a link was used."""
    await add_customer(parts.store, parts.shop, ANA, "Ana")
    seller = await let_in(parts, await person(parts, "seller"))
    kept = await came_by_link(parts, ANA)
    return {
        "a seller": {"Cookie": f"{PLAIN}={seller}", "Sec-Fetch-Site": "same-origin"},
        "a customer": {"Cookie": f"{COOKIE}={kept}", "Sec-Fetch-Site": "same-origin"},
    }


@pytest.fixture
async def contract() -> dict[str, Any]:
    return described(Settings())


@pytest.mark.fuzz
@pytest.mark.timeout(600)
async def test_no_operation_breaks_or_tells_what_it_must_not(
    first: WebParts, second: WebParts, contract: dict[str, Any]
) -> None:
    await sow(first.store, first.shop)
    async with served(first) as mine, served(second) as theirs:
        who = PROGRAMS | await people(first)
        callers = [
            Caller(name, theirs if "another" in name else mine, headers)
            for name, headers in sorted(who.items())
        ]
        for caller in callers:
            assert await doors(caller) == DOORS.get(caller.name, (401, 401)), caller.name
        await asyncio.to_thread(fuzz, contract, callers, first)


@dataclass(frozen=True)
class Caller:
    name: str
    host: str
    headers: dict[str, str]


async def doors(caller: Caller) -> tuple[int, int]:
    """What somebody of the shop may see of themselves, and what a customer may."""
    async with httpx2.AsyncClient(base_url=caller.host, headers=caller.headers) as client:
        me, own = await client.get("/api/v1/me"), await client.get("/api/v1/own-data")
    return me.status_code, own.status_code


def fuzz(contract: dict[str, Any], callers: list[Caller], first: WebParts) -> None:
    schema = schemathesis.openapi.from_dict(contract)
    known = {name: str(one) for name, one in ids(first.shop).items()} | WORDS | LISTS
    for found in schema.get_all_operations():
        valid: Any = found
        operation = valid.ok()
        if operation.path.endswith(STREAMS):
            continue
        fuzz_one(operation, callers, known, str(first.shop))


def fuzz_one(operation: Any, callers: list[Caller], known: dict[str, str], canary: str) -> None:  # noqa: ANN401  Schemathesis has no public type for it
    @settings(
        max_examples=EACH,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), who=st.sampled_from(callers), real=st.booleans())
    def sent(case: Any, who: Caller, real: bool) -> None:  # noqa: ANN401, FBT001
        if real:
            case.path_parameters = {name: known[name] for name in case.path_parameters or {}}
        case.headers = {**(case.headers or {}), **who.headers}
        response = case.call(base_url=who.host, headers=who.headers, timeout=30)
        assert who.name in TOLD or canary not in response.text, (operation.label, who.name)
        try:
            case.validate_response(response, checks=CHECKS)
        except IncorrectUsage:
            assert response.status_code < 500, operation.label

    sent()
