"""Where requests went: replies, what failed and what was slow, and every step of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Path, Query
from fastapi.responses import Response

from services.requests import OFFERED, id_of
from store.spans import Span, of_request, wanted_of
from web.api.house import House
from web.api.problems import Problem
from web.api.shapes import IfNoneMatch, Listed, Moment, Paging, Shown
from web.api.versions import shown, tagged
from web.permissions import Perm
from web.routing import Route

Name = Annotated[str, Path(pattern=f"^{OFFERED.pattern}$", max_length=64)]


class SpanShown(Shown):
    """`parent_id` is the step within which it was taken; `error` the class of what went wrong."""

    id: UUID
    parent_id: UUID | None
    request_id: UUID
    conversation_id: UUID | None
    name: str
    kind: str
    started_at: Moment
    duration_us: int
    ok: bool
    error: str | None
    attributes: dict[str, Any]


class TraceShown(Shown):
    """The steps in the order in which they began."""

    request_id: UUID
    conversations: list[UUID]
    spans: list[SpanShown]


class TracesWanted(Paging):
    """Without `only` the answers of the bot."""

    only: Literal["failed", "slow"] | None = None
    conversation: UUID | None = None


@dataclass(frozen=True, slots=True)
class Traces:
    house: House

    def routes(self) -> Sequence[Route]:
        route, read = self.house.route, Perm.TRACE_READ
        return [
            route("GET", "/traces", self.list_traces, read, Listed[SpanShown]),
            route("GET", "/traces/{request_id}", self.get_trace, read, TraceShown),
        ]

    async def list_traces(self, wanted: Annotated[TracesWanted, Query()]) -> Response:
        """Answers, or what failed, or answers that took longer than 1.5 s; the newest first."""
        row, house = Span, self.house
        query = wanted_of(
            house.shop,
            failed=wanted.only == "failed",
            slow=wanted.only == "slow",
            conversation=wanted.conversation,
        )
        async with house.store.tenant(house.shop) as session:
            rows, cursor = await house.page(session, query, (row.started_at, row.id), wanted)
        items = [SpanShown.model_validate(one) for one in rows]
        return shown(Listed(items=items, next_cursor=cursor))

    async def get_trace(self, request_id: Name, if_none_match: IfNoneMatch = None) -> Response:
        """Every step of one request, by its id or the name its caller gave it."""
        async with self.house.store.tenant(self.house.shop) as session:
            found = await of_request(session, self.house.shop, id_of(request_id))
        if not found:
            raise Problem("not_found")
        talks = {one.conversation_id for one in found if one.conversation_id is not None}
        told = TraceShown(
            request_id=found[0].request_id,
            conversations=sorted(talks),
            spans=[SpanShown.model_validate(one) for one in found],
        )
        return tagged(told, if_none_match)
