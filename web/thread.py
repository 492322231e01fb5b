"""One conversation as its page shows it: what was said and noted, and what people think of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from store.app import Message
from store.base import NOW, SHOP
from store.inbox import CannedReply, ConversationState, Note
from store.ml import TrainingData
from store.ratings import Rating
from web import attending, conversations, profile
from web.attending import Attending, Standing
from web.conversations import NEWEST, TALK, Said, Span, Whole
from web.profile import Profile
from web.talks import is_snoozed

NOTED: Final = (
    select(Note)
    .where(Note.shop_id == SHOP, Note.conversation_id == TALK)
    .order_by(Note.at.desc())
    .limit(40)
)
NOTED_SINCE: Final = NOTED.where(Note.at >= bindparam("since", type_=NOW.type))
UNTIL: Final = bindparam("until", type_=NOW.type)
NOTED_UNTIL, NOTED_BETWEEN = (one.where(Note.at < UNTIL) for one in (NOTED, NOTED_SINCE))
NEXT: Final = (
    select(Message.received_at)
    .where(
        Message.shop_id == SHOP,
        Message.conversation_id == TALK,
        Message.position >= bindparam("before", type_=Message.position.type),
    )
    .order_by(Message.position)
    .limit(1)
)
KEPT: Final = (
    select(CannedReply).where(CannedReply.shop_id == SHOP).order_by(CannedReply.key).limit(100)
)
_row: Final = TrainingData
_REPLIES: Final = bindparam("replies", type_=ARRAY(Uuid()))
TAUGHT: Final = select(
    _row.id, _row.author, _row.stars, _row.rejected, _row.correction, _row.quality_score,
    _row.quality_label, _row.is_successful,
).where(_row.shop_id == SHOP, _row.id == any_(_REPLIES))  # fmt: skip
THUMBS: Final = (
    select(Rating.training_id, Rating.role, Rating.thumb)
    .where(Rating.shop_id == SHOP, Rating.training_id == any_(_REPLIES), Rating.thumb.is_not(None))
    .order_by(Rating.updated_at)
)


@dataclass(frozen=True, slots=True)
class Mark:
    """What is thought of an answer. `thumb` is the newest of the shop's people, `liked` of the
    customer."""

    row: Any
    thumb: int | None = None
    liked: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Something said, or a note between: one of the two."""

    at: datetime
    said: Said | None = None
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """`last` is the newest answer of the bot that is shown."""

    whole: Whole
    lines: Sequence[Line]
    marks: Mapping[UUID, Mark]
    state: ConversationState | None
    snoozed: bool
    profile: Profile
    canned: Sequence[CannedReply]
    last: UUID | None

    @property
    def first(self) -> int:
        return min((one.message.position for one in self.whole.said), default=0)

    @property
    def newest(self) -> int:
        return max((one.message.position for one in self.whole.said), default=0)

    def attends(self, me: str, name: str) -> Attending:
        talk, needed = self.whole.talk, self.whole.hand_over
        owner = self.state.assigned_to if self.state else None
        standing = Standing(
            silent=talk.silenced,
            by=talk.conversation.silenced_by,
            owner=owner,
            since=self.state.at if self.state else None,
            asked=needed.at if needed else None,
        )
        return attending.attending(standing, me, name)

    @property
    def resolved(self) -> bool:
        return self.state is not None and self.state.state == "resolved"

    @property
    def converted(self) -> bool:
        """A person's word counts more than the orders."""
        if self.state is not None and self.state.converted is not None:
            return self.state.converted
        return self.profile.bought_here


async def read(
    session: AsyncSession, shop: UUID, which: UUID, now: datetime, span: Span = NEWEST
) -> Thread | None:
    whole = await conversations.whole(session, shop, which, now, span)
    if whole is None:
        return None
    replies = [one.message.id for one in whole.said if one.message.author != "customer"]
    marks = await _marks(session, shop, replies)
    notes = await _notes(session, shop, whole, span.before)
    state = await session.get(ConversationState, (shop, which))
    return Thread(
        whole=whole,
        lines=merged(whole.said, notes),
        marks=marks,
        state=state,
        snoozed=is_snoozed(state, now),
        profile=await profile.read(session, shop, whole.talk.conversation, whole.customer, now),
        canned=(await session.scalars(KEPT, {"shop": shop})).all(),
        last=next((one for one in reversed(replies) if one in marks), None),
    )


def merged(said: Sequence[Said], notes: Sequence[Note]) -> Sequence[Line]:
    """Messages keep the order of their stream, whatever their clocks say; a note stands before the
    first message that is newer."""
    lines, rest = list[Line](), list(notes)
    for one in said:
        while rest and rest[0].at <= one.message.received_at:
            lines.append(_noted(rest.pop(0)))
        lines.append(Line(one.message.at, said=one))
    return [*lines, *map(_noted, rest)]


def _noted(note: Note) -> Line:
    return Line(note.at, note=note)


async def _notes(
    session: AsyncSession, shop: UUID, whole: Whole, before: int | None
) -> Sequence[Note]:
    """Those between the lines that are shown, and up to the next one, which another page shows."""
    given: dict[str, Any] = {"shop": shop, "talk": whole.talk.conversation.id}
    whose = NOTED if whole.older is None else NOTED_SINCE
    if whole.older is not None:
        given["since"] = whole.said[0].message.received_at
    if before is not None:
        given["until"] = await session.scalar(NEXT, given | {"before": before})
        whose = NOTED_UNTIL if whole.older is None else NOTED_BETWEEN
    return list(await session.scalars(whose, given))[::-1]


async def _marks(session: AsyncSession, shop: UUID, replies: Sequence[UUID]) -> Mapping[UUID, Mark]:
    given = {"shop": shop, "replies": replies}
    found = {one.id: one for one in await session.execute(TAUGHT, given)}
    thumbs = await session.execute(THUMBS, given)
    said = {(one.training_id, one.role): one.thumb for one in thumbs}
    return {
        which: Mark(one, said.get((which, "staff")), said.get((which, "customer")))
        for which, one in found.items()
    }
