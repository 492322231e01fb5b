"""What open pages hear: everything once, in order, from where they were."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import TypeVar

import pytest

from services.wire import Wire, WireClosed, connect
from web.live import PAGES_PER_KEY, START, SUPERSEDED, WAITING, Lines, Page, place

Thing = TypeVar("Thing")


@pytest.fixture
def lines(wire: Wire) -> Iterator[Lines]:
    found = Lines(wire)
    yield found
    found.close()


async def write(wire: Wire, key: str, *texts: str) -> list[str]:
    return [(await wire.command("XADD", key, "*", "line", text)).decode() for text in texts]


async def take(stream: AsyncIterator[Thing], count: int) -> list[Thing]:
    async with asyncio.timeout(60):
        return [await anext(stream) for _ in range(count)]


def test_places_are_numbers_not_text() -> None:
    assert place("9-1") < place("10-0") < place("10-2") < place("10-10")


async def test_a_page_hears_the_past_and_then_the_present(
    lines: Lines, wire: Wire, prefix: str
) -> None:
    await write(wire, prefix, "a", "b")
    page = lines.follow(prefix, START)
    past = await take(page, 2)

    await write(wire, prefix, "c", "d")

    assert [text for _, text in past + await take(page, 2)] == [b"a", b"b", b"c", b"d"]


async def test_a_page_goes_on_after_what_it_has_seen(lines: Lines, wire: Wire, prefix: str) -> None:
    seen, *_ = await write(wire, prefix, "a", "b", "c")

    assert [text for _, text in await take(lines.follow(prefix, seen), 2)] == [b"b", b"c"]


async def test_pages_that_come_at_different_times_hear_the_same(
    lines: Lines, wire: Wire, prefix: str
) -> None:
    early = lines.follow(prefix, START)
    first = asyncio.create_task(take(early, 30))
    written: list[str] = []
    others = []
    for number in range(30):
        written += await write(wire, prefix, str(number))
        if number % 10 == 5:
            others.append(asyncio.create_task(take(lines.follow(prefix, START), 30)))

    heard = await asyncio.gather(first, *others)

    assert [[entry for entry, _ in one] for one in heard] == [written] * 4


async def test_a_chat_does_not_hear_another(lines: Lines, wire: Wire, prefix: str) -> None:
    mine, yours = lines.follow(f"{prefix}:a", START), lines.follow(f"{prefix}:b", START)
    both = asyncio.gather(take(mine, 1), take(yours, 1))

    await write(wire, f"{prefix}:b", "tuyo")
    await write(wire, f"{prefix}:a", "mío")

    assert [[text.decode() for _, text in one] for one in await both] == [["mío"], ["tuyo"]]


async def test_the_oldest_of_too_many_pages_is_told_not_to_come_back(
    lines: Lines, prefix: str
) -> None:
    pages = [lines.follow(prefix, START) for _ in range(PAGES_PER_KEY + 1)]
    waiting = []
    for page in pages:
        waiting.append(asyncio.create_task(take(page, 1)))
        await asyncio.sleep(0.01)

    assert await waiting[0] == [SUPERSEDED]
    with pytest.raises(StopAsyncIteration):
        await anext(pages[0])
    assert not any(task.done() for task in waiting[1:])
    lines.close()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_a_page_that_is_too_slow_is_let_go() -> None:
    page = Page()

    taken = [page.put((f"{n}-0", b"")) for n in range(WAITING + 1)]

    assert taken == [True] * WAITING + [False]
    left = [page.queue.get_nowait() for _ in range(page.queue.qsize())]
    assert left[-1] is None


async def test_closing_ends_every_page(lines: Lines, wire: Wire, prefix: str) -> None:
    await write(wire, prefix, "a")
    page = lines.follow(prefix, START)
    await take(page, 1)

    lines.close()

    with pytest.raises(StopAsyncIteration):
        await asyncio.wait_for(anext(page), 60)


async def test_a_page_that_comes_while_the_server_stops_opens_nothing(
    lines: Lines, wire: Wire, prefix: str
) -> None:
    await write(wire, prefix, "a")
    await take(lines.follow(prefix, START), 1)
    reader = lines._reader  # noqa: SLF001  what would ask a closed Redis again
    await wire.close()
    assert reader is not None
    await asyncio.wait({reader}, timeout=60)
    assert reader.done()

    assert [entry async for entry in lines.follow(prefix, START)] == []
    with pytest.raises(WireClosed):
        wire.redis.ping()


async def test_a_page_that_comes_first_after_the_server_stopped_opens_nothing(
    lines: Lines, wire: Wire, prefix: str
) -> None:
    await wire.close()

    assert [entry async for entry in lines.follow(prefix, START)] == []


async def test_a_page_hears_what_was_said_while_redis_was_away(wire: Wire, prefix: str) -> None:
    away = Wire(connect("unix:///nowhere/redis.sock"))
    lines = Lines(away)
    await write(wire, prefix, "a")
    page = Page()
    lines._pages[prefix], lines._cursors[prefix] = [page], START  # noqa: SLF001  as an open page
    reader = asyncio.create_task(lines._read())  # noqa: SLF001  as an open page

    await asyncio.sleep(0.1)
    lines.wire = wire

    assert (await asyncio.wait_for(page.queue.get(), 60)) is not None
    reader.cancel()
    await away.close()
