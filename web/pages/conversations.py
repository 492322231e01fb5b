"""The seller's view of the conversations: what waits for a person, and taking one over."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from handlers.word import Word
from services.clock import Clock, now
from store.session import Store
from text.folding import clean
from web import conversations
from web.limits import Unavailable, soon
from web.rendering import Pages

LONGEST = 4_000
PATIENCE_S = 8.0
BY = "página"


@dataclass(frozen=True)
class Conversations:
    """`word` is how a person speaks from here: their text travels the road of every reply."""

    pages: Pages
    store: Store
    shop: UUID
    word: Word
    clock: Clock = now

    async def show(self, request: Request) -> Response:
        async with self.store.tenant(self.shop) as session:
            listed = await soon(conversations.listed(session, self.shop, self.clock()), PATIENCE_S)
        return self.pages.answer(request, "conversaciones.html", listed=listed)

    async def detail(
        self,
        request: Request,
        conversation: UUID,
        enviado: bool = False,  # noqa: FBT001, FBT002  a query
    ) -> Response:
        return await self._shown(request, conversation, sent=enviado)

    async def _shown(
        self,
        request: Request,
        conversation: UUID,
        text: str = "",
        key: str = "",
        *,
        sent: bool = False,
    ) -> Response:
        async with self.store.tenant(self.shop) as session:
            whole = await conversations.whole(session, self.shop, conversation, self.clock())
        if whole is None:
            return self._missing(request)
        return self.pages.answer(
            request,
            "conversacion.html",
            status=503 if text else 200,
            whole=whole,
            key=key or str(uuid4()),
            text=text,
            sent=sent,
        )

    async def take(
        self, request: Request, conversation: UUID, clave: Annotated[str, Form()] = ""
    ) -> Response:
        place = await conversations.place(self.store, self.shop, conversation)
        if place is None:
            return self._missing(request)
        await soon(self.word.take(place, by=BY, key=_key(clave)), PATIENCE_S)
        return _back(conversation)

    async def give(
        self, request: Request, conversation: UUID, clave: Annotated[str, Form()] = ""
    ) -> Response:
        place = await conversations.place(self.store, self.shop, conversation)
        if place is None:
            return self._missing(request)
        await soon(self.word.give_back(place, by=BY, key=_key(clave)), PATIENCE_S)
        return _back(conversation)

    async def speak(
        self,
        request: Request,
        conversation: UUID,
        texto: Annotated[str, Form()] = "",
        clave: Annotated[str, Form()] = "",
    ) -> Response:
        """The same form sent twice says it once; a corrected text is another message, and one that
        could not be stored is still in its field."""
        place = await conversations.place(self.store, self.shop, conversation)
        if place is None:
            return self._missing(request)
        text = clean(texto, LONGEST).strip()
        if not text:
            return _back(conversation)
        once = f"{_key(clave)}.{sha256(text.encode()).hexdigest()[:16]}"
        try:
            await soon(self.word.speak(place, text, by=BY, key=once), PATIENCE_S)
        except Unavailable:
            return await self._shown(request, conversation, text, clave)
        return _back(conversation, sent=True)

    def _missing(self, request: Request) -> Response:
        return self.pages.answer(
            request,
            "aviso.html",
            status=404,
            title="Esa conversación no está",
            text="Puede ser de otra tienda, o haberse borrado a pedido del cliente.",
            back="/conversaciones",
        )


def _key(given: str) -> str:
    """Without a key of the form's own every press is an act of its own."""
    return given[:64] or str(uuid4())


def _back(conversation: UUID, *, sent: bool = False) -> Response:
    told = "?enviado=true" if sent else ""
    return RedirectResponse(f"/conversaciones/{conversation}{told}#final", 303)
