"""The example of the whole loop: from what customers say to a better model that answers them."""

import asyncio
import json
import os
import sys
from typing import Any

import pytest

from examples.loop import talks
from services.state import Endpoints
from tests.conftest import ROOT

pytestmark = pytest.mark.timeout(400)


@pytest.fixture
async def told(database_url: str, endpoints: Endpoints, prefix: str) -> dict[str, Any]:
    """What the example tells of itself, run as a person runs it."""
    places = {
        "APRENDIZ_DATABASE_URL": database_url,
        "APRENDIZ_REDIS_URL": endpoints.redis_url,
        "APRENDIZ_REDIS__PREFIX": prefix,
    }
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "examples.learning_loop", "--json",
        cwd=ROOT, env=os.environ | places, stdout=pipe, stderr=pipe,
    )  # fmt: skip
    said, complained = await process.communicate()
    assert process.returncode == 0, complained.decode()
    found: dict[str, Any] = json.loads(said)
    return found


async def test_the_loop_leads_from_conversations_to_a_better_model_and_takes_a_bad_one_back(
    told: dict[str, Any],
) -> None:
    assert told["talk"]["scores"] == {"1": 4, "5": 8}
    accepted = {one["question"]: one["after"] for one in told["correct"]["accepted"]}
    assert accepted == talks.CORRECTED

    assert told["dataset"]["rows"] == len(talks.KNOWN)
    assert told["dataset"]["dropped"] == {"exact_duplicate": 4, "low_score": 2, "unscored": 12}
    trained = told["train"]
    assert (trained["state"], trained["conversations"]) == ("succeeded", len(talks.KNOWN))
    assert told["base"]["lessons"] == 2 * len(talks.KNOWN), "no prompt holds an answer of before"
    assert told["deploy"]["tokens"] > 1000, "compared between training and serving"

    answers = {one["question"]: one for one in told["compare"]["answers"]}
    assert {question: one["before"] for question, one in answers.items()} == talks.KNOWN
    after = {question: one["after"] for question, one in answers.items()}
    assert after == talks.KNOWN | talks.CORRECTED

    gates = told["gates"]
    assert gates["bad"]["verdict"] == "failed"
    assert gates["bad"]["gates"]["off_policy"] == "failed"
    assert gates["good"]["verdict"] == "not_enough", "a dozen cases prove nothing"
    assert gates["good_by_small_limits"]["verdict"] == "passed"

    bad = told["bad"]
    assert (bad["state"], bad["becomes"], bad["lies_heard"]) == ("rolled_back", "withdrawn", 0)
    assert bad["steps"][-1]["by"] == "the controller"
    assert bad["steps"][-1]["reason"].startswith("guard rail: invented amounts")

    good = told["good"]
    assert [one["to"] for one in good["steps"]] == ["shadow", "canary", "promoted"]
    assert good["becomes"] == "active"
    assert told["afterwards"]["active"] == trained["version"]
    heard = {question: _begun(said) for question, said in told["afterwards"]["answers"].items()}
    assert heard == {question: _begun(better) for question, better in talks.CORRECTED.items()}
    assert not heard.items() & {(one, _begun(said)) for one, said in talks.KNOWN.items()}


def _begun(said: str) -> str:
    """Customers are answered with some freedom: a model this small may end in other words."""
    return " ".join(said.split()[:3])
