"""The page about rollouts shows what is really printed, and its picture names what there is."""

import doctest
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from app.commands_rollout import rollout
from app.console import result
from learning.rollout import BECOMES, State
from services.clock import now
from services.state import Endpoints
from store.session import Store
from tests.app.terminal import KEY, typed
from tests.docs.pages import ROOT, codes, page, rows
from tests.fixtures.store import add_shop
from tests.flow.rollouts import add_version
from tests.learning.served import Clock, Stage, Talked

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
PAGE = page("docs/rollout.md")
SHOWN = re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", "".join(PAGE.blocks("console")), re.MULTILINE)


@pytest.fixture
def env(database_url: str, endpoints: Endpoints, prefix: str, tmp_path: Path) -> dict[str, str]:
    return {
        "APRENDIZ_DATABASE_URL": database_url,
        "APRENDIZ_REDIS_URL": endpoints.redis_url,
        "APRENDIZ_REDIS__PREFIX": prefix,
        "APRENDIZ_APP__VAR": str(tmp_path / "var"),
        "APRENDIZ_SECRET_KEY": KEY,
        "USER": "ana",
    }


@pytest.fixture
def wide() -> Iterator[None]:
    """A terminal of 120 columns, as the page has it, whatever the tests run in."""
    before = result.width
    result.width = 120
    yield
    result.width = before


@pytest.mark.usefixtures("wide")
async def test_what_the_page_shows_is_what_is_printed(env: dict[str, str], store: Store) -> None:
    """Between `advance` and `status` some customers talk."""
    stage = Stage(store, await add_shop(store), Clock(now()))
    await add_version(store, stage.shop, provider="offline")
    for command, expected in SHOWN:
        words = command.removeprefix(".venv/bin/python main.py rollout ").split()
        if words == ["status"]:
            await talk(stage)
        printed = (await typed(rollout, env, *words)).out
        same = doctest.OutputChecker().check_output(expected, printed, FLAGS)
        assert same, f"{command}\n{printed}"


async def talk(stage: Stage) -> None:
    """Three hundred and sixty were answered as ever, forty by the candidate, a star worse."""
    await stage.talked(
        *(
            Talked(n, variant="control", scored=5 - n % 2, cost=900, latency_ms=700 + 5 * (n % 180))
            for n in range(360)
        ),
        *(
            Talked(n, variant="canary", scored=4 - n % 2, cost=300, latency_ms=500 + 20 * (n % 40))
            for n in range(1_000, 1_040)
        ),
    )


def test_the_table_of_the_states_is_that_of_the_code() -> None:
    told = {codes(row[0])[0]: codes(row[1])[0] for row in rows(PAGE.section("States"))}
    assert told == BECOMES
    assert set(told) == set(get_args(State))


def test_the_picture_names_every_state() -> None:
    picture = (ROOT / "docs/rollout.svg").read_text()
    assert all(state in picture for state in get_args(State))
