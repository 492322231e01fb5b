"""Trainings, as programs ask for them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from config.settings import Settings
from learning.trainers.bases import takes, trainer_of
from learning.trainers.opening import OPENERS
from tests.web.api.conftest import refusal
from web.api.means import Means

RUNS = "/api/v1/training/runs"
OLD = "/finetune/start"


def settings(**more: Any) -> Settings:  # noqa: ANN401  sections
    return Settings(**more)


@pytest.fixture
def means(means: Means) -> Means:
    known = {name: getattr(means.settings, name) for name in ("app", "redis")}
    return replace(means, settings=Settings(**known))


@pytest.mark.parametrize(
    ("place", "body"),
    [
        (RUNS, {"base_model": "un-modelo"}),
        (RUNS, {"base_model": "nadie:un-modelo", "trainer": "examples"}),
        (RUNS, {"base_model": "/nowhere/at/all", "trainer": "local"}),
        (RUNS, {"base_model": "llama-99", "trainer": "openai"}),
        (OLD, {"base_model": "un-modelo"}),
    ],
)
async def test_a_base_model_that_no_trainer_knows_is_refused_with_what_they_take(
    program: httpx2.AsyncClient, place: str, body: dict[str, str]
) -> None:
    refused = await program.post(place, json=body)
    assert refusal(refused) == (422, "refused")
    assert repr(body["base_model"]) in refused.json()["detail"]
    assert all(f"{name} takes" in refused.json()["detail"] for name in OPENERS)


async def test_a_trainer_that_there_is_not_is_refused_with_those_there_are(
    program: httpx2.AsyncClient,
) -> None:
    refused = await program.post(RUNS, json={"trainer": "nadie"})
    assert refusal(refused) == (422, "refused")
    assert all(name in refused.json()["detail"] for name in OPENERS)


def test_who_names_no_trainer_gets_the_one_that_takes_the_base_model(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    plain = settings()
    found = [
        trainer_of(base, plain)
        for base in ("", "groq:some", "offline:rules", "gpt-4.1-nano", str(tmp_path), "un-modelo")
    ]
    assert found == ["examples", "examples", "examples", "openai", "local", "examples"]


def test_what_is_not_openai_itself_and_a_trainer_of_ones_own_take_any_name() -> None:
    elsewhere = settings(openai={"base_url": "http://127.0.0.1:9/v1"})
    priced = settings(training={"prices": {"m": 1.0}, "trainers": {"mine": "mine:open"}})
    assert takes("openai", "any", elsewhere)
    assert takes("openai", "m", priced)
    assert takes("mine", "any", priced)
    assert not takes("openai", "any", priced)
