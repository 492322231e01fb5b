"""The seller tries the bot: a question, its answer, and everything the answer rests on."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeAlias
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import Response

from events.vocabulary import ReplyDrafted
from store.session import Store
from text.folding import clean
from web import versions
from web.identity import identity_of
from web.limits import Limit, soon
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route

HOME = "/probar"
LONGEST = 1000
PATIENCE_S = 30.0
Ask: TypeAlias = Callable[[str], Awaitable[ReplyDrafted | None]]
"""What a customer whom nobody knows would be answered; None when no model answers now. Nothing is
sent, learned or remembered."""
AskOf: TypeAlias = Callable[[UUID, str], Awaitable[ReplyDrafted | None]]
"""The same of one version, whether it serves or not."""


@dataclass(frozen=True)
class Trying:
    pages: Pages
    store: Store
    shop: UUID
    ask: Ask
    ask_of: AskOf | None
    per_person: Limit
    chat: str

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", HOME, self.show, Perm.BOT_ASK),
            Route("POST", HOME, self.answer, Perm.BOT_ASK),
        ]

    async def show(self, request: Request) -> Response:
        return await self._page(request)

    async def answer(
        self,
        request: Request,
        pregunta: Annotated[str, Form(max_length=LONGEST)] = "",
        contra: Annotated[str, Form(max_length=40)] = "",
    ) -> Response:
        """`contra` is a version that answers the same, beside whoever answers customers now."""
        question = clean(pregunta, LONGEST).strip()
        if not question:
            return await self._page(request, status=422, problem="empty")
        if await soon(self.per_person.wait_ms(identity_of(request).who)):
            return await self._page(request, question, status=429, problem="often")
        other = self._asked_of(contra, question)
        draft, rival = await soon(asyncio.gather(self.ask(question), other), PATIENCE_S)
        if draft is None:
            return await self._page(request, question, status=503, problem="silent")
        return await self._page(request, question, draft=draft, rival=rival, against=contra)

    async def _asked_of(self, version: str, question: str) -> ReplyDrafted | None:
        try:
            which = UUID(version)
        except ValueError:
            return None
        return await self.ask_of(which, question) if self.ask_of is not None else None

    async def _page(
        self, request: Request, question: str = "", *, status: int = 200, **values: object
    ) -> Response:
        async with self.store.tenant(self.shop) as session:
            models = await versions.names(session, self.shop) if self.ask_of is not None else []
        shown: dict[str, object] = {"draft": None, "rival": None, "against": "", "problem": ""}
        shown |= {"question": question, "models": models, "chat": self.chat}
        return self.pages.answer(request, "probar.html", status=status, **(shown | values))
