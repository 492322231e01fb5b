"""What the page about cadences says is what the code does, and its report is the one printed."""

import doctest
import runpy
import shlex
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import structlog

from app.reporting import readers
from app.shop import set_up_shop
from config.cadences import CadenceSettings
from config.packs import load_pack
from config.settings import JobSettings, Settings
from events.happened import named
from jobs.cadences import of_settings, weekly_dataset
from jobs.facts import SETTLE_D
from services.state import Endpoints
from store.facts import DailyFact
from store.session import Store
from tests.app.terminal import typed
from tests.docs.pages import ROOT, codes, page, rows
from tests.learning.test_facts import a_day

PAGE = page("docs/cadences.md")
ZONE = ZoneInfo("America/Santiago")


@pytest.fixture
def logs() -> Iterator[None]:
    """A command sets them up for its own process."""
    yield
    structlog.reset_defaults()


@pytest.mark.usefixtures("logs")
async def test_the_report_of_the_page_is_what_is_printed(
    database_url: str, endpoints: Endpoints, prefix: str, store: Store
) -> None:
    await set_up_shop(store, Settings.model_validate({}), load_pack("ventas"))
    yesterday = datetime.now(ZONE) - timedelta(days=1)
    noon = yesterday.replace(hour=12, minute=0, second=0, microsecond=0)
    await a_day(store, named("shop", "demo"), noon.astimezone(UTC) - timedelta(seconds=1))
    command, _, expected = PAGE.blocks("console")[0].removeprefix("$ main.py ").partition("\n")
    env = {
        "APRENDIZ_DATABASE_URL": database_url,
        "APRENDIZ_REDIS_URL": endpoints.redis_url,
        "APRENDIZ_REDIS__PREFIX": prefix,
    }
    done = await typed(runpy.run_path(str(ROOT / "main.py"))["cli"], env, *shlex.split(command))
    assert done.code == 0, done.said
    same = doctest.OutputChecker().check_output(expected, done.out, doctest.ELLIPSIS)
    assert same, done.out


def test_the_table_of_the_jobs_is_that_of_the_code() -> None:
    """Each period of the table is the first one that is due at the moment it says."""
    told = {
        codes(row[0])[0]: (codes(row[1])[0], row[3]) for row in rows(PAGE.prose.partition("## ")[0])
    }
    facts, report, risk, drift, week = of_settings(CadenceSettings(), ZONE)
    dataset = weekly_dataset(JobSettings())
    assert told.keys() == {one.name for one in (facts, report, risk, drift, week, dataset)}
    due = {
        facts: datetime(2026, 11, 21, 4, tzinfo=ZONE),
        dataset: datetime(2026, 11, 23, 3, tzinfo=UTC),
        report: datetime(2026, 11, 23, 9, tzinfo=ZONE),
        week: datetime(2026, 11, 23, 9, tzinfo=ZONE),
        risk: datetime(2026, 11, 21, 4, tzinfo=ZONE),
        drift: datetime(2026, 11, 23, 4, tzinfo=ZONE),
    }
    for cadence, at in due.items():
        period, missed = told[cadence.name]
        first = at - timedelta(days=14)
        assert cadence.due(first, at)[-1] == period
        assert period not in cadence.due(first, at - timedelta(seconds=1))
        assert cadence.most == 1 or f"the last {cadence.most} " in missed


def test_every_column_of_a_day_is_told() -> None:
    told = {name for row in rows(PAGE.section("The facts of a day")) for name in codes(row[0])}
    edges = {"shop_id", "day", "began_at", "ended_at", "computed_at"}
    assert told == set(DailyFact.__table__.columns.keys()) - edges
    assert SETTLE_D == 3
    assert "the three days after it" in " ".join(PAGE.section("The facts of a day").split())


def test_the_settings_of_the_page_are_accepted() -> None:
    settings = Settings.model_validate(tomllib.loads(PAGE.blocks("toml")[0]))
    assert readers(settings) == ("whatsapp_cloud:main:56911112222",)
