"""The consumer: turns and superseding, sharing partitions, draining, strangers among groups."""

import asyncio
from functools import partial

import pytest

from config.manners import TurnSettings
from events.consumer import Consumer
from events.effects import NOTHING, Effects, Outcome
from events.groups import drop, states
from events.stages import Lanes
from events.stream import Stream
from events.vocabulary import MessageReceived, TurnReady
from handlers.turns import Turns, supersedes
from tests.events.consuming import consuming, ingest, said, until


async def test_a_burst_is_one_turn_and_a_newer_revision_cancels_the_running_answer(
    stream: Stream, redis_url: str
) -> None:
    begun, finished = [], []
    may = asyncio.Event()

    async def reply(turn: TurnReady) -> Outcome:
        begun.append(turn.revision)
        await may.wait()
        finished.append([message.text for message in turn.messages])
        return Effects(closes=turn.turn)

    stages = (
        Lanes("turns", {MessageReceived: Turns(TurnSettings(patience=0)).on_message}),
        Lanes("reply", {TurnReady: reply}, supersedes=supersedes),
    )
    async with consuming(stream, redis_url, *stages):
        for number, text in enumerate(["hola", "quiero", "una mochila"]):
            await ingest(stream, said("a", number, text))
            await until(partial(begun.__contains__, number + 1))
        may.set()
        await until(lambda: len(finished) == 1)
        assert finished == [["hola", "quiero", "una mochila"]]
        await ingest(stream, said("a", 9, "gracias"))
        await until(lambda: len(finished) == 2)
        assert finished[1] == ["gracias"]
    assert begun == [1, 2, 3, 1]


async def joined(stream: Stream, message: MessageReceived, revision: int = 1) -> int:
    """When the turn is due that holds the message by now, on the clock of Redis."""
    keys, partition = stream.keys, stream.keys.partition(message.conversation)
    turn = keys.turn(message.conversation, partition)

    async def there() -> bool:
        return bool(await stream.wire.command("HGET", turn, "revision") == b"%d" % revision)

    await until(there)
    due = await stream.wire.command(
        "ZSCORE", keys.timers(partition), await stream.wire.command("HGET", turn, "id")
    )
    return int(float(due))


async def come_due(stream: Stream, message: MessageReceived) -> None:
    """The turn that holds it is ready now; what nobody wants wakes whoever sleeps until then."""
    keys, partition = stream.keys, stream.keys.partition(message.conversation)
    turn = await stream.wire.command("HGET", keys.turn(message.conversation, partition), "id")
    await stream.wire.command("ZADD", keys.timers(partition), 0, turn)
    await stream.wire.command("XADD", keys.stream(partition), "*", "kind", "Noise")


async def time_ms(stream: Stream) -> int:
    seconds, micros = await stream.wire.command("TIME")
    return int(seconds) * 1000 + int(micros) // 1000


async def test_a_turn_waits_for_more_when_the_policy_says_so(
    stream: Stream, redis_url: str
) -> None:
    turns: list[TurnReady] = []

    async def reply(turn: TurnReady) -> Outcome:
        turns.append(turn)
        return Effects(closes=turn.turn)

    knobs = TurnSettings(usual_ms=60_000, longest_ms=600_000)
    stages = (
        Lanes("turns", {MessageReceived: Turns(knobs).on_message}),
        Lanes("reply", {TurnReady: reply}, supersedes=supersedes),
    )
    async with consuming(stream, redis_url, *stages):
        for number in range(4):
            await ingest(stream, said("a", number, str(number)))
        await joined(stream, said("a", 0), 4)
        assert turns == []
        await come_due(stream, said("a", 0))
        await until(lambda: len(turns) == 1)
    assert [message.text for message in turns[0].messages] == ["0", "1", "2", "3"]
    assert turns[0].revision == 4


