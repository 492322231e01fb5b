"""What a visitor thinks of an answer: a thumb below it, which may be changed and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from fastapi import Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from web.addresses import address_of
from web.chatting import ENTRY, Side, chat_of
from web.limits import Unavailable
from web.pages.chat import Chat
from web.routing import PUBLIC, Route
from web.visiting import Refusal, secret_of

CALM: Final = "Vas muy rápido. Espera %(seconds)s s y vuelve a calificar."
GONE: Final = Refusal(404, "Esa respuesta ya no está en esta conversación.")
DOWN: Final = Refusal(503, "No pudimos guardar tu calificación. Inténtalo en un momento.")


@dataclass(frozen=True)
class Thumbs:
    chat: Chat

    def routes(self) -> Sequence[Route]:
        return [Route("POST", "/chat/rating", self.rate, PUBLIC)]

    async def rate(
        self,
        request: Request,
        linea: Annotated[str, Form()] = "",
        pulgar: Annotated[Literal["up", "down", ""], Form()] = "",
    ) -> Response:
        """Of a line of the visitor's own chat; whatever else is named is not there."""
        secret = secret_of(request)
        if secret is None:
            return RedirectResponse("/chat", 303)
        refusal = await self._rated(request, chat_of(secret), linea, pulgar or None)
        if request.headers.get("hx-request"):
            return self._part(request, linea, pulgar, refusal)
        if refusal is None:
            return RedirectResponse(f"/chat#l{linea}", 303)
        return await self.chat.page(request, secret, refusal)

    async def _rated(
        self, request: Request, chat: str, entry: str, side: Side | None
    ) -> Refusal | None:
        chatting = self.chat.chatting
        try:
            if seconds := await chatting.wait_s(chat, address_of(request)):
                return Refusal(429, CALM, {"seconds": seconds})
            line = await chatting.line(chat, entry) if ENTRY.fullmatch(entry) else None
            if line is None or line.author != "bot" or line.human:
                return GONE
            await chatting.rate(chat, entry, line, side)
        except Unavailable:
            return DOWN
        return None

    def _part(
        self, request: Request, entry: str, thumb: str, refusal: Refusal | None
    ) -> HTMLResponse:
        """What is refused is said where every refusal is."""
        pages = self.chat.pages
        if refusal is None:
            return pages.answer(request, "_rated.html", entry=entry, thumb=thumb)
        response = pages.answer(
            request,
            "_refusal.html",
            status=refusal.status,
            wait_s=refusal.wait_s,
            refusal=refusal,
        )
        response.headers.update({"HX-Retarget": "#aviso", "HX-Reswap": "innerHTML"})
        return response
