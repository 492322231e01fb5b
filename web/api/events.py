"""What happens in the shop, as it happens."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Header, Query, Request
from fastapi.sse import ServerSentEvent

from services.news import key_of
from web.api.house import ROOT, House
from web.listening import BEAT_S, PLACE, listening
from web.live import START, SUPERSEDED, Lines
from web.permissions import Perm
from web.routing import Route


@dataclass(frozen=True, slots=True)
class Events:
    house: House
    lines: Lines
    beat_s: float = BEAT_S

    def routes(self) -> Sequence[Route]:
        options = self.house.streamed()
        needs = Perm.CONVERSATION_READ
        return [Route("GET", f"{ROOT}/events", self.follow_events, needs, "stream", options)]

    async def follow_events(
        self,
        request: Request,
        after: Annotated[str, Query(pattern=PLACE)] = START,
        last_event_id: Annotated[str | None, Header(pattern=PLACE)] = None,
    ) -> AsyncIterator[ServerSentEvent]:
        """Each event is a kind (message, handoff, order, job, alert, review, metric) with ids; what
        it is about is read from its resource. Resumes after Last-Event-ID."""
        house, start = self.house, last_event_id or after
        key = key_of(house.prefix, house.shop)
        heard = listening(self.lines, key, start, request, house.still, beat_s=self.beat_s)
        async for entry in heard:
            if entry is SUPERSEDED:
                yield ServerSentEvent(event="superseded", raw_data="")
                return
            told = json.loads(entry[1])
            yield ServerSentEvent(event=told.pop("kind"), data=told, id=entry[0])
