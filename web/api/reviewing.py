"""Answers that somebody of the shop should look at, the most urgent first, and what they say."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field
from sqlalchemy import select

from learning.lessons import NothingToUndo
from learning.queueing import put_first
from learning.reviewing import REASONS, REVIEW, Reviewer, Said, gather
from nlu.parse import GENERAL
from store.lessons import Act, ReviewCase
from text.folding import clean
from web import reviews
from web.api.house import ROOT, House, by_whom
from web.api.problems import Problem
from web.api.shapes import Body, Listed, Moment, Paging, Prose, Shown, Word
from web.api.versions import shown
from web.limits import soon
from web.permissions import Perm
from web.reviews import Case
from web.routing import Route
from web.teaching import Lectern

PATIENCE_S = 20.0
State = Literal["pending", "draft", "done", "discarded"]
Decided = Literal["done", "draft", "discarded", "skipped"]


class ReviewCaseDecision(Body):
    """`intent` is what was meant, `better` an answer of yours, checked as every improvement is;
    `sure` vouches for facts that no source holds. Who discards or skips says no more."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"decision": "done", "stars": 4, "intent": "consulta_envio"}]
        },
    )

    decision: Decided
    intent: Word | None = None
    stars: int | None = Field(None, ge=1, le=5)
    better: Prose | None = None
    sure: bool = False

    def said(self) -> Said:
        return Said(self.intent, self.stars, clean(self.better or "").strip(), self.sure)


class ReviewCaseReversal(Body):
    """`act` was told when it was decided; whoever did it may take it back."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"act": "5f0c2a9e-8a55-4a55-9c6d-2b1f0a7d9c11"}]},
    )

    act: UUID


class ReviewCaseAdded(Body):
    """`id` is that of an answer of the bot."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"id": "5f0c2a9e-8a55-4a55-9c6d-2b1f0a7d9c11"}]},
    )

    id: UUID


class ReviewCaseShown(Shown):
    """`id` is that of the answer. `sample` ones were drawn by chance; somebody else works at one
    that is claimed. `meant`, `stars` and `better` are what a reviewer said."""

    id: UUID
    conversation_id: UUID
    reason: str
    sample: bool
    state: State
    question: str
    answer: str
    intent: str
    score: int | None
    meant: str | None
    stars: int | None
    better: str | None
    claimed_by: str | None
    claimed_until: Moment | None
    decided_by: str | None
    decided_at: Moment | None
    at: Moment


class ReviewCaseDecided(ReviewCaseShown):
    """`act` undoes it; what was skipped needs no undoing."""

    act: UUID | None


class ReviewsWanted(Paging):
    state: State = "pending"


