"""What a shop's models may cost a day, and how much one customer may have of the bot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from config.manners import BudgetSettings
from services.clock import Clock, now
from store.session import Store
from web.caps import BadCap, Whose, bound, caps, typed
from web.fixed import Fixed
from web.hands import hand_of
from web.identity import identity_of
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route

HERE: Final = "/ajustes/limites"
BACK: Final = {"ajustes": HERE, "costos": "/admin/costos"}
Typed = Annotated[str, Form(max_length=16)]


@dataclass(frozen=True)
class LimitPages:
    """`budget` is what the configuration says, `fixed` the limits that it alone can say."""

    pages: Pages
    store: Store
    shop: UUID
    budget: BudgetSettings
    fixed: Sequence[Fixed] = ()
    clock: Clock = now

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", HERE, self.show, Perm.COST_READ),
            Route("POST", HERE, self.save, Perm.SETTINGS_WRITE),
        ]

    async def show(self, request: Request, hecho: str = "") -> Response:
        return await self._page(request, told=hecho)

    async def save(
        self,
        request: Request,
        tienda: Typed = "",
        cliente: Typed = "",
        de: Annotated[Literal["ajustes", "costos"], Form()] = "ajustes",
    ) -> Response:
        """An empty field is what the configuration says, and 0 is no limit."""
        given: Mapping[Whose, str] = {"shop": tienda, "customer": cliente}
        try:
            wanted = {whose: typed(whose, text) for whose, text in given.items()}
            async with self.store.tenant(self.shop) as session:
                await bound(session, wanted, self.budget, hand_of(request, self.clock()))
        except BadCap as error:
            return await self._page(request, 422, problem=error, given=given)
        return RedirectResponse(f"{BACK[de]}?hecho=guardado", 303)

    async def _page(self, request: Request, status: int = 200, **values: Any) -> Response:  # noqa: ANN401  what the page shows
        async with self.store.tenant(self.shop) as session:
            known = await caps(session, self.shop, self.budget)
        shown: dict[str, Any] = {
            "told": "",
            "problem": None,
            "given": {},
            "caps": known,
            "fixed": self.fixed,
            "can_write": identity_of(request).may(Perm.SETTINGS_WRITE),
        }
        return self.pages.answer(request, "limites.html", status=status, **(shown | values))
