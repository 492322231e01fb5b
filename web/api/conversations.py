"""Conversations: who has the word, what was said, and speaking in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import ConfigDict
from sqlalchemy import and_, select

from handlers.word import Place
from handlers.word import Word as Speaks
from store.app import Conversation, Delivery, Message
from store.inbox import ConversationState
from text.folding import clean
from web import conversations, filing, finding
from web.api.house import ROOT, House, by_whom
from web.api.problems import Problem
from web.api.shapes import Body, IfNoneMatch, Line, Listed, Moment, Paging, Prose, Shown, Word
from web.api.versions import shown, tagged
from web.conversations import Whole, silent
from web.filing import State
from web.limits import soon
from web.permissions import Perm
from web.routing import Route
from web.tabs import chatted

PATIENCE_S = 8.0


class Handler(Body):
    """`for_good` is until somebody gives it back."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"handler": "human", "for_good": False}]}
    )

    handler: Literal["human", "bot"]
    for_good: bool = False


class Words(Body):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"text": "Te atiende Carla"}]}
    )

    text: Prose


class ConversationShown(Shown):
    id: UUID
    customer_id: UUID
    account: str
    chat: str
    handler: Literal["human", "bot"]
    until: Moment | None
    reachable: bool
    state: State
    labels: list[str]
    last_at: Moment
    created_at: Moment


class MessageShown(Shown):
    id: UUID
    author: str
    text: str
    at: Moment
    state: str | None = None


class Withheld(Shown):
    id: UUID
    reason: str
    at: Moment


class WholeShown(ConversationShown):
    waits_for_a_person: bool
    takes_free_texts: bool
    not_sent: list[Withheld]
    messages: list[MessageShown]


class HandlerShown(Shown):
    id: UUID
    handler: Literal["human", "bot"]


class Sent(Shown):
    id: UUID


class ConversationsWanted(Paging):
    """`account` is of one channel, as in telegram:main; `q` are words that were said, or a part of
    a customer's name."""

    account: Line | None = None
    customer_id: UUID | None = None
    q: Word | None = None
    sort: Literal["last_at", "-last_at"] = "-last_at"


