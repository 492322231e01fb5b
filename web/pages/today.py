"""The first page of the day: what needs a person now, and whether the bot is speaking."""

from collections.abc import Collection, Sequence
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
from web.numbers import COUNTED
from web.pages.channels import LOCAL, Lines
from web.permissions import Perm
from web.rendering import is_part
from web.routing import Route
from web.steps import taken
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
    lines: Lines | None = None
    networks: Collection[str] = ()

    def configured(self) -> bool:
        """Whether this bot serves a network; which it does may change while it runs."""
        return any(one.partition(":")[0] not in LOCAL for one in self.networks)

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", PATH, self.show, Perm.CONVERSATION_READ),
            Route("POST", f"{PATH}/pausar", self.stop, Perm.BOT_PAUSE),
            Route("POST", f"{PATH}/reanudar", self.go_on, Perm.BOT_PAUSE),
        ]

    async def show(self, request: Request) -> Response:
        at, here, who = self.at, self.at.clock(), identity_of(request)
        paused = await soon(self.pause.standing())
        lines = await self.lines.of(request) if self.lines is not None else []
        async with at.store.tenant(at.shop) as session:
            found = await soon(today.read(session, at.shop, here, at.zone), PATIENCE_S)
            reading = taken(
                session,
                at.shop,
                self.facts,
                account=who.person is not None,
                configured=self.configured(),
            )
            steps = await soon(reading, PATIENCE_S)
        template = "_hoy.html" if is_part(request, "hoy") else "hoy.html"
        return at.pages.answer(
            request,
            template,
            today=found,
            steps=steps,
            paused=paused,
            refused=[one for one in lines if one.told and one.told.state == "refused"],
            now=here,
            currency=self.currency,
            counted=COUNTED,
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
