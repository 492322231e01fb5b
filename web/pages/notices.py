"""Which people of the shop are told of what waits for them: of what, when, and how to add one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import Request
from fastapi.responses import Response

from web.pages.channels import Lines
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route
from web.timetable import NAMES
from web.warned import Warned

HERE: Final = "/ajustes/avisos"


@dataclass(frozen=True)
class NoticePages:
    pages: Pages
    lines: Lines
    warned: Warned

    def routes(self) -> Sequence[Route]:
        return [Route("GET", HERE, self.show, Perm.SETTINGS_WRITE)]

    async def show(self, request: Request) -> Response:
        known = {one.account: one.told for one in await self.lines.of(request)}
        return self.pages.answer(
            request,
            "avisos.html",
            people=self.warned.people(known),
            warned=self.warned,
            day=NAMES[self.warned.weekday],
        )
