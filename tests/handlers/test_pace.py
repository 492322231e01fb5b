"""Counted once however often a turn comes back; each customer by themselves."""

import pytest

from config.manners import PaceSettings
from handlers.pace import Pace, lasting
from handlers.reading import Understanding
from handlers.steps import Asked, Decision, Situation
from services.wire import Wire
from tests.handlers.replying import NOW, PACK, PARSER, turn_of
from tests.llm.talking import INDEX


def asked(text: str, chat: str = "ana") -> Asked:
    reading = Understanding(PACK, PARSER).read(text, INDEX)
    return Asked(turn_of(text, chat=chat), reading, Situation(), NOW)


def said(decision: Decision | None) -> str | None:
    """None where the turn goes on to be answered, "" where nothing is said."""
    if decision is None:
        return None
    return decision.answer.completion.used[0] if decision.answer else ""


async def test_what_comes_back_is_the_same_and_is_counted_once(wire: Wire, prefix: str) -> None:
    pace = Pace(PACK, PaceSettings(in_5_minutes=2), wire, prefix)
    found = [
        said(await pace.before(asked(text)))
        for text in ("uno", "uno", "dos", "tres", "tres", "cuatro", "uno", "tres", "cuatro")
    ]
    assert found == [None, None, None, "paced", "paced", "", None, "paced", ""]
    assert said(await pace.before(asked("uno", "luz"))) is None


async def test_a_full_day_is_told_once_too(wire: Wire, prefix: str) -> None:
    pace = Pace(PACK, PaceSettings(in_5_minutes=0, a_day=1), wire, prefix)
    found = [said(await pace.before(asked(text))) for text in ("uno", "dos", "tres", "dos")]
    assert found == [None, "paced", "", "paced"]


async def test_nothing_bounds_where_there_is_no_bound(wire: Wire, prefix: str) -> None:
    pace = Pace(PACK, PaceSettings(in_5_minutes=0, a_day=0), wire, prefix)
    assert {said(await pace.before(asked(str(number)))) for number in range(30)} == {None}


@pytest.mark.parametrize(
    ("seconds", "locale", "told"),
    [
        (0.2, "es", "1 minuto"),
        (61, "es-CL", "2 minutos"),
        (3600, "es", "60 minutos"),
        (3601, "es", "2 horas"),
        (86_400, "en", "24 hours"),
        (30, "en", "1 minute"),
    ],
)
def test_how_long_is_told_in_whole_units(seconds: float, locale: str, told: str) -> None:
    assert lasting(seconds, locale) == told
