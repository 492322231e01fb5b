"""What was spent is the same sum wherever it is told: pages, files, the API, the report, alerts."""

import csv
import io
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4, uuid5

import httpx2
import pytest
from sqlalchemy import insert, update

from config.manners import BudgetSettings
from config.settings import CurationSettings
from evaluation.alert_rules import RULES
from evaluation.seen import Seen
from evaluation.watching import look
from learning.facts import facts_of
from learning.rollups import Rollups
from llm.base import Payer
from llm.budget import Purse
from store import spending
from store.app import EventLog
from store.evaluations import EvalResult
from store.rollouts import ShadowAnswer
from store.senses import SenseLog
from store.session import Store
from store.versions import TrainingJob
from store.work import JobRun
from tests.fixtures.store import add_shop
from tests.learning.rollups import ZONE, add_people, person
from tests.web.api.seeds import sow
from tests.web.desks import desk_of, equipped, settings_in
from tests.web.pages.test_reports import words
from web.app import WebParts

PAID = {
    "answer": 1_000_000, "voice": 200_000, "image": 30_000, "shadow": 4_000, "judge": 500,
    "evaluation": 60_000, "training": 7_000_000,
}  # fmt: skip
WHOLE = sum(PAID.values())
KNOWN, NOBODYS = 900_000, 100_000
"""Of answers: to a customer who is there, and to one who is not."""
GROUPS = {"intencion": "intent", "cliente": "customer", "canal": "channel", "modelo": "model",
          "proveedor": "provider"}  # fmt: skip


def noon() -> datetime:
    """Two days ago, so that no midnight comes between."""
    today = datetime.now(ZONE).replace(hour=12, minute=0, second=0, microsecond=0)
    return (today - timedelta(days=2)).astimezone(UTC)


async def spend(store: Store, shop: UUID, at: datetime, times: int = 1) -> None:
    """One of everything that costs, on a shop that has a row in every table."""
    await sow(store, shop)
    changes: list[tuple[Any, dict[str, Any]]] = [
        (EventLog, {"created_at": at, "cost_micros": NOBODYS * times, "provider": "groq"}),
        (SenseLog, {"created_at": at, "cost_micros": PAID["voice"] * times, "channel": "telegram",
                    "message_id": uuid5(shop, "app.message")}),
        (ShadowAnswer, {"at": at, "cost_micros": PAID["shadow"] * times}),
        (EvalResult, {"created_at": at, "cost_micros": PAID["evaluation"] * times}),
        (TrainingJob, {"finished_at": at, "cost_micros": PAID["training"] * times,
                       "state": "failed"}),
        (JobRun, {"finished_at": at, "name": "scores", "state": "done",
                  "result": {"judge": {"cost_micros": PAID["judge"] * times}}}),
    ]  # fmt: skip
    async with store.transaction() as session:
        for model, values in changes:
            await session.execute(update(model).where(model.shop_id == shop).values(values))
    await more(store, shop, at, times)


async def more(store: Store, shop: UUID, at: datetime, times: int) -> None:
    """A picture of somebody who is known no more, one without a price, and an answer to Ana."""
    await add_people(store, shop, 1)
    seen = {
        "shop_id": shop, "channel": "web", "kind": "image", "provider": "groq", "model": "eyes",
        "tokens_in": 9, "tokens_out": 1, "created_at": at,
    }  # fmt: skip
    call = {
        "shop_id": shop, "request_id": uuid4(), "reply_id": uuid5(shop, "ml.training_data"),
        "provider": "groq", "model": "m", "tokens_in": 10, "tokens_out": 2, "latency_ms": 9,
        "cost_micros": KNOWN * times, "ok": True, "created_at": at,
    }  # fmt: skip
    async with store.transaction() as session:
        for cost in (PAID["image"] * times, None):
            await session.execute(
                insert(SenseLog).values(seen | {"id": uuid4(), "cost_micros": cost})
            )
        await session.execute(insert(EventLog).values(call))


@pytest.fixture
async def spent(store: Store, shop: UUID) -> date:
    at = noon()
    for which, times in ((shop, 1), (await add_shop(store, "other"), 3)):
        await spend(store, which, at, times)
        await Rollups(store, which, ZONE).refresh(datetime.now(UTC))
    return at.astimezone(ZONE).date()


@pytest.fixture
async def admin(
    parts: WebParts, tmp_path: Path, prefix: str, redis_url: str
) -> AsyncIterator[httpx2.AsyncClient]:
    tooled, _ = equipped(parts, settings_in(tmp_path, prefix, redis_url))
    async with desk_of(tooled) as client:
        yield client


def micros(usd: str) -> int:
    return round(float(usd) * 1_000_000)


async def file(client: httpx2.AsyncClient, name: str, query: str) -> list[list[str]]:
    answer = await client.get(f"/admin/costos/{name}.csv?{query}")
    return list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))[1:]


