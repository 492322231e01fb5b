"""So many in a rolling window, whoever counts."""

import asyncio
from dataclasses import replace

from services.quota import Quota
from services.wire import Wire


async def test_whoever_was_counted_may_come_again_and_the_others_wait_for_room(
    wire: Wire, prefix: str
) -> None:
    quota = Quota(wire, f"{prefix}:q", window_s=3)
    assert [await quota.wait_s("one", name, 2) for name in "aab"] == [0, 0, 0]
    wait_s = await quota.wait_s("one", "c", 2)
    assert 0 < wait_s <= 3
    assert await quota.wait_s("another", "c", 2) == 0
    await asyncio.sleep(wait_s + 0.05)
    assert await quota.wait_s("one", "c", 2) == 0


async def test_many_at_once_are_never_more_than_allowed(wire: Wire, prefix: str) -> None:
    quota = Quota(wire, f"{prefix}:q", window_s=60)
    waits = await asyncio.gather(*(quota.wait_s("one", str(n), 7) for n in range(40)))
    assert sum(wait == 0 for wait in waits) == 7


async def test_a_smaller_cap_counts_who_was_written_to_before(wire: Wire, prefix: str) -> None:
    quota = Quota(wire, f"{prefix}:q", window_s=60)
    for name in "abcd":
        await quota.wait_s("one", name, 10)
        await asyncio.sleep(0.01)
    assert 30 < await quota.wait_s("one", "e", 2) <= 60
    assert await quota.wait_s("one", "e", 0) == 60
    assert await replace(quota, key=f"{prefix}:other").wait_s("one", "e", 1) == 0
