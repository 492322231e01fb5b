"""`main.py report` at the terminal."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from typer import Typer

from app.commands_report import report
from app.shop import set_up_shop
from config.packs import load_pack
from config.settings import Settings
from events.happened import named
from store.facts import Report
from store.session import Store
from tests.app.terminal import typed
from tests.learning.test_facts import a_day

pytestmark = pytest.mark.usefixtures("logs")
cli = Typer()
cli.command()(report)
STAFF = {"APRENDIZ_TAKEOVER__STAFF": '["telegram:main:123"]'}


def yesterday() -> datetime:
    zone = ZoneInfo("America/Santiago")
    there = datetime.now(zone).replace(hour=12, minute=0, second=0, microsecond=0)
    return (there - timedelta(days=1)).astimezone(UTC)


async def test_an_empty_shop_is_told_that_data_are_missing(env: dict[str, str]) -> None:
    done = await typed(cli, env)
    assert done.code == 0, done.said
    assert "Todavía faltan datos" in done.out


async def test_its_figures_are_those_of_the_days(env: dict[str, str], store: Store) -> None:
    """The second look counts nothing anew, and says the same."""
    await set_up_shop(store, Settings.model_validate({}), load_pack("ventas"))
    await a_day(store, named("shop", "demo"), yesterday())
    first = await typed(cli, env, "--days", "1", "--json")
    again = await typed(cli, env, "--days", "1", "--json")
    wanted = {"days": 1, "replies": 5, "total_micros": 2000, "saved_micros": 3000, "paid": 2}
    assert {name: first.json[name] for name in wanted} == wanted
    assert again.json == first.json


async def test_sent_it_waits_for_a_bot_and_its_state_is_shown(
    env: dict[str, str], store: Store
) -> None:
    done = await typed(cli, env | STAFF, "--send", "--days", "3", "--json")
    assert done.code == 0, done.said
    async with store.reading() as session:
        (row,) = list(await session.scalars(select(Report)))
    assert (row.period, row.told_at) == (done.json["sent"], None)
    assert done.json["last"] == {"period": row.period, "told_at": None, "messages": {}}


@pytest.mark.parametrize(
    ("words", "more", "why"),
    [
        (["--send"], {}, "there is nobody to send it to"),
        (["--send", "--shop", "other"], STAFF, "each bot tells its own shop"),
        (["--shop", "other"], {}, "there is no shop 'other'"),
    ],
)
async def test_what_cannot_be_sent_is_refused_with_what_to_do(
    env: dict[str, str], words: list[str], more: dict[str, str], why: str
) -> None:
    done = await typed(cli, env | more, *words)
    assert done.code != 0
    assert why in done.said
    assert "Traceback" not in done.said
