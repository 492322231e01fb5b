"""What is checked in is what there is, and everything in it is named and shown."""

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.describing import described
from config.settings import ROOT, Settings
from web.api.contract import operations

WRITTEN = Path(ROOT) / "docs" / "openapi.json"


@pytest.fixture(scope="module")
def contract() -> dict[str, Any]:
    return described(Settings())


def test_the_contract_that_is_checked_in_is_the_one_that_is_served(
    contract: dict[str, Any],
) -> None:
    """Written anew by: main.py openapi > docs/openapi.json."""
    assert json.loads(WRITTEN.read_text(encoding="utf-8")) == json.loads(json.dumps(contract))


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does(
    contract: dict[str, Any],
) -> None:
    names = [one["operationId"] for _, _, one in operations(contract)]
    assert len(names) == len(set(names)) > 100
    assert [
        name
        for _, _, one in operations(contract)
        if not one.get("description")
        for name in [one["operationId"]]
    ] == []


def test_every_body_shows_an_example(contract: dict[str, Any]) -> None:
    for path, method, one in operations(contract):
        content = one.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            name = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
            assert contract["components"]["schemas"][name].get("examples"), (method, path)


def test_every_text_that_is_taken_has_an_end(contract: dict[str, Any]) -> None:
    """Neither a long text nor a NUL gets as far as Postgres."""
    taken = {
        content["schema"]["$ref"].rpartition("/")[2]
        for _, _, one in operations(contract)
        for content in one.get("requestBody", {}).get("content", {}).values()
    }
    for name in taken:
        for field, shape in contract["components"]["schemas"][name]["properties"].items():
            for one in shape.get("anyOf", [shape]):
                if one.get("type") == "string" and "enum" not in one and "format" not in one:
                    bounded = "maxLength" in one or "const" in one or "contentMediaType" in one
                    assert bounded, (name, field)


def test_only_what_says_so_is_open_to_everybody(contract: dict[str, Any]) -> None:
    opened = [one["operationId"] for _, _, one in operations(contract) if "security" not in one]
    assert sorted(opened) == ["list_chat_messages", "open_session", "send_chat_message"]


async def test_the_page_shows_every_operation_of_a_topic_with_requests_to_copy(
    seller: httpx2.AsyncClient,
) -> None:
    page = await seller.get("/api?tema=products")
    assert page.status_code == 200
    for said in ("create_product", "curl -X POST", "httpx2.request(", "MOCH-AZUL", "If-Match"):
        assert said in page.text, said
    assert len(page.content) < 100_000
    assert (await seller.get("/api/openapi.json")).json()["info"]["title"] == "Aprendiz"