async def test_every_place_tells_the_same_sum(
    admin: httpx2.AsyncClient, store: Store, shop: UUID, spent: date
) -> None:
    mine = await facts_of(store, shop, ZONE, CurationSettings())
    await mine.keep([await mine.day(spent)])
    reported = await mine.figures(spent, spent)
    days, span = f"desde={spent}&hasta={spent}", {"from": str(spent), "to": str(spent)}
    told: dict[str, int] = {"report": reported.total_micros}
    for by, group in GROUPS.items():
        query = f"{days}&por={by}"
        table, drawn = await file(admin, "tabla", query), await file(admin, "dias", query)
        told[f"table by {by}"] = sum(micros(row[-1]) for row in table)
        told[f"days by {by}"] = sum(micros(cell) for row in drawn for cell in row[1:])
        asked = {**span, "group_by": group}
        api = (await admin.get("/api/v1/stats/costs", params=asked)).json()
        told[f"api by {by}"] = micros(api["total"])
        told[f"rows of api by {by}"] = sum(micros(row["cost"]) for row in api["rows"])
        parts = ("answers_total", "senses_total", "learning_total")
        told[f"parts of api by {by}"] = sum(micros(api[part]) for part in parts)
        told[f"days of api by {by}"] = sum(
            micros(cost) for day in api["days"] for name, cost in day.items() if name != "day"
        )
    summary = (await admin.get("/api/v1/stats/summary", params=span)).json()
    told["summary of api"] = micros(summary["cost"])

    assert set(told.values()) == {WHOLE}, told
    page = (await admin.get(f"/admin/costos?{days}")).text
    assert "US$8,29" in page
    panel = (await admin.get("/admin")).text
    columns = re.findall(r'class="block[^>]*><title>[^<]*: (US\$[0-9,.]+)<', panel)
    assert columns == ["US$8,29", "US$0,00", "US$0,00"], "the days before today and today too"


async def test_a_shop_sees_what_it_costs_and_no_other(
    admin: httpx2.AsyncClient, store: Store, shop: UUID, spent: date, parts: WebParts
) -> None:
    mine = await facts_of(store, shop, ZONE, CurationSettings())
    await mine.keep([await mine.day(spent)])
    query = {"from": str(spent), "to": str(spent), "group_by": "shop"}
    api = (await admin.get("/api/v1/stats/costs", params=query)).json()

    assert [(row["name"], row["kind"]) for row in api["rows"]] == [(parts.shop_name, "")]
    assert micros(api["rows"][0]["cost"]) == micros(api["total"]) == WHOLE
    assert [micros(day[parts.shop_name]) for day in api["days"]] == [WHOLE]


async def test_each_kind_is_told_by_its_name_and_the_report_tells_the_same(
    admin: httpx2.AsyncClient, store: Store, shop: UUID, spent: date
) -> None:
    mine = await facts_of(store, shop, ZONE, CurationSettings())
    await mine.keep([await mine.day(spent)])
    found = await mine.figures(spent, spent)
    query = {"from": str(spent), "to": str(spent), "group_by": "intent"}
    api = (await admin.get("/api/v1/stats/costs", params=query)).json()

    kinds = {row["kind"]: micros(row["cost"]) for row in api["rows"] if row["kind"]}
    assert kinds == {name: PAID[name] for name in PAID if name != "answer"}
    assert {name: getattr(found, f"{name}_micros") for name in kinds} == kinds
    assert (found.cost_micros, found.unpriced_files) == (PAID["answer"], 1)
    page = (await admin.get(f"/admin/costos?desde={spent}&hasta={spent}")).text
    assert "respuestas US$1,00 · voz US$0,20 · imágenes US$0,0300 · aprender US$7,06" in page
    assert "Pruebas en la sombra" in page


async def test_a_customer_costs_what_was_answered_and_heard(
    admin: httpx2.AsyncClient, store: Store, shop: UUID, spent: date
) -> None:
    query = {"from": str(spent), "to": str(spent), "group_by": "customer"}
    api = (await admin.get("/api/v1/stats/costs", params=query)).json()
    of = {row["kind"] or row["name"]: micros(row["cost"]) for row in api["rows"]}

    customer = str(uuid5(shop, "app.customer"))
    assert of[customer] == KNOWN + PAID["voice"]
    assert of["nobody"] == NOBODYS + PAID["image"]
    assert str(person(shop, 0)) not in of
    async with store.tenant(shop) as session:
        for cap, beyond in ((KNOWN + PAID["voice"], 1), (KNOWN + PAID["voice"] + 1, 0)):
            assert await spending.beyond(session, shop, spent, cap) == beyond
    async with store.transaction() as session:
        gone = update(SenseLog).where(SenseLog.shop_id == shop, SenseLog.kind == "voice")
        await session.execute(gone.values(message_id=uuid4()))
    await Rollups(store, shop, ZONE).refresh(datetime.now(UTC), since=spent)
    again = (await admin.get("/api/v1/stats/costs", params=query)).json()
    left = {row["kind"] or row["name"]: micros(row["cost"]) for row in again["rows"]}
    assert (left[customer], sum(left.values())) == (KNOWN, WHOLE)


async def test_where_a_day_is_bounded_its_purse_is_what_pages_tell(
    parts: WebParts, shop: UUID, spent: date, tmp_path: Path, prefix: str, redis_url: str
) -> None:
    knobs = BudgetSettings(shop_usd=5)
    settings = settings_in(tmp_path, prefix, redis_url, budget=knobs.model_dump())
    purse = Purse(parts.wire, parts.channel.prefix, knobs, parts.zone)
    await purse.reserve(Payer(str(shop), "ana"), 1_250_000)
    tooled, _ = equipped(replace(parts, budget=knobs), settings)
    async with desk_of(tooled) as admin:
        panel, page = [words((await admin.get(path)).text) for path in ("/admin", "/admin/costos")]
    assert "Costo hoy US$1,25 de US$5,00" in panel
    assert "Tienda: US$1,25 de US$5,00" in page


async def test_alerts_look_at_what_the_days_budget_pays(
    store: Store, shop: UUID, spent: date
) -> None:
    """A training has a budget of its own, and so has an evaluation."""
    budgeted = WHOLE - PAID["training"] - PAID["evaluation"]
    terms = Seen(budget_micros=10 * budgeted)
    async with store.lookup() as connection:
        moments = [noon() + timedelta(minutes=2)]
        (share,) = await look(connection, shop, RULES["budget"], moments, terms)
    assert share.value == pytest.approx(0.1)
