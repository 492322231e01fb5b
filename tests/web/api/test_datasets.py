"""What the bot learns from, as programs take it along."""

import csv
import io
import json
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest

from learning.dataset import Built
from store.session import Store
from tests.builders import add_history
from tests.learning.building import build, rows_of
from tests.web.api.conftest import refusal
from web.app import WebParts

DATASETS = "/api/v1/training/datasets"


@pytest.fixture
async def built(store: Store, first: WebParts, tmp_path: Path) -> Built:
    await add_history(store, first.shop, 20)
    return await build(store, first.shop, tmp_path / "datasets")


async def test_messages_with_what_they_mean_are_exported(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, built: Built
) -> None:
    place = f"{DATASETS}/{built.id}/exports"
    made = await program.post(place, json={"shape": "nlu"})
    assert made.status_code == 201
    train = next(one for one in made.json()["files"] if one.endswith("train.jsonl"))
    rows = [json.loads(line) for line in (await program.get(train)).text.splitlines()]
    assert rows
    assert all(row.keys() == {"text", "intent"} for row in rows)
    table = await program.post(place, json={"shape": "nlu", "format": "csv"})
    text = (await program.get(table.json()["files"][0])).text
    told = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["id"] for row in told] == [row["id"] for row in rows_of(built)]
    assert (await program.post(place, json={"shape": "nlu", "format": "parquet"})).is_success
    assert refusal(await neighbour.post(place, json={"shape": "nlu"})) == (404, "not_found")


@pytest.mark.parametrize(
    ("shape", "format_", "fit"), [("nlu", "ollama", "jsonl, csv, parquet"), ("dpo", "csv", "jsonl")]
)
async def test_a_shape_that_is_not_written_so_says_how_it_is(
    program: httpx2.AsyncClient, built: Built, shape: str, format_: str, fit: str
) -> None:
    place = f"{DATASETS}/{built.id}/exports"
    refused = await program.post(place, json={"shape": shape, "format": format_})
    assert refusal(refused) == (422, "refused")
    assert f"is written as {fit}, not as {format_}" in refused.json()["detail"]


async def test_a_dataset_that_there_is_not_is_said_plainly(program: httpx2.AsyncClient) -> None:
    refused = await program.post(f"{DATASETS}/{uuid4()}/exports", json={})
    assert refusal(refused) == (404, "not_found")
    assert refused.json()["detail"].startswith("There is no dataset")
