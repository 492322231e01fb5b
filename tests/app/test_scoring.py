"""`label`, `scores`, `rescore` and `try score` at the terminal."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from typer import Typer
from typer.testing import CliRunner

from app.commands_scoring import labels, rescore, scores
from app.commands_try import tries
from events.happened import named
from jobs.schedule import runs
from store.session import Store
from store.shops import ShopRow, upsert_shop
from tests.app.terminal import Ended, typed
from tests.evaluation.talks import Rows, talked
from tests.servers.models import ModelServer, model_server, says

SHOP = named("shop", "demo")
again = Typer()
again.command()(rescore)


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with model_server() as opened:
        yield opened


@pytest.fixture
async def replies(store: Store) -> list[UUID]:
    """A shop with three replies that were answered."""
    row = ShopRow(id=SHOP, key="demo", name="Demo", pack="ventas", currency="CLP")
    async with store.transaction() as session:
        await upsert_shop(session, row)
    events = await talked(store, SHOP, "gracias", "muy caro", "24")
    return [one.training_id for one in events]


async def given(env: dict[str, str], lines: list[str], cli: Typer, *words: str) -> Ended:
    done = await asyncio.to_thread(
        CliRunner().invoke, cli, words, env=env, input="\n".join(lines) + "\n"
    )
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return Ended(done.exit_code, done.stdout, done.stderr)


async def test_a_seller_labels_one_after_another_without_seeing_a_score(
    env: dict[str, str], store: Store, replies: list[UUID]
) -> None:
    done = await given(env, ["7", "5", "s", "0", "q"], labels, "next", "--by", "ana")

    assert done.code == 0
    assert "2 labelled by ana" in done.said
    assert done.said.count("the customer wrote") >= 3
    found = await Rows(store).all("SELECT score, labelled_by FROM ml.reply_label ORDER BY score")
    assert found == [(5, "ana"), (None, "ana")]


async def test_when_all_are_labelled_it_says_so(env: dict[str, str], replies: list[UUID]) -> None:
    done = await given(env, ["5", "1", "0"], labels, "next")
    assert "3 labelled" in done.said
    assert "nothing left to label" in done.said
    assert (await typed(labels, env, "next", "--json")).json is None


async def test_the_next_one_as_json_holds_no_score(
    env: dict[str, str], replies: list[UUID]
) -> None:
    shown = (await typed(labels, env, "next", "--json")).json
    assert shown.keys() == {"id", "question", "reply", "next"}
    assert UUID(shown["id"]) in replies


async def test_labels_go_out_and_come_in_again(
    env: dict[str, str], store: Store, replies: list[UUID]
) -> None:
    added = await typed(labels, env, "add", str(replies[0]), "2", "--by", "ana", "--json")
    assert added.json == {"written": 1, "frozen": 0}
    line = json.dumps({"reply": "Cuesta $9", "next": "soy ana@correo.cl", "score": None})
    assert (await given(env, [line], labels, "import", "--frozen", "--json")).json == {
        "written": 1, "frozen": 1,
    }  # fmt: skip
    out = (await typed(labels, env, "export")).out
    told = [json.loads(each) for each in out.splitlines()]
    assert [(one["score"], one["frozen"]) for one in told] == [(2, False), (None, True)]
    assert told[1]["next"] == "soy [MAIL_1]"

    await Rows(store).all("DELETE FROM ml.reply_label RETURNING id")
    assert (await given(env, out.splitlines(), labels, "import", "--json")).json["written"] == 2
    back = (await typed(labels, env, "export")).out
    assert sorted(back.splitlines()) == sorted(out.splitlines())
    assert (await Rows(store).cached())["gracias"] == (2, "labelled")


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("no json", "no label"),
        ('{"next": "hola"}', "it has no 'score'"),
        ('{"next": "hola", "score": 6}', "1 to 5"),
        ('{"next": "hola", "score": true}', "1 to 5"),
        ('{"next": " ", "score": 3}', "a next message"),
        ('{"training_id": "x", "score": 3}', "no label"),
        ("[1]", "no label"),
    ],
)
async def test_one_bad_line_and_nothing_is_written(
    env: dict[str, str], bad: str, why: str, store: Store
) -> None:
    good = json.dumps({"next": "gracias", "score": 5})
    done = await given(env, [good, bad], labels, "import")
    assert done.code == 1
    assert why in done.said
    assert "nothing was written" in done.said
    assert await Rows(store).all("SELECT id FROM ml.reply_label") == []


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [(("x", "3"), 2, "whole"), ((str(uuid4()), "9"), 2, "1 to"), ((str(uuid4()), "3"), 1, "no")],
)
async def test_a_label_of_nothing_is_explained(
    env: dict[str, str], words: tuple[str, str], code: int, why: str
) -> None:
    done = await typed(labels, env, "add", *words)
    assert (done.code, why in done.err, "next:" in done.err) == (code, True, True)


async def test_agreement_is_told_in_figures_and_as_a_table(
    env: dict[str, str], replies: list[UUID]
) -> None:
    assert (await typed(labels, env, "agreement")).code == 1
    for reply, score in zip(replies, ("5", "2", "0"), strict=True):
        await typed(labels, env, "add", str(reply), score)
    told = (await typed(labels, env, "agreement", "--json")).json
    assert told["lexicon"]["cases"] == 3
    assert told["lexicon"]["kappa"] == 1.0
    assert told["lexicon"]["confusion"]["5"] == {"5": 1}
    assert "κ" in (await typed(labels, env, "agreement")).out


async def test_every_judgement_of_a_reply_is_shown(
    env: dict[str, str], replies: list[UUID]
) -> None:
    await typed(labels, env, "add", str(replies[0]), "2")
    shown = (await typed(scores, env, "show", str(replies[0]), "--json")).json
    assert (shown["score"], shown["label"]) == (2, "labelled")
    assert {one["scorer"] for one in shown["judgements"]} == {"lexicon", "human"}
    assert "lexicon" in (await typed(scores, env, "show", "last")).out
    assert (await typed(scores, env, "show", "nothing")).code == 2


async def test_without_a_model_a_round_says_who_did_not_judge(
    env: dict[str, str], replies: list[UUID]
) -> None:
    found = (await typed(scores, env, "update", "--json")).json
    assert found["judge"]["stopped"] == "no model is configured"
    assert found["signals"]["looked_at"] == 3
    assert found["scorer"] is None
    assert "judge: 0 asked" in (await typed(scores, env, "update")).said


async def test_too_few_labels_are_told(env: dict[str, str], replies: list[UUID]) -> None:
    done = await typed(scores, env, "train")
    assert done.code == 1
    assert "500 more" in done.said
    assert (await typed(scores, env, "list", "--json")).json == []
    assert "No scorer of its own" in (await typed(scores, env, "list")).said


async def test_history_is_judged_again_by_command_or_left_to_the_worker(
    env: dict[str, str], store: Store, replies: list[UUID]
) -> None:
    await Rows(store).all("DELETE FROM ml.score RETURNING scorer")
    told = (await typed(again, env, "--json")).json
    assert told["lexicon"] == {"rows": 3, "fresh": 3, "resumed": 0}
    assert told["trained"] == {"rows": 0, "fresh": 0, "resumed": 0}
    assert "3 replies looked at, 0 judged" in (await typed(again, env)).said

    queued = (await typed(again, env, "--scorer", "lexicon", "--queue", "--json")).json
    assert queued == {"lexicon": "queued"}
    assert [(row.name, row.period, row.state) for row in await runs(store)] == [
        ("rescore", "lexicon", "waiting")
    ]
    assert (await typed(again, env, "--scorer", "oracle")).code == 2


@pytest.mark.parametrize(
    ("line", "score", "by"),
    [
        ({"next": "gracias", "reaction": "👎"}, 3, "lexicon"),
        ({"next": "24", "reaction": "❤️"}, 5, "reaction"),
        ({"next": "no gracias", "order": True}, 5, "order"),
        ({"next": "gracias", "label": 2}, 2, "human"),
        ({"next": "gracias", "rejected": True}, 1, "edit"),
        ({"next": "sí", "reply": "¿Te la reservo?"}, 5, "lexicon"),
        ({"next": "24", "hand_over": True}, 2, "hand_over"),
        ({"next": "ok", "question": "¿hacen envíos a regiones?",
          "again": "hacen envios a regiones"}, 3, "lexicon"),
        ({"silent": True}, None, "silence"),
    ],
)  # fmt: skip
async def test_the_whole_cascade_is_tried_from_a_json(
    env: dict[str, str], line: dict[str, Any], score: int | None, by: str
) -> None:
    shown = (await given(env, [json.dumps(line)], tries, "score")).json
    assert (shown["score"], shown["by"]) == (score, by)


async def test_a_plain_line_is_told_as_ever(env: dict[str, str]) -> None:
    shown = (await given(env, ["me encantó, la quiero"], tries, "score")).json
    assert list(shown) == ["score", "label", "confidence", "successful", "evidence"]
    done = await given(env, ["{no json"], tries, "score")
    assert done.code == 1


async def test_a_shop_without_a_scorer_of_its_own_is_tried_by_the_lexicon(
    env: dict[str, str],
) -> None:
    done = await given(env, ["gracias"], tries, "score", "--shop", "demo")
    assert (done.json["score"], done.json["label"]) == (5, "thanks")


async def test_the_judge_is_tried_on_what_is_uncertain(
    env: dict[str, str], server: ModelServer, tmp_path: Path
) -> None:
    told = {
        "razon": "se queja", "cita": "llegó tarde", "etiqueta": "trouble", "puntaje": 2,
        "compra": False, "confianza": 0.8,
    }  # fmt: skip
    server.will(says(json.dumps(told)))
    hosted = env | {
        "APRENDIZ_OPENAI__KEY": "k", "APRENDIZ_OPENAI__BASE_URL": f"{server.url}/v1",
        "APRENDIZ_MODELS__ORDER": '["openai", "offline"]',
    }  # fmt: skip
    lines = ['{"next": "me gusta pero llegó tarde"}', '{"next": "gracias"}']
    done = await given(hosted, lines, tries, "score", "--judge")
    first, second = (json.loads(each) for each in done.out.splitlines())

    assert (first["score"], first["by"]) == (2, "judge")
    assert (second["score"], second["by"]) == (5, "lexicon")
    assert len(server.asked) == 1
    assert (await given(env, ["gracias"], tries, "score", "--judge")).code == 3
