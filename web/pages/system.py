"""How the machine is that the bot runs on: every check of `doctor`, the queues, the versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import Request
from fastapi.responses import Response

from web.limits import soon
from web.observed import Observed
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route

PATIENCE_S: Final = 20.0
ORDER: Final = ("error", "warning", "ok")


@dataclass(frozen=True)
class System:
    pages: Pages
    observed: Observed

    def routes(self) -> Sequence[Route]:
        return [Route("GET", "/admin/sistema", self.show, Perm.SYSTEM_READ)]

    async def show(self, request: Request) -> Response:
        """What is wrong comes first."""
        facts = await soon(self.observed.facts(), PATIENCE_S)
        found = sorted(facts.findings, key=lambda one: ORDER.index(one.state))
        counts = {state: sum(one.state == state for one in found) for state in ORDER}
        return self.pages.answer(
            request, "sistema.html", facts=facts, findings=found, counts=counts
        )
