"""What an answer has to know of the network it goes to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from bot.channels.memory import MemoryChannel
from config.manners import TurnSettings
from events.contents import Template
from events.effects import Effects
from events.vocabulary import ReplyDrafted, ReplyWithheld, TurnReady
from handlers.reply import Network, Replier
from handlers.turns import BURST_MS, Turns
from tests.handlers.replying import NOW, SHOP, Scripted, ask, draft_of, turn_of, with_model

DAY_S = 86_400


def asked_ago(turn: TurnReady, age: timedelta) -> TurnReady:
    messages = tuple(msgspec.structs.replace(one, at=NOW - age) for one in turn.messages)
    return msgspec.structs.replace(turn, messages=messages)


async def test_an_answer_that_would_come_too_late_is_never_generated(replier: Replier) -> None:
    model = Scripted("nunca se pide")
    replier = replace(with_model(replier, model), network=Network(window_s=lambda _: DAY_S))
    turn = asked_ago(turn_of("¿tienen mochilas?"), timedelta(seconds=DAY_S))

    outcome = await replier.on_turn(turn)

    assert isinstance(outcome, Effects)
    (withheld,) = outcome.events
    assert isinstance(withheld, ReplyWithheld)
    assert withheld.reason == "window"
    assert outcome.closes == turn.turn
    assert model.asked == []


async def test_instead_of_an_answer_that_comes_too_late_a_template_brings_the_customer_back(
    replier: Replier,
) -> None:
    template = Template(name="seguimos_aqui", language="es")
    network = Network(window_s=lambda _: DAY_S, template=template)
    turn = asked_ago(turn_of("¿tienen mochilas?"), timedelta(seconds=DAY_S))

    outcomes = [await replace(replier, network=network).on_turn(turn) for _ in range(2)]

    first, again = [outcome.events for outcome in outcomes if isinstance(outcome, Effects)]
    withheld, draft = first
    assert isinstance(withheld, ReplyWithheld)
    assert isinstance(draft, ReplyDrafted)
    assert (draft.parts, draft.extras, draft.purpose) == ((), (template,), "follow_up")
    assert draft.id != withheld.reply
    assert [event.id for event in again] == [event.id for event in first], "once per question"


async def test_within_the_window_and_where_there_is_none_an_answer_is_made(
    replier: Replier,
) -> None:
    turn = asked_ago(turn_of("hola"), timedelta(seconds=DAY_S - 1))
    windowed = replace(replier, network=Network(window_s=lambda _: DAY_S))
    assert draft_of(await windowed.on_turn(turn)).text

    old = asked_ago(turn_of("hola"), timedelta(days=30))
    assert draft_of(await replier.on_turn(old)).text


async def test_the_customer_sees_that_somebody_writes_until_the_answer_is_there(
    replier: Replier,
) -> None:
    seen: list[str] = []

    @contextmanager
    def writing(turn: TurnReady) -> Iterator[None]:
        seen.append(f"begins for {turn.chat}")
        yield
        seen.append("ends")

    await ask(replace(replier, network=Network(writing=writing)), "hola")

    assert seen == ["begins for ana", "ends"]


async def test_a_file_that_is_too_big_is_declined_politely(replier: Replier) -> None:
    turn = turn_of("", content="video")
    big = msgspec.structs.replace(turn.messages[0], flags=frozenset({"too_big"}))

    reply = draft_of(await replier.on_turn(msgspec.structs.replace(turn, messages=(big,))))

    assert "demasiado grande" in reply.text


@pytest.mark.parametrize(
    ("album", "flags", "wait_ms"),
    [(None, (), 0), ("a1", (), BURST_MS), (None, ("backlog",), BURST_MS)],
)
async def test_what_comes_in_a_burst_is_waited_for(
    album: str | None, flags: tuple[str, ...], wait_ms: int
) -> None:
    one = MemoryChannel(SHOP).message("ana", "hola", key="1")
    message = msgspec.structs.replace(one, album=album, flags=frozenset(flags))

    effects = await Turns(TurnSettings(patience=0)).on_message(message)

    assert effects.join is not None
    assert effects.join.wait_ms == wait_ms
    assert effects.join.ready.messages[0].platform_id == "1"
