"""The consumer: order, redelivery, parking, effects, batches."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from events import dead
from events.consumer import Limits
from events.effects import NOTHING, Delivered, Effects, Outcome, Retry, Timer
from events.groups import states
from events.happened import following
from events.stages import Batches, Lanes
from events.stream import Stream
from events.vocabulary import MessageReceived, ReplySent
from tests.events.consuming import NOW, consuming, ingest, said, until


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

    limits = Limits(max_deliveries=3)
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

    limits = Limits(max_deliveries=1)
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
    heard: list[str] = []
    clock, moments = asyncio.get_running_loop().time, list[float]()

    async def answer(message: MessageReceived) -> Outcome:
        event = ReplySent(**following(message, "sent", NOW), reply=message.id)
        later = ReplySent(**following(message, "later", NOW), reply=message.id, author="human")
        moments.append(clock())
        return Effects([event], [Timer("t", 150, later)])

    async def note(event: ReplySent) -> Outcome:
        heard.append(event.author)
        moments.append(clock())
        return NOTHING

    async with consuming(
        stream,
        redis_url,
        Lanes("answers", {MessageReceived: answer}),
        Lanes("n", {ReplySent: note}),
    ):
        await ingest(stream, said("a", 1))
        await until(lambda: len(heard) == 2)
    assert heard == ["bot", "human"]
    assert moments[2] - moments[0] >= 0.15


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
    limits = Limits(max_deliveries=2)
    async with consuming(stream, redis_url, stage, limits=limits):
        await ingest(
            stream, *(said(c, n) for n in range(20) for c in "abc"), said("b", 99, "poison")
        )
        await until(lambda: sum(map(len, seen.values())) == 60)
        await until(parked)
        await until(acknowledged)
    assert all(positions == sorted(positions) for positions in seen.values())
