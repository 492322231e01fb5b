"""News for whoever may hear it, for as long as they may: a session or a key may end meanwhile."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

from fastapi import Request

from web.identity import identity_of
from web.live import NOTHING, Entry, Lines

BEAT_S: Final = 30.0
"""So often somebody who only listens is asked whether they still may."""
PLACE: Final = r"^\d{1,15}-\d{1,15}$"


async def listening(
    lines: Lines,
    key: str,
    after: str,
    request: Request,
    still: Callable[[Request], Awaitable[bool]],
    *,
    beat_s: float = BEAT_S,
) -> AsyncIterator[Entry]:
    """What comes after a place. Of each session, and of each key, the oldest of too many ends."""
    by = identity_of(request)
    who = str(by.session or by.key or by.by)
    async for entry in lines.follow(key, after, who=who, beat_s=beat_s):
        if not await still(request):
            return
        if entry is not NOTHING:
            yield entry
