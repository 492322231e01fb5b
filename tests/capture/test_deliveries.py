from itertools import permutations
from uuid import UUID

import pytest
from sqlalchemy import select

from capture.deliveries import Progress, statuses, summed
from capture.recorder import Recorder
from events.effects import Delivered
from events.vocabulary import (
    DeliveryUpdated,
    ReplyDispatched,
    ReplyFailed,
    ReplySent,
    ReplyUncertain,
)
from store import app
from store.session import Store
from tests.capture.talk import START, Talk, capture

SHOP = UUID(int=1)
DISPATCHED = Progress("dispatched", START)
UNCERTAIN = Progress("uncertain", START, "timeout")
FAILED = Progress("failed", START, "blocked")
SENT = Progress("sent", START, None, ("1",))


def test_the_furthest_state_counts_in_whatever_order_it_is_told() -> None:
    for first, second, third, fourth in permutations((DISPATCHED, UNCERTAIN, FAILED, SENT)):
        assert first.then(second).then(third).then(fourth) == SENT


def test_two_parts_that_were_sent_are_both_known_once() -> None:
    more = Progress("sent", START, None, ("1", "2"))
    assert SENT.then(more).platform_ids == ("1", "2")
    assert SENT.then(more).then(SENT).platform_ids == ("1", "2")


def test_what_is_told_of_one_reply_adds_up() -> None:
    talk = Talk(SHOP)
    told = [talk.replies("hola"), talk.uncertain("timeout"), talk.sent("9"), talk.failed("no")]
    events = [one.event for one in told]
    kinds = (ReplyDispatched, ReplySent, ReplyUncertain, ReplyFailed)
    (progress,) = summed(event for event in events if isinstance(event, kinds)).values()
    assert (progress.state, progress.platform_ids) == ("sent", ("9",))


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("sent delivered read", "read"),
        ("read delivered sent", "read"),
        ("sent failed delivered", "failed"),
        ("failed read", "failed"),
        ("delivered failed", "delivered"),
        ("delivered failed read", "read"),
    ],
)
@pytest.mark.parametrize("cut", [0, 1, 2])
async def test_a_status_only_moves_forward_and_a_failure_is_final_unless_it_comes_too_late(
    recorder: Recorder, store: Store, talk: Talk, said: str, state: str, cut: int
) -> None:
    """However the statuses are cut into batches."""
    await capture(recorder, talk.says("hola"), talk.replies("a"), talk.sent("w", state="accepted"))
    news = [talk.status("w", word, reason="131026") for word in said.split()]  # type: ignore[arg-type]
    for batch in (news[:cut], news[cut:], news):
        await capture(recorder, *batch)
    assert await how(store) == (state, "131026" if state == "failed" else None)


def test_a_failure_between_two_news_of_arrival_does_not_hide_the_later_one() -> None:
    talk = Talk(SHOP)
    events = [talk.status("w", "failed").event, talk.status("w", "read").event]
    (status,) = statuses(one for one in events if isinstance(one, DeliveryUpdated)).values()
    assert (status.state, status.arrived) == ("failed", "read")


async def test_what_the_network_tells_before_we_know_what_it_speaks_of_is_not_lost(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    await capture(recorder, talk.says("hola"), talk.replies("¡hola!"))
    await capture(recorder, talk.status("w1", "delivered"))
    assert await how(store) == ("dispatched", None)
    await capture(recorder, talk.sent("w1", state="accepted"))
    assert await how(store) == ("delivered", None)


async def test_the_key_the_network_repeats_confirms_a_send_whose_answer_was_lost(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    await capture(recorder, talk.says("hola"), talk.replies("¡hola!"), talk.uncertain("timeout"))
    await capture(recorder, talk.status("w1", "sent", part=0))
    assert await how(store) == ("sent", None)


async def test_a_reply_is_as_far_as_the_least_of_its_parts(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    seen = []

    async def told(*news: Delivered) -> None:
        await capture(recorder, *news)
        seen.append(await how(store))

    await told(talk.says("hola"), talk.replies("larga", parts=3))
    await told(talk.sent("a", "b", "c", state="accepted"))
    await told(talk.status("a", "read"), talk.status("c", "delivered"))
    await told(talk.status("b", "sent"))
    await told(talk.status("b", "delivered"))
    await told(talk.status("c", "read"), talk.status("b", "read"))
    states = ["dispatched", "accepted", "accepted", "sent", "delivered", "read"]
    assert seen == [(state, None) for state in states]


async def test_one_part_that_failed_is_a_reply_that_failed(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    await capture(recorder, talk.says("hola"), talk.replies("larga", parts=2), talk.sent("a", "b"))
    await capture(recorder, talk.status("a", "read"), talk.status("b", "failed", reason="131026"))
    await capture(recorder, talk.uncertain("late"), talk.sent("a", "b"))
    assert await how(store) == ("failed", "131026")


async def test_a_part_that_left_twice_is_worth_its_better_copy(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    await capture(recorder, talk.says("hola"), talk.replies("¡hola!"), talk.sent("second"))
    await capture(recorder, talk.status("first", "failed", part=0, reason="131000"))
    assert (await how(store))[0] == "failed"
    await capture(recorder, talk.status("second", "delivered", part=0))
    assert await how(store) == ("delivered", None)


async def test_a_status_of_a_stranger_s_message_belongs_to_nobody(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    """Something else sends from the same number, perhaps to people we never met."""
    await capture(recorder, Talk(talk.shop, "stranger").status("x", "read"))
    await capture(recorder, talk.says("hola"), talk.replies("a"), talk.status("y", "read"))
    assert await how(store) == ("dispatched", None)


async def how(store: Store) -> tuple[str, str | None]:
    async with store.reading() as session:
        one = (await session.scalars(select(app.Delivery))).one()
        return one.state, one.reason
