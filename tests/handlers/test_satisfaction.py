"""When a customer is asked how content they are, and when never."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from config.manners import HoursSettings, RatingSettings
from events.contents import Composed, Generation, SourceUsed
from events.effects import NOTHING, Effects, Retry
from events.happened import following, named
from events.manners import SatisfactionDue, SilenceChanged
from events.stream import Stream
from events.vocabulary import ReplyDispatched, ReplyDrafted
from handlers.hours import opening
from handlers.reach import Reach
from handlers.satisfaction import Satisfaction, closes_well
from services.wire import Wire
from store.session import Store, open_store
from tests.handlers.replying import NOW, PACK, SHOP

HERE = named("memory:main", "conversation", "ana")
REPLY = named("reply")
SAID = ReplyDispatched(
    id=named("dispatched"), shop=SHOP, account="memory:main", conversation=HERE,
    request_id=named("request"), at=NOW, received_at=NOW, customer=named("ana"), chat="ana",
    text="Cuesta $9.990.", parts=("Cuesta $9.990.",), reply=REPLY, asked_at=NOW,
)  # fmt: skip
Made = Callable[..., Satisfaction]


@pytest.fixture
def made(stream: Stream, store: Store) -> Made:
    def satisfaction(
        later: timedelta = timedelta(hours=2),
        week: str = "00:00-24:00",
        **fields: Any,  # noqa: ANN401  any field
    ) -> Satisfaction:
        hours = opening(HoursSettings(timezone="UTC"), {"mon-sun": week})
        reach = Reach(stream, lambda _, text: Composed(parts=(text,)), lambda _: False)
        plain = Satisfaction(
            stream, store, PACK, RatingSettings(csat=True), hours, reach, lambda: NOW + later
        )
        return replace(plain, **fields)

    return satisfaction


async def due_of(one: Satisfaction, reply: ReplyDispatched = SAID) -> SatisfactionDue:
    effects = await one.on_reply(reply)
    assert isinstance(effects, Effects)
    [timer] = effects.timers
    assert timer.after_ms == 2 * 3_600_000
    assert isinstance(timer.event, SatisfactionDue)
    return timer.event


def drafted(outcome: Effects | Retry) -> list[ReplyDrafted]:
    assert isinstance(outcome, Effects)
    return [event for event in outcome.events if isinstance(event, ReplyDrafted)]


async def test_the_same_moment_twice_is_the_same_question(made: Made) -> None:
    one = made()
    due = await due_of(one)
    first, again = [drafted(await one.on_due(due)) for _ in range(2)]
    assert first == again
    [question] = first
    assert question.purpose == "csat"
    assert question.sensitive, "an uncertain one is not sent again"
    assert [choice.id for choice in question.choices] == [
        f"csat:{stars}:{question.id}" for stars in range(1, 6)
    ]
    assert all(len(choice.title) <= 20 and len(choice.id) <= 64 for choice in question.choices)


@pytest.mark.parametrize(("hours", "asked"), [(2.0, 1), (23.5, 1), (24.0, 0), (50.0, 0)])
async def test_nobody_is_asked_a_day_after_they_spoke(made: Made, hours: float, asked: int) -> None:
    one = made(timedelta(hours=hours))
    assert len(drafted(await one.on_due(await due_of(one)))) == asked


async def test_at_night_it_waits_for_the_morning_if_that_is_soon_enough(made: Made) -> None:
    """It is 14:00."""
    soon = made(week="16:00-20:00")
    effects = await soon.on_due(await due_of(soon))
    assert isinstance(effects, Effects)
    assert [timer.after_ms for timer in effects.timers] == [2 * 3_600_000]
    late = made(week="11:58-12:30")
    assert await late.on_due(await due_of(late)) == NOTHING


async def test_a_closed_window_is_left_closed(made: Made, stream: Stream) -> None:
    reach = Reach(stream, lambda _, text: Composed(parts=(text,)), lambda _: True)
    one = made(reach=reach)
    assert await one.on_due(await due_of(one)) == NOTHING


@pytest.mark.parametrize("key", ["silence", "notes"])
async def test_silence_and_a_wish_to_be_left_alone_hold(
    made: Made, stream: Stream, wire: Wire, key: str
) -> None:
    one = made()
    due = await due_of(one)
    if key == "silence":
        await wire.command("SET", stream.keys.silence(HERE), "person")
    else:
        await wire.command("HSET", stream.keys.notes(HERE), "opted_out", "1")
    assert await one.on_due(due) == NOTHING


async def test_who_takes_the_word_ends_the_wait_and_the_open_question(made: Made) -> None:
    one = made()
    due = await due_of(one)
    envelope = following(SAID, "silence", NOW)
    taken = SilenceChanged(**envelope, silenced=True, reason="spoke")
    assert await one.on_news(taken) == Effects(notes={"csat": ""})
    assert await one.on_due(due) == NOTHING


async def test_without_postgres_it_is_tried_again(made: Made) -> None:
    gone = open_store("postgresql:///nowhere?host=/nowhere", role="pipeline", wait_s=0.1)
    one = made(store=gone)
    assert isinstance(await one.on_due(await due_of(one)), Retry)
    await gone.close()


def handed(name: str) -> Generation:
    return Generation(sources=(SourceUsed(kind="answer", id=name, title=name),))


@pytest.mark.parametrize(
    ("fields", "well"),
    [
        ({}, True),
        ({"purpose": "order"}, True),
        ({"purpose": "follow_up"}, True),
        ({"purpose": "csat"}, False),
        ({"purpose": "thanks"}, False),
        ({"purpose": "broadcast"}, False),
        ({"purpose": "identity"}, False),
        ({"author": "human"}, False),
        ({"then_silent_ms": 1}, False),
        ({"generation": handed("hand_over_closed")}, False),
        ({"generation": handed("consulta_envio")}, True),
    ],
)
def test_a_conversation_may_end_with_an_answer_and_not_with_somebody_on_their_way(
    fields: dict[str, object],
    well: bool,  # noqa: FBT001  a case
) -> None:
    assert closes_well(structs.replace(SAID, **fields)) is well


def test_the_settings_bound_the_wait_to_the_window() -> None:
    with pytest.raises(ValueError, match="less than 24"):
        RatingSettings(csat_after_h=24)
