"""Whoever holds the link asks the bot, and can do nothing else; nothing is sent or learned."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Annotated, Any, Final, TypeAlias

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from events.vocabulary import ReplyDrafted
from store.audit import record
from store.session import Store
from text.folding import clean
from web.addresses import address_of
from web.identity import actor_of, identity_of
from web.limits import Limit, soon
from web.pages.trying import LONGEST, PATIENCE_S
from web.permissions import Perm
from web.rendering import Pages
from web.routing import PUBLIC, Route
from web.trial import STANDS_S, Trial

HOME: Final = "/probar"
GUEST: Final = "/prueba/{token}"
Ask: TypeAlias = Callable[[str], Awaitable[ReplyDrafted | None]]
"""What a customer whom nobody knows would be answered; None when no model answers now. Nothing is
sent, learned or remembered."""


@dataclass(frozen=True)
class TrialPages:
    """`per_guest` counts an address, `per_link` all who use the link."""

    pages: Pages
    store: Store
    ask: Ask
    trial: Trial
    per_guest: Limit
    per_link: Limit

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", f"{HOME}/enlace", self.show, Perm.BOT_ASK),
            Route("POST", f"{HOME}/enlace", self.share, Perm.BOT_ASK),
            Route("POST", f"{HOME}/enlace/quitar", self.withdraw, Perm.BOT_ASK),
            Route("GET", GUEST, self.door, PUBLIC),
            Route("POST", GUEST, self.answer, PUBLIC),
        ]

    async def show(self, request: Request) -> Response:
        shared = await soon(self.trial.is_shared())
        return self._shown(request, shared=shared)

    async def share(self, request: Request) -> Response:
        """The link is on the answer and nowhere else."""
        token = await soon(self.trial.share())
        await self._tell(request, "trial.shared")
        link = f"{request.base_url}prueba/{token}"
        response = self._shown(request, shared=True, link=link)
        response.headers["Cache-Control"] = "no-store"
        return response

    async def withdraw(self, request: Request) -> Response:
        await soon(self.trial.withdraw())
        await self._tell(request, "trial.withdrawn")
        return RedirectResponse(f"{HOME}/enlace", 303)

    async def door(self, request: Request, token: str) -> Response:
        if not await soon(self.trial.opens(token)):
            return self._over(request)
        return self._page(request)

    async def answer(
        self,
        request: Request,
        token: str,
        pregunta: Annotated[str, Form(max_length=LONGEST)] = "",
    ) -> Response:
        if not await soon(self.trial.opens(token)):
            return self._over(request)
        question = clean(pregunta, LONGEST).strip()
        if not question:
            return self._page(request, status=422, problem="empty")
        who = address_of(request)
        wait_ms = await soon(self.per_guest.wait_ms(who))
        if wait_ms := wait_ms or await soon(self.per_link.wait_ms("all")):
            wait_s = ceil(wait_ms / 1000)
            return self._page(request, question, status=429, problem="often", wait_s=wait_s)
        draft = await soon(self.ask(question), PATIENCE_S)
        if draft is None:
            return self._page(request, question, status=503, problem="silent")
        return self._page(request, question, draft)

    async def _tell(self, request: Request, action: str) -> None:
        shop = identity_of(request).shop
        async with self.store.tenant(shop) as session:
            await record(session, shop, actor_of(request), action, f"shop:{shop}")

    def _shown(self, request: Request, *, shared: bool, link: str = "") -> Response:
        days = STANDS_S // 86_400
        return self.pages.answer(request, "probar_enlace.html", shared=shared, link=link, days=days)

    def _page(
        self,
        request: Request,
        question: str = "",
        draft: ReplyDrafted | None = None,
        **told: Any,  # noqa: ANN401  what a template shows
    ) -> Response:
        shown = {"question": question, "draft": draft, "problem": ""} | told
        return self.pages.answer(request, "prueba.html", **shown)

    def _over(self, request: Request) -> Response:
        return self.pages.answer(
            request,
            "aviso.html",
            status=404,
            title="Este enlace ya no sirve",
            text="Los enlaces de prueba duran una semana. Pide otro a la tienda.",
            back="/chat",
        )
