"""Guessing passwords: five tries, then waits that double."""

from services.wire import Wire
from web.tries import DAY_MS, Tries


async def used_up(tries: Tries, who: str = "ana") -> None:
    assert [(await tries.count(who)).left for _ in range(tries.times)] == [4, 3, 2, 1, 0]


async def test_each_block_is_twice_as_long_as_the_one_before(wire: Wire, prefix: str) -> None:
    tries = Tries(wire, prefix, window_ms=60_000)
    waits = []
    for _ in range(3):
        await used_up(tries)
        waits.append((await tries.count("ana")).wait_ms)
        await wire.command("DEL", f"{prefix}:{{ana}}")  # as when it has run out
    for wait, block in zip(waits, (60_000, 120_000, 240_000), strict=True):
        assert block - 30_000 < wait <= block


async def test_a_block_is_never_longer_than_a_day(wire: Wire, prefix: str) -> None:
    tries = Tries(wire, prefix)
    await wire.command("SET", f"{prefix}:{{ana}}:blocks", "40")
    await used_up(tries)
    assert DAY_MS - 60_000 < (await tries.count("ana")).wait_ms <= DAY_MS


async def test_whoever_knew_it_begins_anew_and_others_are_not_counted(
    wire: Wire, prefix: str
) -> None:
    tries = Tries(wire, prefix)
    await used_up(tries)
    assert (await tries.count("eva")).left == 4
    await tries.forget("ana")
    await used_up(tries)
    assert 840_000 < (await tries.count("ana")).wait_ms <= 900_000


async def test_waiting_is_not_made_longer_by_trying(wire: Wire, prefix: str) -> None:
    tries = Tries(wire, prefix)
    await used_up(tries)
    first = (await tries.count("ana")).wait_ms
    assert all([(await tries.count("ana")).wait_ms <= first for _ in range(20)])
