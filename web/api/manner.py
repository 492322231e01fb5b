"""How the bot speaks to customers who chose nothing for themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from fastapi import Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from store import choices
from store.session import ReadSession
from web.api.house import House
from web.api.shapes import Body, IfMatch, IfNoneMatch, Shown
from web.api.versions import matches, tagged
from web.hands import hand_of
from web.permissions import Perm
from web.routing import Route
from web.tones import speak

Tone = Literal["coach", "neutral", "formal"]


class ToneSaid(Body):
    """A tone that is null leaves both to the configuration."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"tone": "formal", "intensity": 0.2}]}
    )

    tone: Tone | None
    intensity: float = Field(0.5, ge=0, le=1)


class ToneShown(Shown):
    """Null: as the configuration says."""

    tone: Tone | None
    intensity: float | None


@dataclass(frozen=True, slots=True)
class Manner:
    house: House

    def routes(self) -> Sequence[Route]:
        route, here = self.house.route, "/settings/tone"
        return [
            route("GET", here, self.get_tone, Perm.SETTINGS_READ, ToneShown),
            route("PUT", here, self.change_tone, Perm.SETTINGS_WRITE, ToneShown),
        ]

    async def get_tone(self, if_none_match: IfNoneMatch = None) -> Response:
        """What somebody of the shop chose, with its ETag."""
        async with self.house.store.tenant(self.house.shop) as session:
            return tagged(await self._read(session), if_none_match)

    async def change_tone(
        self, request: Request, said: ToneSaid, if_match: IfMatch = None
    ) -> Response:
        """How it speaks from now on. Needs If-Match."""
        house = self.house
        async with house.store.tenant(house.shop) as session:
            await choices.hold(session, house.shop)
            matches(await self._read(session), if_match)
            by = hand_of(request, house.clock())
            await speak(session, said.tone, said.intensity, by)
            return tagged(await self._read(session))

    async def _read(self, session: ReadSession) -> ToneShown:
        found = await choices.of_shop(session, self.house.shop)
        if found is None:
            return ToneShown(tone=None, intensity=None)
        return ToneShown.model_validate(found)
