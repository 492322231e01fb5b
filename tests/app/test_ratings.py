"""`main.py ratings`, `corrections` and `improve` at the terminal."""

import json
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from sqlalchemy import select
from typer import Typer

from app.commands_ratings import corrections, improve, ratings
from store.ml import TrainingData
from store.session import Store, open_store
from tests.app.graded import a_bad_answer
from tests.app.terminal import Ended, typed
from tests.servers.models import ModelServer, model_server, refuses, says

BETTER = "La Mochila Urbana Azul cuesta $24.990 y hay stock."
alone = Typer()
alone.command()(improve)


@pytest.fixture
async def bad(database_url: str) -> str:
    return await a_bad_answer(database_url)


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with model_server() as running:
        yield running


@pytest.fixture
def hosted(env: dict[str, str], server: ModelServer) -> dict[str, str]:
    return env | {
        "OPENAI_API_KEY": "sk-test",
        "APRENDIZ_OPENAI__BASE_URL": f"{server.url}/v1",
        "APRENDIZ_MODELS__ORDER": '["openai", "offline"]',
    }


async def correction(database_url: str, reply: str) -> str | None:
    store: Store = open_store(database_url, role="pipeline", pool=1)
    async with store.reading() as session:
        query = select(TrainingData.correction).where(TrainingData.id == UUID(reply))
        found: str | None = await session.scalar(query)
    await store.close()
    return found


async def rated(env: dict[str, str], *words: str) -> Ended:
    return await typed(ratings, env, *words)


async def test_a_bad_answer_is_found_rated_and_dealt_with(env: dict[str, str], bad: str) -> None:
    [waiting] = (await rated(env, "pending", "--json")).json
    assert (waiting["id"], waiting["down"], waiting["worst"]) == (bad, 1, 1)
    assert bad in (await rated(env, "pending", "--by", "newest")).said

    given = await rated(env, "give", bad, "--stars", "2", "--down", "--comment", "sin precio")
    assert f"{bad}: 2 stars, teaches nothing" in given.said
    back = await rated(env, "give", bad, "--up", "--json")
    assert back.json == {"reply": bad, "stars": 2, "rejected": False, "correction": None}
    said = (await rated(env, "list", "--reply", bad, "--json")).json
    assert [(one["role"], one["stars"], one["thumb"], one["comment"]) for one in said] == [
        ("staff", 2, 1, "sin precio"),
        ("customer", None, -1, ""),
    ]
    assert "★★ 👍" in (await rated(env, "list")).said

    done = await rated(env, "process", bad, "--notes", "ya está en el catálogo")
    assert "dealt with" in done.said
    assert (await rated(env, "pending", "--json")).json == []
    assert "Nothing went wrong" in (await rated(env, "pending")).said
    gone = await rated(env, "give", bad, "--take-back", "--json")
    assert gone.json["stars"] is None


async def test_what_cannot_be_done_is_told_in_three_lines(env: dict[str, str], bad: str) -> None:
    nobody = "00000000-0000-0000-0000-000000000001"
    for words, code, told in (
        (("give", "hola", "--up"), 2, "'hola' is no id of an answer"),
        (("give", nobody, "--up"), 1, f"the shop has no answer {nobody}"),
        (("give", bad), 1, "nothing was said of the answer"),
        (("give", bad, "--stars", "9"), 1, "9 stars: 1 to 5 can be given"),
        (("give", bad, "--up", "--down"), 1, "nothing was said of the answer"),
        (("process", nobody), 1, "the shop has no answer"),
    ):
        ended = await rated(env, *words)
        assert (ended.code, told in ended.said, "next:" in ended.err) == (code, True, True), words


async def test_a_better_answer_is_proposed_seen_and_accepted(
    env: dict[str, str], database_url: str, bad: str
) -> None:
    shown = await typed(alone, env, bad, "--text", BETTER)
    assert "[-No sé.-]" in shown.said
    assert "ok facts" in shown.said
    assert "next: main.py corrections accept" in shown.said
    [one] = (await typed(corrections, env, "list", "--json")).json
    assert (one["text"], one["state"]) == (BETTER, "proposed")
    assert await correction(database_url, bad) is None
    listed = await typed(corrections, env | {"COLUMNS": "200"}, "list")
    assert one["id"][:8] in listed.said

    done = await typed(corrections, env, "accept", one["id"][:8], "--json")
    assert (done.json["state"], done.json["example"]) == ("accepted", True)
    assert await correction(database_url, bad) == BETTER
    again = await typed(corrections, env, "accept", one["id"])
    assert (again.code, "is accepted already" in again.said) == (1, True)
    assert "Nothing waits" in (await typed(corrections, env, "list")).said
    assert len((await typed(corrections, env, "list", "--state", "all", "--json")).json) == 1


async def test_a_checks_no_is_told_and_a_person_may_refuse(env: dict[str, str], bad: str) -> None:
    one = (await typed(alone, env, bad, "--text", "Cuesta $1.000, oferta.", "--json")).json
    refused = await typed(corrections, env, "accept", one["id"])
    assert refused.code == 1
    assert "why: facts: it states a price" in refused.said
    done = await typed(corrections, env, "refuse", one["id"], "--why", "ese precio no existe")
    assert f"refused: {one['id'][:8]}" in done.said
    missing = await typed(corrections, env, "accept", "ffffffff")
    assert (missing.code, "no correction is called 'ffffffff'" in missing.said) == (1, True)
    neither = await typed(alone, env, bad)
    assert (neither.code, "nothing was proposed" in neither.said) == (2, True)


async def test_a_model_proposes_and_only_a_person_accepts(
    hosted: dict[str, str], server: ModelServer, database_url: str, bad: str
) -> None:
    server.will(says(json.dumps({"answer": BETTER, "why": "dice el precio"})))
    one = (await typed(alone, hosted, bad, "--ai", "--json")).json
    assert (one["origin"], one["state"], one["why"]) == ("ai", "proposed", "dice el precio")
    assert one["proposed_by"].startswith("openai ")
    told = server.asked[-1]["messages"][-1]["content"]
    assert "24.990" in told, "the facts go along"
    assert await correction(database_url, bad) is None
    await typed(corrections, hosted, "accept", one["id"])
    assert await correction(database_url, bad) == BETTER


async def test_what_a_model_invents_or_mangles_never_gets_through(
    hosted: dict[str, str], server: ModelServer, database_url: str, bad: str
) -> None:
    server.will(says(json.dumps({"answer": "¡Hoy cuesta $500!", "why": "más barata"})))
    one = (await typed(alone, hosted, bad, "--ai", "--json")).json
    assert [check["name"] for check in one["checks"] if not check["ok"]] == ["facts"]
    refused = await typed(corrections, hosted, "accept", one["id"])
    assert refused.code == 1
    for mangled in ("claro que sí", '{"answer": 7, "why": ""}', '{"answer": "x"}'):
        server.will(says(mangled))
        ended = await typed(alone, hosted, bad, "--ai")
        assert (ended.code, "nothing was changed" in ended.said) == (1, True), mangled
    assert await correction(database_url, bad) is None


async def test_without_a_model_that_reads_prompts_there_is_no_help(
    env: dict[str, str], hosted: dict[str, str], server: ModelServer, bad: str
) -> None:
    offline = env | {"APRENDIZ_MODELS__ORDER": '["offline"]'}
    ended = await typed(alone, offline, bad, "--ai")
    assert (ended.code, "this needs a language model" in ended.said) == (3, True)
    server.will(*[refuses(401)] * 3)
    ended = await typed(alone, hosted, bad, "--ai")
    assert (ended.code, "no model answered" in ended.said) == (4, True)
