"""A read of a partition: what it tells once, where it goes on, and when it is worth making."""

import asyncio

from events.answers import told
from events.groups import register
from events.stream import Stream
from events.waking import Waker
from services.wire import Wire, connect
from tests.events.test_stream import CHAT, hold, said


async def test_an_entry_is_told_once_to_all_groups_and_each_reads_on_from_where_it_is(
    stream: Stream,
) -> None:
    await register(stream, ["one", "two", "other"])
    held = await hold(stream)
    kinds = {"one": "*", "two": ",MessageReceived,", "other": ",ReplySent,"}
    reached = dict.fromkeys(kinds, b"")
    for number in range(3):
        await stream.ingest(said(str(number)), remember_s=60)
        wanted = [(group, of, 100, reached[group]) for group, of in kinds.items()]
        answer = await stream.ask(held, wanted)
        assert len(answer[1]) == 1
        read = told(held, answer)
        assert [len(read.entries.get(group, ())) for group in kinds] == [1, 1, 0]
        assert read.entries["one"][0] is read.entries["two"][0]
        reached.update(read.reached)
    assert len(set(reached.values())) == 1, "what a group does not handle is stepped over"
    for so_far in (reached, dict.fromkeys(kinds, b"")):
        wanted = [(group, of, 100, so_far[group]) for group, of in kinds.items()]
        assert not any((await stream.read(held, wanted)).entries.values()), (
            "the stream remembers it too"
        )


async def test_what_we_read_while_the_news_of_it_were_on_their_way_is_no_news(
    stream: Stream, redis_url: str
) -> None:
    partition = stream.keys.partition(CHAT)
    waker = Waker(Wire(connect(redis_url)), stream.keys)
    await stream.ingest(said("1"), remember_s=60)
    [(first, _)] = await stream.wire.command("XRANGE", stream.keys.stream(partition), "-", "+")
    asked = asyncio.create_task(waker.news([partition]))
    await asyncio.sleep(0)
    waker.saw(partition, [first])
    assert await asked == []
    await stream.ingest(said("2"), remember_s=60)
    assert await waker.news([partition]) == [partition]
    await waker.wire.close()
