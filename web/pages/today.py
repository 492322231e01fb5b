"""The first page of the day: what needs a person now, and whether the bot is speaking."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from config.manners import FOR_GOOD_S
from handlers.pausing import Pause
from text.folding import clean
from web import pausing, today
from web.hands import hand_of
from web.identity import identity_of
from web.limits import soon
from web.permissions import Perm
from web.rendering import is_part
from web.routing import Route
from web.talking import PATIENCE_S, Talking

PATH: Final = "/hoy"
LONGEST: Final = 200
HOURS: Final = {"30": 1800, "60": 3600, "240": 4 * 3600, "720": 12 * 3600, "siempre": FOR_GOOD_S}


@dataclass(frozen=True)
class Hoy:
    at: Talking
    pause: Pause
    currency: str = "CLP"
    facts: Sequence[str] = ()

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", PATH, self.show, Perm.CONVERSATION_READ),
            Route("POST", f"{PATH}/pausar", self.stop, Perm.BOT_PAUSE),
            Route("POST", f"{PATH}/reanudar", self.go_on, Perm.BOT_PAUSE),
        ]

    async def show(self, request: Request) -> Response:
        at, here = self.at, self.at.clock()
        paused = await soon(self.pause.standing())
        async with at.store.tenant(at.shop) as session:
            ways = at.pages.ways(request)
            reading = today.read(session, at.shop, here, at.zone, ways, self.facts)
            found = await soon(reading, PATIENCE_S)
        who = identity_of(request)
        template = "_hoy.html" if is_part(request, "hoy") else "hoy.html"
        return at.pages.answer(
            request,
            template,
            today=found,
            paused=paused,
            now=here,
            currency=self.currency,
            counted=today.COUNTED,
            may_pause=who.may(Perm.BOT_PAUSE),
            may_write=who.may(Perm.CONVERSATION_WRITE),
        )

    async def stop(
        self,
        request: Request,
        motivo: Annotated[str, Form()] = "",
        dura: Annotated[Literal["30", "60", "240", "720", "siempre"], Form()] = "60",
    ) -> Response:
        """Nothing of the bot's leaves once this has answered, a message in flight included."""
        at, why = self.at, clean(motivo, LONGEST).strip()
        by = hand_of(request, at.clock())
        await soon(pausing.stop(self.pause, at.store, by, HOURS[dura], why), PATIENCE_S)
        return RedirectResponse(PATH, 303)

    async def go_on(self, request: Request) -> Response:
        at = self.at
        by = hand_of(request, at.clock())
        await soon(pausing.go_on(self.pause, at.store, by), PATIENCE_S)
        return RedirectResponse(PATH, 303)