async def test_each_message_begins_the_wait_anew(stream: Stream, redis_url: str) -> None:
    knobs = TurnSettings(usual_ms=60_000, longest_ms=600_000)
    stage = Lanes("turns", {MessageReceived: Turns(knobs).on_message})
    async with consuming(stream, redis_url, stage):
        for number in (1, 2):
            begun, message = await time_ms(stream), said("a", number, "quiero dos mochilas")
            await ingest(stream, message)
            due = await joined(stream, message, number)
            assert begun + 60_000 <= due <= await time_ms(stream) + 60_000


@pytest.mark.parametrize(
    ("signs", "wait_ms"),
    [([], 60_000), ([120_000], 120_000), ([120_000, 0], 10_000)],
    ids=["silent", "writing", "stopped"],
)
async def test_a_turn_waits_for_whoever_is_writing(
    stream: Stream, redis_url: str, signs: list[int], wait_ms: int
) -> None:
    knobs = TurnSettings(usual_ms=60_000, longest_ms=6_000_000)
    stage = Lanes("turns", {MessageReceived: Turns(knobs).on_message})
    message = said("a", 1, "quiero dos mochilas")
    async with consuming(stream, redis_url, stage):
        assert not await stream.typing(message.conversation, 5000, stopped=False)
        begun = await time_ms(stream)
        await ingest(stream, message)
        await joined(stream, message)
        for lasts_ms in signs:
            begun, stopped = await time_ms(stream), not lasts_ms
            assert await stream.typing(message.conversation, lasts_ms or 10_000, stopped=stopped)
        due = await joined(stream, message)
        assert begun + wait_ms <= due <= await time_ms(stream) + wait_ms


async def test_a_turn_waits_for_nobody_for_ever(stream: Stream, redis_url: str) -> None:
    knobs = TurnSettings(usual_ms=50_000, longest_ms=60_000)
    message = said("a", 1, "quiero dos mochilas")
    async with consuming(
        stream, redis_url, Lanes("turns", {MessageReceived: Turns(knobs).on_message})
    ):
        begun = await time_ms(stream)
        await ingest(stream, message)
        await joined(stream, message)
        assert await stream.typing(message.conversation, 6_000_000, stopped=False)
        due = await joined(stream, message)
        assert begun + 60_000 <= due <= await time_ms(stream) + 60_000


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
    begun, done, first = [], [], list[Consumer]()

    async def slow(message: MessageReceived) -> Outcome:
        begun.append(message.platform_id)
        while not first[0].ownership.closing:  # noqa: ASYNC110  no event tells of it
            await asyncio.sleep(0.01)
        done.append(message.platform_id)
        return NOTHING

    stage = Lanes("slow", {MessageReceived: slow})
    async with consuming(stream, redis_url, stage) as consumer:
        first.append(consumer)
        await ingest(stream, said("a", 1))
        await ingest(stream, said("a", 2))
        await until(lambda: begun == ["1"])
    assert done == ["1"]
    async with consuming(stream, redis_url, stage):
        await until(lambda: done == ["1", "2"])
    assert begun == ["1", "2"]


async def test_a_redis_that_comes_back_empty_is_read_again(stream: Stream, redis_url: str) -> None:
    heard: list[str] = []

    async def hear(message: MessageReceived) -> Outcome:
        heard.append(message.platform_id)
        return NOTHING

    async with consuming(stream, redis_url, Lanes("notes", {MessageReceived: hear})):
        await ingest(stream, *(said(chat, 1) for chat in "abcdefgh"))
        await until(lambda: len(heard) == 8)
        await _emptied(stream)
        await ingest(stream, *(said(chat, 2) for chat in "abcdefgh"))
        await until(lambda: len(heard) == 16)
    assert [state.pending for state in await states(stream)] == [0]


async def _emptied(stream: Stream) -> None:
    keys = await stream.wire.command("KEYS", f"{stream.keys.prefix}:*")
    await stream.wire.command("DEL", *keys)


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