@dataclass(frozen=True, slots=True)
class Conversations:
    house: House
    word: Speaks

    def routes(self) -> Sequence[Route]:
        route, one = self.house.route, "/conversations/{conversation}"
        read, write = Perm.CONVERSATION_READ, Perm.CONVERSATION_WRITE
        messages, handler = f"{one}/messages", f"{one}/handler"
        return [
            route(
                "GET", "/conversations", self.list_conversations, read, Listed[ConversationShown]
            ),
            route("GET", one, self.get_conversation, read, WholeShown),
            route("PUT", handler, self.set_handler, write, HandlerShown),
            route("GET", messages, self.list_messages, read, Listed[MessageShown]),
            route("POST", messages, self.send_message, write, Sent, status_code=202),
        ]

    async def list_conversations(self, wanted: Annotated[ConversationsWanted, Query()]) -> Response:
        """The newest first; a conversation moves to the front when somebody speaks in it."""
        row, house = Conversation, self.house
        query = select(row).where(*chatted(house.shop))
        if wanted.account is not None:
            query = query.where(row.account == wanted.account)
        if wanted.customer_id is not None:
            query = query.where(row.customer_id == wanted.customer_id)
        by, rising = (row.last_at, row.id), not wanted.sort.startswith("-")
        async with house.store.tenant(house.shop) as session:
            if wanted.q is not None:
                words = clean(wanted.q).strip()
                ids = await finding.found_by(session, house.shop, words, house.clock())
                query = query.where(row.id.in_(ids))
            rows, cursor = await house.page(session, query, by, wanted, rising=rising)
            states = await filing.states_of(session, house.shop, [one.id for one in rows])
        items = [ConversationShown(**self._head(one, states.get(one.id))) for one in rows]
        return shown(Listed(items=items, next_cursor=cursor))

    async def get_conversation(
        self, conversation: UUID, if_none_match: IfNoneMatch = None
    ) -> Response:
        """Who has the word, the last messages and how far they got, what was not sent and why."""
        house = self.house
        async with house.store.tenant(house.shop) as session:
            found = await conversations.whole(session, house.shop, conversation, house.clock())
            states = await filing.states_of(session, house.shop, [conversation])
        if found is None:
            raise Problem("not_found")
        return tagged(self._whole(found, states.get(conversation)), if_none_match)

    async def list_messages(
        self, conversation: UUID, wanted: Annotated[Paging, Query()]
    ) -> Response:
        """What was said, the newest first."""
        row, house = Message, self.house
        query = select(row).where(row.shop_id == house.shop, row.conversation_id == conversation)
        async with house.store.tenant(house.shop) as session:
            if await session.get(Conversation, (house.shop, conversation)) is None:
                raise Problem("not_found")
            rows, cursor = await house.page(session, query, (row.position, row.id), wanted)
            states = await self._states(session, [one.id for one in rows])
        items = [
            MessageShown(
                id=one.id, author=one.author, text=one.text, at=one.at, state=states.get(one.id)
            )
            for one in rows
        ]
        return shown(Listed(items=items, next_cursor=cursor))

    async def set_handler(self, request: Request, conversation: UUID, wanted: Handler) -> Response:
        """Who speaks from now on. Said twice it changes nothing but the end of the silence."""
        place, key, by = await self._place(conversation), str(uuid4()), by_whom(request)
        if wanted.handler == "human":
            good = wanted.for_good
            acting = self.word.take(place, by=by, key=key, source="api", for_good=good)
        else:
            acting = self.word.give_back(place, by=by, key=key, source="api")
        await soon(acting, PATIENCE_S)
        return shown(HandlerShown(id=conversation, handler=wanted.handler))

    async def send_message(self, request: Request, conversation: UUID, words: Words) -> Response:
        """Silences the bot and sends."""
        place = await self._place(conversation)
        text = clean(words.text).strip()
        if not text:
            wrong = {"loc": ("body", "text"), "msg": "it says nothing", "type": "empty"}
            raise Problem("invalid", errors=[wrong])
        by, given = by_whom(request), request.headers.get("idempotency-key")
        key = f"{by}:{given}" if given else str(uuid4())
        speaking = self.word.speak(place, text, by=by, key=key, source="api")
        reply = await soon(speaking, PATIENCE_S)
        return shown(
            Sent(id=reply), 202, {"Location": f"{ROOT}/conversations/{conversation}/messages"}
        )

    async def _place(self, conversation: UUID) -> Place:
        """Raises Problem."""
        found = await conversations.place(self.house.store, self.house.shop, conversation)
        if found is None:
            raise Problem("not_found")
        return found

    async def _states(self, session: Any, ids: Sequence[UUID]) -> dict[UUID, str]:  # noqa: ANN401
        mine = and_(Delivery.shop_id == self.house.shop, Delivery.message_id.in_(ids))
        found = await session.execute(select(Delivery.message_id, Delivery.state).where(mine))
        return {which: state for which, state in found}  # noqa: C416  rows, no pairs

    def _head(self, one: Conversation, state: ConversationState | None) -> dict[str, Any]:
        now = self.house.clock()
        quiet = silent(one, now)
        names = ("id", "customer_id", "account", "chat", "reachable", "last_at", "created_at")
        return {name: getattr(one, name) for name in names} | {
            "handler": "human" if quiet else "bot",
            "until": one.silenced_until if quiet else None,
            "state": filing.state_of(state, now),
            "labels": state.labels if state else [],
        }

    def _whole(self, found: Whole, state: ConversationState | None) -> WholeShown:
        said = [
            MessageShown(
                id=one.message.id,
                author=one.message.author,
                text=one.message.text,
                at=one.message.at,
                state=one.delivery.state if one.delivery else None,
            )
            for one in found.said
        ]
        unsaid = [Withheld(id=one.reply_id, reason=one.reason, at=one.at) for one in found.unsaid]
        return WholeShown(
            **self._head(found.talk.conversation, state),
            waits_for_a_person=found.hand_over is not None,
            takes_free_texts=not found.closed,
            not_sent=unsaid,
            messages=said,
        )
