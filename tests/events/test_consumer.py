"""The consumer: order, redelivery, parking, superseding, timers, ownership, drain."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

from events import dead
from events.consumer import Consumer, Limits
from events.effects import NOTHING, Delivered, Effects, Outcome, Retry, Timer
from events.groups import drop, states
from events.stages import Batches, Lanes, Stage
from events.stream import Stream
from events.vocabulary import (
    Happened,
    MessageReceived,
    ReplySent,
    Sender,
    TurnReady,
    following,
    named,
)
from handlers.turns import Turns, supersedes

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
SHOP = named("shop", "test")
LIMITS = Limits(lease_ms=600)


def said(chat: str, number: int, text: str = "hola") -> MessageReceived:
    event = named("message", chat, str(number))
    return MessageReceived(
        id=event,
        shop=SHOP,
        account="memory:test",
        conversation=named("conversation", chat),
        request_id=event,
        at=NOW,
        received_at=NOW,
        customer=named("customer", chat),
        chat=chat,
        platform_id=str(number),
        sender=Sender(id=chat),
        text=text,
    )


async def until(what: Callable[[], bool | Awaitable[bool]], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while True:
            found = what()
            if found if isinstance(found, bool) else await found:
                return
            await asyncio.sleep(0.01)


@asynccontextmanager
async def consuming(
    stream: Stream, redis_url: str, *stages: Stage, limits: Limits = LIMITS
) -> AsyncIterator[Consumer]:
    consumer = Consumer(stream, redis_url, stages, limits)
    await consumer.start()
    try:
        yield consumer
        assert consumer.failed() is None
    finally:
        await consumer.stop(5)


async def ingest(stream: Stream, *events: Happened) -> None:
    await asyncio.gather(*(stream.ingest(event, remember_s=60) for event in events))


async def test_messages_of_one_conversation_are_handled_in_order_and_once(
    stream: Stream, redis_url: str
) -> None:
    seen: dict[str, list[str]] = {}

    async def note(message: MessageReceived) -> Outcome:
        await asyncio.sleep(0.001)
        seen.setdefault(message.chat, []).append(message.platform_id)
        return NOTHING

    async with consuming(stream, redis_url, Lanes("notes", {MessageReceived: note})):
        for number in range(30):
            await ingest(stream, *(said(chat, number) for chat in "abcdef"))
        await ingest(stream, *(said(chat, 3) for chat in "abcdef"))
        await until(lambda: sum(map(len, seen.values())) >= 180)
        await asyncio.sleep(0.1)
    assert seen == {chat: [str(n) for n in range(30)] for chat in "abcdef"}


async def test_what_was_acknowledged_by_all_groups_is_trimmed(
    stream: Stream, redis_url: str
) -> None:
    async def ignore(_: MessageReceived) -> Outcome:
        return NOTHING

    async def length() -> bool:
        sizes = [await stream.wire.command("XLEN", stream.keys.stream(p)) for p in range(4)]
        return bool(max(sizes) <= 1)

    async with consuming(stream, redis_url, Lanes("notes", {MessageReceived: ignore})):
        await ingest(stream, *(said(chat, n) for chat in "abcdefgh" for n in range(20)))
        await until(length)


async def test_an_event_that_keeps_failing_is_parked_and_the_next_goes_on(
    stream: Stream, redis_url: str
) -> None:
    handled, tries = [], []

    async def fragile(message: MessageReceived) -> Outcome:
        if message.text == "poison":
            tries.append(message.id)
            raise ValueError("no se puede")
        handled.append(message.platform_id)
        return NOTHING

    limits = Limits(lease_ms=600, max_deliveries=3)
    async with consuming(
        stream, redis_url, Lanes("fragile", {MessageReceived: fragile}), limits=limits
    ):
        await ingest(stream, said("a", 1, "poison"), said("b", 1))
        await ingest(stream, said("a", 2))
        await until(lambda: sorted(handled) == ["1", "2"])
        assert len(tries) == 3
        letters = [letter async for letter in dead.letters(stream)]
        assert [(one.group, one.kind, one.attempts) for one in letters] == [
            ("fragile", "MessageReceived", 3)
        ]
        assert "no se puede" in letters[0].error
        assert await dead.replay(stream, letters[0])
        await until(lambda: len(tries) == 6)


async def test_a_replay_reaches_only_the_group_that_parked_it(
    stream: Stream, redis_url: str
) -> None:
    other: list[UUID] = []
    broken = True

    async def fragile(message: MessageReceived) -> Outcome:
        if broken:
            raise ValueError("roto")
        return NOTHING

    async def note(message: MessageReceived) -> Outcome:
        other.append(message.id)
        return NOTHING

    async def parked() -> bool:
        return len([one async for one in dead.letters(stream)]) == 1

    limits = Limits(lease_ms=600, max_deliveries=1)
    stages = Lanes("fragile", {MessageReceived: fragile}), Lanes("notes", {MessageReceived: note})
    async with consuming(stream, redis_url, *stages, limits=limits):
        await ingest(stream, said("a", 1))
        await until(parked)
        broken = False
        letter = await anext(dead.letters(stream))
        await dead.replay(stream, letter)
        await asyncio.sleep(0.3)
        assert not await parked()
    assert len(other) == 1


async def test_waiting_for_a_dependency_never_counts_as_a_delivery(
    stream: Stream, redis_url: str
) -> None:
    answers = [Retry(0.01)] * 12
    done = []

    async def waits(message: MessageReceived) -> Outcome:
        if answers:
            return answers.pop()
        done.append(message.id)
        return NOTHING

    async with consuming(stream, redis_url, Lanes("waits", {MessageReceived: waits})):
        await ingest(stream, said("a", 1))
        await until(lambda: len(done) == 1)
        assert [one async for one in dead.letters(stream)] == []


async def test_corrupt_entries_are_parked_and_harm_nobody(stream: Stream, redis_url: str) -> None:
    seen = []

    async def note(message: MessageReceived) -> Outcome:
        seen.append(message.id)
        return NOTHING

    async def letters() -> bool:
        return len([one async for one in dead.letters(stream)]) == 3

    async with consuming(stream, redis_url, Lanes("notes", {MessageReceived: note})):
        key = stream.keys.stream(0)
        await stream.wire.command("XADD", key, "*", "kind", "MessageReceived", "v", "1")
        await stream.wire.command("XADD", key, "*", "kind", "MessageReceived", "data", b"{\xff")
        await stream.wire.command("XADD", key, "*", "kind", "MessageReceived", "data", "[]")
        await stream.wire.command("XADD", key, "*", "rubbish", "")
        await ingest(stream, *(said(chat, 1) for chat in "abcdefgh"))
        await until(lambda: len(seen) == 8)
        await until(letters)


async def test_what_a_handler_gives_back_becomes_the_next_events(
    stream: Stream, redis_url: str
) -> None:
    sent: list[UUID] = []
    timed: list[UUID] = []

    async def answer(message: MessageReceived) -> Outcome:
        event = ReplySent(**following(message, "sent", NOW), reply=message.id)
        later = ReplySent(**following(message, "later", NOW), reply=message.id, author="human")
        return Effects([event], [Timer("t", 150, later)])

    async def note(event: ReplySent) -> Outcome:
        (timed if event.author == "human" else sent).append(event.reply)
        return NOTHING

    async with consuming(
        stream,
        redis_url,
        Lanes("answers", {MessageReceived: answer}),
        Lanes("n", {ReplySent: note}),
    ):
        await ingest(stream, said("a", 1))
        await until(lambda: len(sent) == 1)
        assert timed == []
        await until(lambda: len(timed) == 1)


async def test_batches_of_many_conversations_keep_each_in_order_and_isolate_a_culprit(
    stream: Stream, redis_url: str
) -> None:
    seen: dict[str, list[int]] = {}

    async def batch(deliveries: Sequence[Delivered]) -> Sequence[Outcome]:
        for one in deliveries:
            if isinstance(one.event, MessageReceived) and one.event.text == "poison":
                raise ValueError("una manzana podrida")
        for one in deliveries:
            assert isinstance(one.event, MessageReceived)
            seen.setdefault(one.event.chat, []).append(one.position)
        return [NOTHING] * len(deliveries)

    async def parked() -> bool:
        return len([one async for one in dead.letters(stream)]) == 1

    async def acknowledged() -> bool:
        return [one.pending for one in await states(stream)] == [0]

    stage = Batches("batch", frozenset({MessageReceived}), batch)
    limits = Limits(lease_ms=600, max_deliveries=2)
    async with consuming(stream, redis_url, stage, limits=limits):
        await ingest(
            stream, *(said(c, n) for n in range(20) for c in "abc"), said("b", 99, "poison")
        )
        await until(lambda: sum(map(len, seen.values())) == 60)
        await until(parked)
        await until(acknowledged)
    assert all(positions == sorted(positions) for positions in seen.values())


async def test_a_burst_is_one_turn_and_a_newer_revision_cancels_the_running_answer(
    stream: Stream, redis_url: str
) -> None:
    begun, finished = [], []

    async def reply(turn: TurnReady) -> Outcome:
        begun.append(turn.revision)
        await asyncio.sleep(0.3)
        finished.append([message.text for message in turn.messages])
        return Effects(closes=turn.turn)

    stages = (
        Lanes("turns", {MessageReceived: Turns(0).on_message}),
        Lanes("reply", {TurnReady: reply}, supersedes=supersedes),
    )
    async with consuming(stream, redis_url, *stages):
        for number, text in enumerate(["hola", "quiero", "una mochila"]):
            await ingest(stream, said("a", number, text))
            await asyncio.sleep(0.05)
        await until(lambda: len(finished) == 1)
        assert finished == [["hola", "quiero", "una mochila"]]
        await ingest(stream, said("a", 9, "gracias"))
        await until(lambda: len(finished) == 2)
        assert finished[1] == ["gracias"]
    assert begun[-2:] == [3, 1]


async def test_a_turn_waits_for_more_when_the_policy_says_so(
    stream: Stream, redis_url: str
) -> None:
    turns: list[TurnReady] = []

    async def reply(turn: TurnReady) -> Outcome:
        turns.append(turn)
        return Effects(closes=turn.turn)

    stages = (
        Lanes("turns", {MessageReceived: Turns(250).on_message}),
        Lanes("reply", {TurnReady: reply}, supersedes=supersedes),
    )
    async with consuming(stream, redis_url, *stages):
        for number in range(4):
            await ingest(stream, said("a", number, str(number)))
            await asyncio.sleep(0.1)
        await until(lambda: len(turns) == 1)
        await asyncio.sleep(0.4)
    assert [message.text for message in turns[0].messages] == ["0", "1", "2", "3"]
    assert len(turns) == 1
    assert turns[0].revision == 4


async def test_partitions_are_shared_fairly_and_taken_over_when_a_process_leaves(
    stream: Stream, redis_url: str
) -> None:
    async def ignore(_: MessageReceived) -> Outcome:
        return NOTHING

    stage = Lanes("notes", {MessageReceived: ignore})
    async with consuming(stream, redis_url, stage) as first:
        await until(lambda: len(first.ownership.owned) == 4)
        async with consuming(stream, redis_url, stage) as second:
            await until(lambda: len(second.ownership.owned) == 2)
            await until(lambda: len(first.ownership.owned) == 2)
        await until(lambda: len(first.ownership.owned) == 4)


async def test_stopping_waits_for_what_runs_and_leaves_the_rest_to_the_next(
    stream: Stream, redis_url: str
) -> None:
    begun, done = [], []

    async def slow(message: MessageReceived) -> Outcome:
        begun.append(message.platform_id)
        await asyncio.sleep(0.3)
        done.append(message.platform_id)
        return NOTHING

    stage = Lanes("slow", {MessageReceived: slow})
    async with consuming(stream, redis_url, stage):
        await ingest(stream, said("a", 1))
        await ingest(stream, said("a", 2))
        await until(lambda: begun == ["1"])
    assert done == ["1"]
    async with consuming(stream, redis_url, stage):
        await until(lambda: done == ["1", "2"])
    assert begun == ["1", "2"]


async def test_an_unconfigured_group_is_named_and_can_be_dropped(
    stream: Stream, redis_url: str
) -> None:
    async def ignore(_: MessageReceived) -> Outcome:
        return NOTHING

    async with consuming(
        stream,
        redis_url,
        Lanes("old", {MessageReceived: ignore}),
        Lanes("new", {MessageReceived: ignore}),
    ):
        await ingest(stream, said("a", 1))
    assert [state.name for state in await states(stream)] == ["new", "old"]
    assert await drop(stream, "old")
    assert not await drop(stream, "old")
    assert [state.name for state in await states(stream)] == ["new"]
