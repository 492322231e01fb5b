"""The whole bot is quiet: for how long, by whom, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from config.manners import FOR_GOOD_S
from handlers.pausing import Pause, Paused
from text.folding import clean
from web import pausing
from web.api.house import House
from web.api.shapes import Body, IfNoneMatch, Line, Moment, Shown
from web.api.versions import shown, tagged
from web.hands import hand_of
from web.limits import soon
from web.permissions import Perm
from web.routing import Route

PATIENCE_S = 8.0
LONGEST = 200
MINUTE_S = 60


class PauseSaid(Body):
    """Thirty days at most."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"minutes": 60, "reason": "cambio de precios"}]},
    )

    minutes: int = Field(ge=1, le=FOR_GOOD_S // MINUTE_S)
    reason: Line = ""


class PauseShown(Shown):
    """While it is not `paused` the rest is null."""

    paused: bool
    by: str | None = None
    reason: str | None = None
    until: Moment | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    house: House
    pause: Pause

    def routes(self) -> Sequence[Route]:
        route, here, may = self.house.route, "/settings/pause", Perm.BOT_PAUSE
        return [
            route("GET", here, self.get_pause, Perm.CONVERSATION_READ, PauseShown),
            route("PUT", here, self.pause_bot, may, PauseShown),
            route("DELETE", here, self.resume_bot, may, status_code=204),
        ]

    async def get_pause(self, if_none_match: IfNoneMatch = None) -> Response:
        """Whether the bot may speak, with its ETag."""
        return tagged(_shown(await soon(self.pause.standing())), if_none_match)

    async def pause_bot(self, request: Request, said: PauseSaid) -> Response:
        """Nothing of the bot's leaves once this has answered, a message in flight included; people
        of the shop go on. The last word counts: it needs no If-Match."""
        house, by = self.house, hand_of(request, self.house.clock())
        why = clean(said.reason, LONGEST).strip()
        stopping = pausing.stop(self.pause, house.store, by, said.minutes * MINUTE_S, why)
        return shown(_shown(await soon(stopping, PATIENCE_S)))

    async def resume_bot(self, request: Request) -> Response:
        """It answers again. Whoever says so twice changes nothing."""
        house, by = self.house, hand_of(request, self.house.clock())
        await soon(pausing.go_on(self.pause, house.store, by), PATIENCE_S)
        return Response(status_code=204)


def _shown(paused: Paused | None) -> PauseShown:
    if paused is None:
        return PauseShown(paused=False)
    return PauseShown(paused=True, by=paused.by, reason=paused.reason, until=paused.until)
