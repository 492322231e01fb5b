"""Where the shop's people stand with a conversation: done, put off, labelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Path, Request
from fastapi.responses import Response
from pydantic import AwareDatetime, ConfigDict

from handlers.word import Word
from store.inbox import ConversationState
from store.session import ReadSession
from text.folding import clean
from web import conversations, filing
from web.api.house import House, by_whom
from web.api.problems import Problem
from web.api.shapes import SAYS, Body, IfNoneMatch, Moment, Shown
from web.api.versions import shown, tagged
from web.filing import State
from web.identity import identity_of
from web.limits import soon
from web.permissions import Perm
from web.routing import Route
from web.talking import me_of

PATIENCE_S = 8.0
FARTHEST = timedelta(days=366)
Label = Annotated[str, Path(min_length=1, max_length=filing.LABEL, pattern=SAYS)]


class StateSaid(Body):
    """`until` belongs to `snoozed` alone, at most a year ahead."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"state": "resolved"}, {"state": "snoozed", "until": "2026-12-01T12:00Z"}]
        },
    )

    state: State
    until: AwareDatetime | None = None


class StandingShown(Shown):
    """`at` is when the state changed; whoever writes opens a conversation again."""

    state: State
    until: Moment | None
    at: Moment | None
    labels: list[str]


@dataclass(frozen=True, slots=True)
class Filings:
    house: House
    word: Word

    def routes(self) -> Sequence[Route]:
        route, one = self.house.route, "/conversations/{conversation}"
        read, write, shape = Perm.CONVERSATION_READ, Perm.CONVERSATION_WRITE, StandingShown
        state, label = f"{one}/state", f"{one}/labels/{{label}}"
        return [
            route("GET", state, self.get_state, read, shape),
            route("PUT", state, self.set_state, write, shape),
            route("PUT", label, self.put_label, write, shape),
            route("DELETE", label, self.remove_label, write, shape),
        ]

    async def get_state(self, conversation: UUID, if_none_match: IfNoneMatch = None) -> Response:
        """Whether it is done or put off, and how it is labelled; with its ETag."""
        async with self.house.store.tenant(self.house.shop) as session:
            return tagged(await self._read(session, conversation), if_none_match)

    async def set_state(self, request: Request, conversation: UUID, said: StateSaid) -> Response:
        """Who resolves a conversation gives the word back to the bot. The last word counts: it
        needs no If-Match."""
        house, at = self.house, self.house.clock()
        snoozed, until = said.state == "snoozed", said.until
        if snoozed != (until is not None) or (until and not at < until <= at + FARTHEST):
            detail = "A moment of the next year belongs to snoozed, and to nothing else."
            raise Problem("refused", detail)
        place = await conversations.place(house.store, house.shop, conversation)
        if place is None:
            raise Problem("not_found")
        name, me = by_whom(request), me_of(identity_of(request))
        if said.state == "resolved":
            done = filing.done(house.store, self.word, place, at, name=name, me=me)
            await soon(done, PATIENCE_S)
        async with house.store.tenant(house.shop) as session:
            if until is not None:
                await filing.snooze(session, house.shop, conversation, at, until, me)
            elif said.state == "open":
                await filing.open_again(session, house.shop, conversation, at, me)
            return shown(await self._read(session, conversation))

    async def put_label(self, conversation: UUID, label: Label) -> Response:
        """Eight at most; a label that is there already stays where it is."""
        return await self._labelled(conversation, _spelled(label), wanted=True)

    async def remove_label(self, conversation: UUID, label: Label) -> Response:
        """What is not there needs no removing."""
        return await self._labelled(conversation, _spelled(label), wanted=False)

    async def _labelled(self, conversation: UUID, label: str, *, wanted: bool) -> Response:
        house, at = self.house, self.house.clock()
        async with house.store.tenant(house.shop) as session:
            if not await filing.known(session, house.shop, conversation):
                raise Problem("not_found")
            before = (await filing.hold(session, house.shop, conversation, at)).labels
            after = [one for one in before if one != label]
            if wanted:
                after = list(before) if label in before else [*after, label]
            if len(after) > max(filing.LABELS, len(before)):
                raise Problem("refused", f"A conversation has {filing.LABELS} labels at most.")
            await filing.label(session, house.shop, conversation, at, after)
            session.expire_all()
            return shown(await self._read(session, conversation))

    async def _read(self, session: ReadSession, which: UUID) -> StandingShown:
        """Raises Problem."""
        if not await filing.known(session, self.house.shop, which):
            raise Problem("not_found")
        row = await session.get(ConversationState, (self.house.shop, which))
        if row is None:
            return StandingShown(state="open", until=None, at=None, labels=[])
        state = filing.state_of(row, self.house.clock())
        return StandingShown(
            state=state,
            until=row.until if state == "snoozed" else None,
            at=row.at,
            labels=row.labels,
        )


def _spelled(label: str) -> str:
    """As the page keeps it. Raises Problem."""
    found = filing.labels_of(clean(label, filing.LABEL))
    if len(found) != 1:
        raise Problem("refused", "A label is a word or a few, without a comma.")
    return found[0]
