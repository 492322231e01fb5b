"""The consumer: turns and superseding, sharing partitions, draining, strangers among groups."""

import asyncio

from config.manners import TurnSettings
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

    async def reply(turn: TurnReady) -> Outcome:
        begun.append(turn.revision)
        await asyncio.sleep(0.3)
        finished.append([message.text for message in turn.messages])
        return Effects(closes=turn.turn)

    stages = (
        Lanes("turns", {MessageReceived: Turns(TurnSettings(patience=0)).on_message}),
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
        Lanes("turns", {MessageReceived: Turns(TurnSettings(usual_ms=900)).on_message}),
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


async def test_a_turn_waits_for_whoever_is_writing_and_not_for_ever(
    stream: Stream, redis_url: str
) -> None:
    turns: list[float] = []
    clock = asyncio.get_running_loop().time

    async def reply(turn: TurnReady) -> Outcome:
        turns.append(clock())
        return Effects(closes=turn.turn)

    knobs = TurnSettings(usual_ms=300, longest_ms=1500)
    stages = (
        Lanes("turns", {MessageReceived: Turns(knobs).on_message}),
        Lanes("reply", {TurnReady: reply}, supersedes=supersedes),
    )
    waited: list[float] = []
    async with consuming(stream, redis_url, *stages):
        for signs in ([], [800], [60_000], [60_000, 0]):
            message, begun = said(f"chat{len(waited)}", 1, "quiero dos mochilas"), clock()
            assert not await stream.typing(message.conversation, 5000, stopped=False)
            await ingest(stream, message)
            for lasts in signs:
                await asyncio.sleep(0.1)
                wait_ms, stopped = lasts or 100, not lasts
                assert await stream.typing(message.conversation, wait_ms, stopped=stopped)
            await until(lambda: len(turns) > len(waited))
            waited.append(turns[-1] - begun)
    silent, writing, endless, stopped_s = waited
    assert max(silent, stopped_s) < 0.8 < writing < 1.4 < endless < 2.2


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