@dataclass(frozen=True, slots=True)
class Reviews:
    """`links` are the sites that customers may be sent to."""

    house: House
    links: tuple[str, ...]

    def routes(self) -> Sequence[Route]:
        route, one, may = self.house.route, "/review/{turn}", Perm.REVIEW_WRITE
        decide, undo = self.decide_review_case, self.undo_review_case
        return [
            route("GET", "/review", self.list_review_cases, may, Listed[ReviewCaseShown]),
            route("POST", "/review", self.add_review_case, may, ReviewCaseShown, status_code=201),
            route("GET", one, self.get_review_case, may, ReviewCaseShown),
            route("POST", f"{one}/decisions", decide, may, ReviewCaseDecided, status_code=201),
            route("POST", f"{one}/reversal", undo, may, ReviewCaseShown, status_code=201),
        ]

    async def list_review_cases(self, wanted: Annotated[ReviewsWanted, Query()]) -> Response:
        """What waits, as its page hands it out: what somebody added, what nobody could answer, what
        was disliked or went wrong, where models differ, then what was drawn by chance. Of others
        the last decision comes first."""
        row, house = ReviewCase, self.house
        waits = wanted.state == "pending"
        if waits and wanted.cursor is None:
            await soon(gather(house.store, house.shop, house.clock()), PATIENCE_S)
        query = select(row).where(row.shop_id == house.shop, row.state == wanted.state)
        urgent = (row.skips, row.reason, row.at, row.training_id)
        by = urgent if waits else (row.decided_at, row.training_id)
        async with house.store.tenant(house.shop) as session:
            rows, cursor = await house.page(session, query, by, wanted, rising=waits)
            found = await reviews.told(session, house.shop, rows)
        return shown(Listed(items=[_shown(one) for one in found], next_cursor=cursor))

    async def add_review_case(self, request: Request, given: ReviewCaseAdded) -> Response:
        """An answer that should be looked at before all others, even if it was decided already."""
        house = self.house
        teacher = replace(self._lectern(house).teacher(request), by=by_whom(request))
        await soon(put_first(teacher, given.id), PATIENCE_S)
        answer = shown(await self._read(given.id), 201)
        answer.headers["Location"] = f"{ROOT}/review/{given.id}"
        return answer

    async def get_review_case(self, turn: UUID) -> Response:
        """One of them."""
        return shown(await self._read(turn))

    async def decide_review_case(
        self, request: Request, turn: UUID, given: ReviewCaseDecision
    ) -> Response:
        """Said of one that nobody else works at; what is skipped comes back later."""
        await self._read(turn)
        known = {*self._lectern(self.house).intents, GENERAL}
        if given.intent is not None and given.intent not in known:
            raise Problem("refused", f"There is no intent {given.intent!r}.")
        act = await soon(self._decided(request, turn, given), PATIENCE_S)
        told = await self._read(turn)
        return shown(ReviewCaseDecided(**told.model_dump(), act=act), 201)

    async def undo_review_case(
        self, request: Request, turn: UUID, given: ReviewCaseReversal
    ) -> Response:
        """As if nobody had looked at it."""
        house = self.house
        async with house.store.tenant(house.shop) as session:
            found = await session.get(Act, (house.shop, given.act))
        if found is None or found.kind != REVIEW or found.before[0] != str(turn):
            raise NothingToUndo("this act decided nothing about this answer")
        desk = self._lectern(house).desk(request)
        teacher = replace(desk.teacher, by=by_whom(request))
        await soon(replace(desk, teacher=teacher).undo(given.act), PATIENCE_S)
        return shown(await self._read(turn), 201)

    async def _decided(
        self, request: Request, turn: UUID, given: ReviewCaseDecision
    ) -> UUID | None:
        async with self.house.together() as house:
            at, by = self._lectern(house), by_whom(request)
            reviewer = Reviewer(
                replace(at.teacher(request), by=by),
                replace(at.editor(request), by=by),
                replace(at.grader(request), by=by, via="api"),
            )
            return await _said(reviewer, turn, given)

    def _lectern(self, house: House) -> Lectern:
        return Lectern(house.store, house.shop, house.pack, self.links, house.clock)

    async def _read(self, turn: UUID) -> ReviewCaseShown:
        """Raises Problem."""
        async with self.house.store.tenant(self.house.shop) as session:
            found = await reviews.case(session, self.house.shop, turn)
        if found is None:
            raise Problem("not_found")
        return _shown(found)


async def _said(reviewer: Reviewer, turn: UUID, given: ReviewCaseDecision) -> UUID | None:
    """What undoes it. Raises Taken."""
    if given.decision == "done":
        return await reviewer.save(turn, given.said())
    if given.decision == "draft":
        return await reviewer.draft(turn, given.said())
    if given.decision == "discarded":
        return await reviewer.discard(turn)
    await reviewer.pass_over(turn)
    return None


def _shown(found: Case) -> ReviewCaseShown:
    case, row = found.case, found.shown.row
    names = ReviewCaseShown.model_fields.keys() - {
        "id", "conversation_id", "reason", "question", "answer", "intent", "score", "meant",
    }  # fmt: skip
    return ReviewCaseShown(
        **{name: getattr(case, name) for name in names},
        id=case.training_id,
        conversation_id=row.conversation_id,
        reason=REASONS[case.reason],
        question=row.user_message,
        answer=found.shown.answer,
        intent=row.intent,
        score=found.shown.score,
        meant=case.intent,
    )
