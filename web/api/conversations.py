"""Who has the word in a conversation, and speaking in it, for programs of the shop."""

import hashlib
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import Header, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from handlers.word import Word
from services.clock import Clock, now
from services.wire import Wire
from store.session import Store
from text.folding import clean
from web import conversations
from web.api.problems import problem
from web.limits import soon

PATIENCE_S = 8.0
KEPT_S = 86_400
BY = "api"
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Handler(Body):
    """`for_good` is until somebody gives it back."""

    handler: Literal["human", "bot"]
    for_good: bool = False


class Words(Body):
    text: str = Field(min_length=1, max_length=4_000, pattern=r"^[^\x00]*[^\x00\s][^\x00]*$")


@dataclass(frozen=True)
class ConversationsApi:
    """`prefix` is that of the keys in Redis."""

    store: Store
    wire: Wire
    shop: UUID
    word: Word
    prefix: str
    clock: Clock = now

    async def show(self, conversation: UUID) -> Response:
        async with self.store.tenant(self.shop) as session:
            whole = await conversations.whole(session, self.shop, conversation, self.clock())
        if whole is None:
            raise HTTPException(404)
        talk = whole.talk.conversation
        until = talk.silenced_until if whole.talk.silenced else None
        return JSONResponse(
            {
                "id": str(talk.id),
                "account": talk.account,
                "chat": talk.chat,
                "handler": "human" if whole.talk.silenced else "bot",
                "until": until.isoformat() if until else None,
                "waits_for_a_person": whole.hand_over is not None,
                "reachable": talk.reachable,
                "takes_free_texts": not whole.closed,
                "not_sent": [
                    {"id": str(one.reply_id), "reason": one.reason, "at": one.at.isoformat()}
                    for one in whole.unsaid
                ],
                "last_at": talk.last_at.isoformat(),
                "messages": [
                    {
                        "id": str(one.message.id),
                        "author": one.message.author,
                        "text": one.message.text,
                        "at": one.message.at.isoformat(),
                        "state": one.delivery.state if one.delivery else None,
                    }
                    for one in whole.said
                ],
            }
        )

    async def handle(self, conversation: UUID, wanted: Handler) -> Response:
        """Said twice it changes nothing but the end of the silence."""
        place = await conversations.place(self.store, self.shop, conversation)
        if place is None:
            raise HTTPException(404)
        key = str(uuid4())
        if wanted.handler == "human":
            taking = self.word.take(place, by=BY, key=key, source="api", for_good=wanted.for_good)
            await soon(taking, PATIENCE_S)
        else:
            await soon(self.word.give_back(place, by=BY, key=key, source="api"), PATIENCE_S)
        return JSONResponse({"id": str(conversation), "handler": wanted.handler})

    async def speak(
        self, request: Request, conversation: UUID, words: Words, key: Key = None
    ) -> Response:
        """Silences the bot and sends; with a key, a request that is repeated sends nothing more."""
        place = await conversations.place(self.store, self.shop, conversation)
        if place is None:
            raise HTTPException(404)
        text = clean(words.text).strip()
        if not text:
            wrong = {"loc": ("body", "text"), "msg": "it says nothing", "type": "empty"}
            return problem(422, request.url.path, [wrong])
        act = f"{BY}:{key}" if key else str(uuid4())
        if key and not await soon(self._is_same(conversation, key, words), PATIENCE_S):
            return problem(409, request.url.path)
        speaking = self.word.speak(place, text, by=BY, key=act, source="api")
        reply = await soon(speaking, PATIENCE_S)
        return JSONResponse({"id": str(reply)}, 202)

    async def _is_same(self, conversation: UUID, key: str, words: Words) -> bool:
        """Whether the key is new, or was used for this very text."""
        name = hashlib.sha256(f"{conversation} {key}".encode()).hexdigest()
        mine = hashlib.sha256(words.text.encode()).hexdigest()
        place = f"{self.prefix}:web:{{api:{name}}}"
        if await self.wire.command("SET", place, mine, "NX", "EX", KEPT_S):
            return True
        known = await self.wire.command("GET", place)
        return known is not None and known.decode() == mine
