"""The chat of a visitor, for programs that show it themselves: nobody needs a key for it. Which
chat it is says a token that was given with the first message, and that no address ever holds."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

from fastapi import Header, Path, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import ConfigDict

from bot.channels.web import Line
from text.folding import clean
from web.addresses import address_of
from web.api.house import House
from web.api.problems import Problem
from web.api.repeating import Key
from web.api.shapes import NO_NUL, Body, Moment, Prose, Shown
from web.api.versions import shown
from web.chatting import ENTRY, SECRET, Chatting, chat_of, line_of, new_secret
from web.live import NOTHING, SUPERSEDED, Lines
from web.routing import PUBLIC, Route

STREAM: Final = "text/event-stream"
ANSWER_S: Final = 60
QUIET_S: Final = 3.0
"""An answer of several parts has ended when nothing more came for so long."""
Shop = Annotated[str, Path(pattern=NO_NUL, min_length=1, max_length=100)]
Place = Annotated[str, Query(pattern=f"^{ENTRY.pattern}$", max_length=31)]
Token = Header(alias="Chat-Token", pattern=f"^{SECRET.pattern}$", max_length=32)


class ChatWords(Body):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"text": "¿hacen envíos a regiones?"}]}
    )

    text: Prose


class ChatSent(Shown):
    """`token` opens this chat again: send it as Chat-Token. `after` is the place of the message:
    what stands after it answers it."""

    token: str
    after: str


class ChatLine(Shown):
    id: str
    author: Literal["customer", "bot"]
    text: str
    at: Moment


class ChatLines(Shown):
    items: list[ChatLine]


@dataclass(frozen=True, slots=True)
class Chat:
    house: House
    lines: Lines
    chatting: Chatting

    def routes(self) -> Sequence[Route]:
        route, place = self.house.route, "/chat/{shop}/messages"
        told: dict[str, Any] = {"200": {"content": {STREAM: {"schema": {"type": "string"}}}}}
        return [
            route(
                "POST",
                place,
                self.send_chat_message,
                PUBLIC,
                ChatSent,
                repeats=False,
                status_code=202,
                responses=told,
            ),
            route("GET", place, self.list_chat_messages, PUBLIC, ChatLines),
        ]

    async def send_chat_message(
        self,
        request: Request,
        shop: Shop,
        given: ChatWords,
        token: Annotated[str | None, Token] = None,
        idempotency_key: Key = None,
        accept: Annotated[str, Header(max_length=1_000)] = "",
    ) -> Response:
        """What a visitor says; without a token a chat begins. The bot's answer is read from the
        same address, or follows at once with `Accept: text/event-stream`."""
        self._ours(shop)
        secret, text = token or new_secret(), clean(given.text).strip()
        if not text:
            raise Problem("refused", "The message says nothing.")
        chat = chat_of(secret)
        address = address_of(request)
        if wait_s := await self.chatting.wait_s(chat, address):
            raise Problem("too_many", retry_s=wait_s)
        after = await self.chatting.say(chat, idempotency_key or "", text)
        sent = ChatSent(token=secret, after=after)
        if STREAM not in accept:
            return shown(sent, 202)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._answer(chat, sent), media_type=STREAM, headers=headers)

    async def list_chat_messages(
        self, shop: Shop, token: Annotated[str, Token], after: Place | None = None
    ) -> Response:
        """What was said in this chat, the oldest first; with `after` what came since."""
        self._ours(shop)
        found = await self.chatting.past(chat_of(token), after or "-")
        return shown(ChatLines(items=[_line(*one) for one in found]))

    def _ours(self, shop: str) -> None:
        """Raises Problem."""
        if not self.chatting.is_of(shop):
            raise Problem("not_found")

    async def _answer(self, chat: str, sent: ChatSent) -> AsyncIterator[str]:
        yield _event("sent", sent.model_dump())
        key, quiet, answered = self.chatting.channel.lines(chat), 0.0, False
        async for entry in self.lines.follow(key, sent.after, who=chat, beat_s=QUIET_S):
            if entry is SUPERSEDED:
                break
            if entry is NOTHING:
                quiet += QUIET_S
                if answered or quiet >= ANSWER_S:
                    break
                continue
            said = _line(entry[0], line_of(entry[1]))
            answered, quiet = answered or said.author == "bot", 0.0
            yield _event("message", said.model_dump(mode="json"))
        yield _event("done", {"answered": answered})


def _line(entry: str, line: Line) -> ChatLine:
    at = datetime.fromtimestamp(line.at / 1000, UTC)
    return ChatLine(id=entry, author=line.author, text=line.text, at=at)


def _event(name: str, data: object) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
