"""The customer's chat: past lines at once, new ones live, and it works without JavaScript.

Which chat it is comes from the visitor's cookie alone; no address ever names one.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Form, Header, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.sse import ServerSentEvent
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from starlette.exceptions import HTTPException

from bot.channels.web import Line
from events.happened import named
from services.clock import Clock, now
from store import app
from store.base import StoreError
from store.session import Store
from text.folding import clean
from web.addresses import address_of
from web.bubbles import Bubble, PhotoName, bubble
from web.chatting import (
    ENTRY,
    LONGEST,
    Chatting,
    Side,
    answer_of,
    chat_of,
    line_of,
    new_secret,
)
from web.conversations import silent
from web.identity import known
from web.limits import Limit, Unavailable, soon
from web.live import START, SUPERSEDED, Lines
from web.rendering import Pages, locale_of
from web.routing import PUBLIC, Route
from web.visiting import Refusal, forget, framed, keep, secret_of

SHOWCASE = 6
TYPING_MS = 3500
"""The page repeats the sign every two seconds."""


LONG = "Tu mensaje tiene %(length)s caracteres; el máximo es %(most)s."
CALM = "Vas muy rápido. Espera %(seconds)s s y vuelve a enviar tu mensaje."
EMPTY = Refusal(422, "Escribe un mensaje antes de enviarlo.")
DOWN = Refusal(
    503, "No pudimos guardar tu mensaje todavía. Sigue aquí escrito: inténtalo en un momento."
)


@dataclass(frozen=True)
class Chat:
    """`embeds`: pages of others may frame it."""

    pages: Pages
    chatting: Chatting
    store: Store
    lines: Lines
    photo_name: PhotoName
    signs: Limit
    embeds: bool = False
    clock: Clock = now

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", "/chat", self.show, PUBLIC),
            Route("GET", "/c/{tienda}", self.public, PUBLIC),
            Route("POST", "/chat/messages", self.send, PUBLIC),
            Route("POST", "/chat/typing", self.typing, PUBLIC),
            Route("POST", "/chat/new", self.renew, PUBLIC),
            Route("GET", "/chat/stream", self.stream, PUBLIC, "stream"),
        ]

    async def show(self, request: Request) -> Response:
        secret = secret_of(request) or new_secret()
        response = await self.page(request, secret)
        keep(request, response, secret, apart=self._embedded(request))
        return response

    async def public(self, request: Request, tienda: str) -> Response:
        """Under the name that a shop gives its customers; nobody else's is ours."""
        if not self.chatting.is_of(tienda):
            raise HTTPException(404)
        return await self.show(request)

    async def send(
        self,
        request: Request,
        texto: Annotated[str, Form()] = "",
        clave: Annotated[str, Form()] = "",
    ) -> Response:
        secret = secret_of(request)
        if secret is None:
            return RedirectResponse("/chat", 303)
        text = clean(texto, len(texto)).strip()
        refusal = await self._refusal(request, chat_of(secret), text)
        if refusal is None:
            refusal = await self._keep(chat_of(secret), clave, text)
        if request.headers.get("hx-request"):
            return self._part(request, refusal)
        if refusal is None:
            return RedirectResponse("/chat", 303)
        return await self.page(request, secret, refusal, texto)

    async def typing(self, request: Request, escribe: Annotated[bool, Form()]) -> Response:
        """Best effort: a sign that is lost costs a little patience, never a message."""
        secret = secret_of(request)
        with suppress(Unavailable):
            if secret is not None and not await soon(self.signs.wait_ms(chat_of(secret))):
                lasts_ms = TYPING_MS if escribe else 0
                channel, chat = self.chatting.channel, chat_of(secret)
                sign = channel.typing(chat, self.clock(), lasts_ms)
                await soon(self.chatting.ingest(sign))
        return Response(status_code=204)

    async def renew(self) -> Response:
        """Another conversation, as another visitor would begin it."""
        response = RedirectResponse("/chat", 303)
        forget(response, apart=self.embeds)
        return response

    async def stream(
        self,
        request: Request,
        desde: str = START,
        last_event_id: Annotated[str | None, Header()] = None,
    ) -> AsyncIterator[ServerSentEvent]:
        secret = secret_of(request)
        after = last_event_id or desde
        after = after if ENTRY.fullmatch(after) else START
        if secret is None:
            return
        locale = locale_of(request)
        async for entry in self.lines.follow(self.chatting.channel.lines(chat_of(secret)), after):
            if entry is SUPERSEDED:
                yield ServerSentEvent(event="superseded", raw_data="")
            else:
                line = line_of(entry[1])
                attended = line.author == "customer" and await self._attended(chat_of(secret))
                seen = self._bubble(entry[0], line, attended=attended)
                html = self.pages.html("_bubble.html", locale=locale, bubble=seen)
                yield ServerSentEvent(raw_data=html, id=entry[0])

    async def page(
        self, request: Request, secret: str, refusal: Refusal | None = None, text: str = ""
    ) -> HTMLResponse:
        attended = await self._attended(chat_of(secret))
        past = self._past(chat_of(secret), attended=attended)
        bubbles, products = await asyncio.gather(past, self._products())
        return self.pages.answer(
            request,
            "chat.html",
            status=refusal.status if refusal else 200,
            wait_s=refusal.wait_s if refusal else 0,
            seller=known(request),
            bubbles=bubbles,
            attended=attended,
            last=bubbles[-1].id if bubbles else START,
            products=products,
            photo_name=self.photo_name,
            key=secrets.token_urlsafe(12),
            refusal=refusal,
            text=text,
            framed=self._embedded(request),
            longest=LONGEST,
        )

    def _part(self, request: Request, refusal: Refusal | None) -> HTMLResponse:
        status, wait_s = (refusal.status, refusal.wait_s) if refusal else (200, 0)
        key = secrets.token_urlsafe(12)
        return self.pages.answer(
            request, "_sent.html", status=status, wait_s=wait_s, refusal=refusal, key=key
        )

    async def _refusal(self, request: Request, chat: str, text: str) -> Refusal | None:
        if not text:
            return EMPTY
        if len(text) > LONGEST:
            return Refusal(422, LONG, {"length": len(text), "most": LONGEST})
        address = address_of(request)
        try:
            seconds = await self.chatting.wait_s(chat, address)
        except Unavailable:
            return DOWN
        return Refusal(429, CALM, {"seconds": seconds}) if seconds else None

    async def _keep(self, chat: str, key: str, text: str) -> Refusal | None:
        try:
            await self.chatting.say(chat, key, text)
        except Unavailable:
            return DOWN
        return None

    async def _attended(self, chat: str) -> bool:
        """Whether a person has the word; the chat works without knowing it."""
        try:
            return await soon(self._silent(chat), 1.0)
        except (Unavailable, StoreError):
            return False

    async def _silent(self, chat: str) -> bool:
        channel = self.chatting.channel
        which = named(channel.account, "conversation", chat)
        async with self.store.tenant(channel.shop) as session:
            talk = await session.get(app.Conversation, (channel.shop, which))
        return talk is not None and silent(talk, self.clock())

    async def _past(self, chat: str, *, attended: bool) -> list[Bubble]:
        past, thumbs = await asyncio.gather(self.chatting.past(chat), self.chatting.thumbs(chat))
        return [
            self._bubble(*said, thumbs.get(answer_of(*said)), attended=attended) for said in past
        ]

    def _bubble(
        self, entry: str, line: Line, thumb: Side | None = None, *, attended: bool = False
    ) -> Bubble:
        return bubble(entry, line, self.clock(), self.photo_name, thumb, attended=attended)

    def _embedded(self, request: Request) -> bool:
        return self.embeds and framed(request)

    async def _products(self) -> Sequence[app.Product]:
        """Something to look at; the chat works without it."""
        try:
            return await soon(self._showcase(self.chatting.channel.shop), 1.0)
        except (Unavailable, StoreError):
            return []

    async def _showcase(self, shop: UUID) -> Sequence[app.Product]:
        query = (
            select(app.Product)
            .where(app.Product.shop_id == shop, app.Product.active, app.Product.stock > 0)
            .ext(distinct_on(app.Product.category))
            .order_by(app.Product.category, app.Product.sku)
            .limit(SHOWCASE)
        )
        async with self.store.tenant(shop) as session:
            return (await session.scalars(query)).all()
