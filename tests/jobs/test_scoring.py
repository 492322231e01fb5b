"""Rounds over the scores: due where replies were judged, one at a time, done by a real worker."""

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import update

from capture.recorder import Recorder
from config.settings import JobSettings
from jobs.asking import offer
from jobs.queue import Queue
from jobs.schedule import SCORES, Run, Terms, ask, claim, ensure, runs
from jobs.scoring import ScoringImpossible, rescoring_of
from jobs.tasks import perform
from services.clock import now
from store import ml
from store.session import Store
from tests.capture.talk import START, Talk, capture
from tests.capture.test_thumbs import tapped
from tests.evaluation.talks import Rows, talked
from tests.fixtures.store import add_shop
from tests.jobs.processes import environment, settings_of, start_worker, until
from tests.jobs.test_exactly_once import killed_at_last
from tests.servers.models import ModelServer, model_server, says

TERMS = Terms(backoff_s=0)
PLUGIN = """
from app.plugins import App
from evaluation.scoring import Evidence


def praised(text: str) -> Evidence | None:
    return Evidence("praise", text, 3) if "zarpado" in text else None


def register(app: App) -> None:
    app.signal(praised)
"""
SETTINGS = JobSettings()


@pytest.fixture
def places(database_url: str, redis_url: str, prefix: str, tmp_path: Path) -> dict[str, str]:
    return environment(database_url, redis_url, prefix, tmp_path / "datasets")


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with model_server() as opened:
        yield opened


@pytest.fixture
def queue(redis_url: str, prefix: str) -> Queue:
    return Queue(redis_url, prefix)


async def due(store: Store, moment: datetime) -> list[Run]:
    found = await ensure(store, moment, SETTINGS, TERMS)
    return [run for run in found if run.name == SCORES]


async def worked(store: Store, queue: Queue, run: Run, places: dict[str, str]) -> None:
    """By a process of its own, as somebody asked for it."""
    await Rows(store).all("DELETE FROM app.job_run RETURNING name")
    assert await offer(store, queue, run, TERMS)

    async def done() -> bool:
        return [row.state for row in await runs(store)] == ["done"]

    with killed_at_last([start_worker(places)]):
        await until(done, within=180)


async def test_a_shop_where_replies_were_judged_is_due_once_a_few_hours(
    store: Store, shop: UUID
) -> None:
    await add_shop(store, "silent")
    await talked(store, shop, "gracias", at=now())
    moment = now().replace(hour=7, minute=30)
    (run,) = await due(store, moment)
    assert run == Run(SCORES, shop, f"{moment:%Y-%m-%d}T06")
    assert await due(store, moment + timedelta(hours=3)) == []


async def test_a_shop_whose_customer_gave_a_thumb_is_due(store: Store, shop: UUID) -> None:
    talk = Talk(shop)
    said = [talk.says("¿tienen poleras?"), talk.replies("Sí."), talk.sent("m1")]
    await capture(Recorder(store), *said)
    assert await due(store, START + timedelta(hours=8)) == []
    await capture(Recorder(store), tapped(talk, "down"))
    assert len(await due(store, START + timedelta(hours=8))) == 1


async def test_while_a_round_is_open_there_is_no_other(store: Store, shop: UUID) -> None:
    await talked(store, shop, "gracias", at=now())
    moment = now().replace(hour=7)
    (run,) = await due(store, moment)
    assert await claim(store, run, TERMS) == 1
    assert await due(store, moment + timedelta(hours=6)) == []


async def test_what_was_judged_long_ago_makes_no_round_due(store: Store, shop: UUID) -> None:
    await talked(store, shop, "gracias", at=now() - timedelta(days=9))
    assert await due(store, now()) == []


async def test_a_worker_does_a_round_with_the_model_of_the_settings(
    store: Store, shop: UUID, places: dict[str, str], queue: Queue, server: ModelServer
) -> None:
    said = "me gusta pero llegó tarde"
    await talked(store, shop, said, at=now() - timedelta(minutes=30))
    told = {
        "razon": "se queja", "cita": "llegó tarde", "etiqueta": "hesitation", "puntaje": 3,
        "compra": False, "confianza": 0.8,
    }  # fmt: skip
    server.will(says(json.dumps(told)))
    hosted = places | {
        "APRENDIZ_OPENAI__KEY": "k",
        "APRENDIZ_OPENAI__BASE_URL": f"{server.url}/v1",
        "APRENDIZ_MODELS__ORDER": '["openai", "offline"]',
    }
    (run,) = await due(store, now())
    await worked(store, queue, run, hosted)

    (row,) = await runs(store)
    assert row.result["signals"]["looked_at"] == 1
    assert (row.result["judge"]["asked"], row.result["judge"]["judged"]) == (1, 1)
    assert (await Rows(store).cached())[said] == (3, "hesitation")


async def test_history_is_judged_again_by_a_worker_process(
    store: Store, shop: UUID, places: dict[str, str], queue: Queue
) -> None:
    await talked(store, shop, "gracias", "muy caro")
    await Rows(store).all("DELETE FROM ml.score RETURNING scorer")
    async with store.transaction() as session:
        await session.execute(update(ml.TrainingData).values(quality_score=None))
    await worked(store, queue, rescoring_of(shop, "lexicon"), places)

    assert (await Rows(store).cached())["muy caro"][0] == 2
    (row,) = await runs(store)
    assert row.result == {"rows": 2, "fresh": 2}


async def test_a_worker_hears_the_plugins_of_the_settings(
    store: Store, shop: UUID, places: dict[str, str], queue: Queue, tmp_path: Path
) -> None:
    (tmp_path / "loud_bot.py").write_text(PLUGIN)
    plugged = places | {"PYTHONPATH": f"{tmp_path}", "APRENDIZ_APP__PLUGINS": '["loud_bot"]'}
    await talked(store, shop, "¡zarpado!", "gracias")
    assert (await Rows(store).cached())["¡zarpado!"] == (None, "no_signal")
    await worked(store, queue, rescoring_of(shop, "lexicon"), plugged)
    (row,) = await runs(store)
    assert row.result == {"rows": 2, "fresh": 1}
    assert (await Rows(store).cached())["¡zarpado!"] == (5, "praise")


async def test_an_unknown_scorer_is_refused_and_written_down(
    store: Store, shop: UUID, places: dict[str, str]
) -> None:
    run = Run("rescore", shop, "oracle")
    await ask(store, run)
    with pytest.raises(ScoringImpossible, match="oracle"):
        await perform(run, TERMS, settings_of(places))
    (row,) = await runs(store)
    assert "oracle" in row.error
