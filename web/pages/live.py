"""What happens in the shop, told to every page that is open."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Header, Query, Request
from fastapi.sse import ServerSentEvent

from web.listening import BEAT_S, PLACE, listening
from web.live import SUPERSEDED, Lines
from web.permissions import Perm
from web.routing import Route
from web.security import Guard


@dataclass(frozen=True)
class Live:
    lines: Lines
    key: str
    guard: Guard
    beat_s: float = BEAT_S

    def routes(self) -> Sequence[Route]:
        return [Route("GET", "/vivo", self.stream, Perm.CONVERSATION_READ, "stream")]

    async def stream(
        self,
        request: Request,
        desde: Annotated[str, Query(pattern=PLACE)],
        last_event_id: Annotated[str | None, Header(pattern=PLACE)] = None,
    ) -> AsyncIterator[ServerSentEvent]:
        """Each piece of news is an event named `news`, its data the ids alone; a page that was away
        gets what it missed since `desde` or its last event, and goes on."""
        after, still = last_event_id or desde, self.guard.still
        heard = listening(self.lines, self.key, after, request, still, beat_s=self.beat_s)
        async for entry in heard:
            if entry is SUPERSEDED:
                yield ServerSentEvent(event="superseded", raw_data="")
            else:
                yield ServerSentEvent(
                    event=kind_of(entry[1]), raw_data=entry[1].decode(), id=entry[0]
                )


def kind_of(line: bytes) -> str:
    """Pages wait for `news:<kind>`, so that each asks for its own parts alone."""
    return f"news:{json.loads(line)['kind']}"
