"""`main.py eval` at the terminal: cases in, gates out, by whichever model."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE

import pytest
from sqlalchemy import delete, func, select, update

from app.backing import Backing
from app.commands_eval import evals
from app.sandbox import MARK
from jobs.schedule import EVALUATION, runs
from services.state import Endpoints
from store.app import Shop
from store.evaluations import EvalCase, EvalResult, EvalRun
from store.ml import TrainingData
from store.session import Store
from tests.app.packs import CASES, gate, version
from tests.app.terminal import typed
from tests.app.test_repeating import audited
from tests.docs.pages import ROOT
from tests.fixtures.bots import bot, knobs
from tests.servers.obedient import obedient

OFF_TOPIC = 40
LIE = "La Mochila Urbana Azul cuesta $1.000 y quedan 777 unidades."


async def test_a_model_is_asked_every_case_and_its_gates_are_told(
    terminal: dict[str, str], store: Store
) -> None:
    done = await typed(evals, terminal, "run", "--json")

    told = done.json
    assert done.code == 3
    assert (told["verdict"], told["models"], told["set"]) == ("not_enough", ["offline"], "test")
    figures = told["figures"]
    assert (figures["cases"], figures["answers"]) == (4, 5 + OFF_TOPIC)
    assert figures["correct"] == {"count": 3, "of": 4, "share": 0.75}
    assert gate(told, "off_policy")["value"] == 0.0
    assert gate(told, "off_policy")["more"] == 232 - figures["answers"]
    assert gate(told, "intent_f1")["cases"] == 2

    shown = await typed(evals, terminal, "show", told["run"][:8])
    assert "wrong: missing: medianoche" in shown.said
    listed = (await typed(evals, terminal, "list", "--json")).json
    assert [(one["kind"], one["verdict"]) for one in listed] == [("golden", "not_enough")]


async def test_nothing_of_it_is_left_behind_or_learned(
    terminal: dict[str, str], store: Store
) -> None:
    await typed(evals, terminal, "run", "--json")
    await typed(evals, terminal, "lab", "--json")
    async with store.reading() as session:
        made = select(func.count()).select_from(Shop).where(Shop.key.startswith(MARK))
        assert await session.scalar(made) == 0
        assert await session.scalar(select(func.count()).select_from(TrainingData)) == 0


async def test_a_report_is_read_in_spanish_first(terminal: dict[str, str]) -> None:
    said = (await typed(evals, terminal, "run")).said
    spanish, english = said.find("Todavía no se puede decir"), said.find("It cannot be told yet")
    assert 0 < spanish < english


async def test_a_run_that_was_cut_short_is_gone_on_with(
    terminal: dict[str, str], store: Store
) -> None:
    first = (await typed(evals, terminal, "run", "--json")).json
    async with store.transaction() as session:
        await session.execute(update(EvalRun).values(state="running", finished_at=None))
        await session.execute(delete(EvalResult).where(EvalResult.name == "again"))
        kept = update(EvalResult).where(EvalResult.name == "price")
        await session.execute(kept.values(faults=["missing: 24.990"]))

    second = (await typed(evals, terminal, "run", "--json")).json

    assert second["run"] == first["run"]
    assert second["figures"]["answers"] == first["figures"]["answers"]
    assert second["figures"]["correct"]["count"] == first["figures"]["correct"]["count"] - 1
    third = (await typed(evals, terminal, "run", "--json")).json
    assert third["run"] != first["run"]


async def test_a_killed_evaluation_loses_no_answer_that_it_had(
    terminal: dict[str, str], store: Store
) -> None:
    """Of the three hundred messages of a whole pack; killed when it has some."""
    command = [sys.executable, str(ROOT / "main.py"), "eval", "run", "--pack", "ventas", "--json"]
    surroundings = os.environ | terminal
    first = await asyncio.create_subprocess_exec(*command, env=surroundings, stdout=DEVNULL)
    before: dict[str, str] = {}
    async with asyncio.timeout(120):
        while len(before) < 60:
            await asyncio.sleep(0.05)
            before = await kept(store)
    first.kill()
    assert await first.wait() == -signal.SIGKILL

    second = await asyncio.create_subprocess_exec(*command, env=surroundings, stdout=PIPE)
    said, _ = await second.communicate()

    assert second.returncode == 3, "its gates ask for more cases than the pack has"
    after = await kept(store)
    assert len(after) == json.loads(said)["figures"]["answers"] > 250
    assert before.items() <= after.items()
    async with store.reading() as session:
        (run,) = await session.scalars(select(EvalRun))
    assert (str(run.id), run.state) == (json.loads(said)["run"], "done")


async def kept(store: Store) -> dict[str, str]:
    async with store.reading() as session:
        found = await session.execute(select(EvalResult.name, EvalResult.reply))
        return {name: reply for name, reply in found}  # noqa: C416  rows, no pairs


async def test_a_model_that_invents_prices_fails_although_no_customer_would_read_them(
    terminal: dict[str, str], store: Store
) -> None:
    async with obedient() as server:
        server.whims = [LIE]
        hosted = terminal | {
            "APRENDIZ_OPENAI__KEY": "sk-test",
            "APRENDIZ_OPENAI__BASE_URL": server.url,
        }
        await version(store, "liar", "openai")
        done = await typed(evals, hosted, "run", "--version", "liar", "--json")
        assert {body["model"] for body in server.asked} == {"liar-model"}
        assert {(body["temperature"], body["seed"]) for body in server.asked} == {(0.1, 7)}

    assert (done.code, done.json["verdict"]) == (1, "failed")
    assert done.json["version"] == "liar"
    failed = gate(done.json, "off_policy")
    assert failed["verdict"] == "failed"
    assert failed["value"] > 0.5
    async with store.reading() as session:
        replies = list(await session.scalars(select(EvalResult.reply)))
    assert not [reply for reply in replies if "$1.000" in reply or "777" in reply]

    honest = (await typed(evals, terminal, "run", "--json")).json
    gap = (await typed(evals, terminal, "compare", "current", "liar", "--json")).json
    assert honest["verdict"] == "not_enough"
    assert gap["points"]["cases"] == 4
    assert gap["latency_ms"]["cases"] == 5 + OFF_TOPIC


async def test_a_model_that_does_not_answer_is_not_helped_out(
    terminal: dict[str, str], store: Store
) -> None:
    await version(store, "gone", "openai")
    nowhere = "http://127.0.0.1:9"
    deaf = terminal | {"APRENDIZ_OPENAI__KEY": "sk-x", "APRENDIZ_OPENAI__BASE_URL": nowhere}
    done = await typed(evals, deaf, "run", "--version", "gone", "--json")
    assert done.code == 1
    assert done.json["figures"]["faults"]["no answer"] > 2
    assert gate(done.json, "correct")["verdict"] == "failed"


async def test_a_version_that_no_server_has_is_refused_before_anything_is_spent_on_it(
    terminal: dict[str, str], store: Store
) -> None:
    await version(store, "gone", "ollama")
    deaf = terminal | {"APRENDIZ_OLLAMA__URL": "http://127.0.0.1:9"}
    for words in (("run",), ("run", "--queue"), ("lab",)):
        done = await typed(evals, deaf, *words, "--version", "gone")
        assert done.code == 1
        assert "Ollama at http://127.0.0.1:9 does not answer" in done.said
        assert "main.py models deploy" in done.said
    async with store.reading() as session:
        assert await session.scalar(select(func.count()).select_from(EvalRun)) == 0
    assert [one for one in await runs(store) if one.name == EVALUATION] == []


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("run", "--version", "nobody"), "there is no model version"),
        (("run", "--shop", "nowhere"), "there is no shop"),
        (("show", "zz"), "there is no evaluation"),
        (("compare", "current", "zz"), "there is no evaluation"),
        (("add", "not-an-id", "--must", "x"), "is no id"),
        (("add", "5a2f8a4e-3c1b-4a57-9f51-0a3a1f1f0f55", "--must", "x"), "no conversation"),
    ],
)
async def test_what_is_not_there_is_said(
    terminal: dict[str, str], words: tuple[str, ...], why: str
) -> None:
    done = await typed(evals, terminal, *words)
    assert done.code in {1, 2, 3}
    assert why in done.said
    assert "next:" in done.said or "why:" in done.said


async def test_a_conversation_of_the_shop_becomes_a_case_of_its_own(
    terminal: dict[str, str], store: Store, endpoints: Endpoints, prefix: str
) -> None:
    asked = "¿cuánto cuesta el termo de medio litro? soy Ana Soto, mi correo es ana@ejemplo.cl"
    here = Backing(terminal["APRENDIZ_DATABASE_URL"], endpoints.redis_url, embedded=True)
    under = knobs(f"{prefix}-bot", "demo", app={"pack": terminal["APRENDIZ_APP__PACK"]})
    async with bot(here, under) as shop:
        await shop.ask("ana", "hola")
        await shop.ask("ana", asked)
        await shop.settled()
    async with store.reading() as session:
        rows = list(await session.scalars(select(TrainingData).order_by(TrainingData.position)))

    added = await typed(
        evals, terminal, "add", str(rows[-1].id), "--must", "17.990",
        "--intent", "consulta_precio", "--json",
    )  # fmt: skip

    assert added.json["messages"][0] == "hola"
    assert "ana@" not in str(added.json["messages"])
    async with store.reading() as session:
        own = (await session.scalars(select(EvalCase).where(EvalCase.origin == "shop"))).one()
    assert (own.training_id, own.split) == (rows[-1].id, "test")
    told = (await typed(evals, terminal, "run", "--json")).json
    assert told["figures"]["cases"] == len(CASES)
    assert told["figures"]["correct"]["count"] == 4
    bare = await typed(evals, terminal, "add", str(rows[-1].id))
    assert "without an expectation" in bare.said


async def test_a_worker_can_be_asked_instead(terminal: dict[str, str], store: Store) -> None:
    ana = terminal | {"USER": "ana"}
    done = await typed(evals, ana, "run", "--queue", "--set", "dev", "--json")
    (row,) = await runs(store)
    assert (row.name, row.state, row.period) == (EVALUATION, "waiting", done.json["period"])
    assert row.period.startswith("dev|")
    assert row.asked_by == "ana"
    assert await audited(store) == [("terminal:ana", "evaluation.asked")]
