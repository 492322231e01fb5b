"""What holds today of one loan or of one of its instalments, by the numbers of the lender."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Path, Request
from fastapi.responses import Response

from store import risks
from web.api.house import House
from web.api.problems import Problem
from web.api.risks import RiskShown, told_of
from web.api.shapes import SAYS, IfNoneMatch
from web.api.versions import tagged
from web.identity import actor_of
from web.permissions import Perm
from web.risks import loan_numbered, looked_at
from web.routing import Route

ONE: Final = "/risk/loans/{loan_number}"
INSTALMENT: Final = f"{ONE}/instalments/{{instalment_number}}"
Number = Annotated[str, Path(max_length=40, pattern=SAYS)]
Nth = Annotated[int, Path(ge=1, le=2**31 - 1)]


@dataclass(frozen=True, slots=True)
class RiskTargets:
    house: House

    def routes(self) -> Sequence[Route]:
        route, read = self.house.route, Perm.RISK_READ
        return [
            route("GET", ONE, self.get_loan_risk, read, RiskShown),
            route("GET", INSTALMENT, self.get_instalment_risk, read, RiskShown),
        ]

    async def get_loan_risk(
        self, request: Request, loan_number: Number, if_none_match: IfNoneMatch = None
    ) -> Response:
        """What was foretold of a loan last, with its reasons and its ETag. 404 where nothing holds:
        it is paid, given up or 90 days late already, its client objects, or no model is in use."""
        return tagged(await self._told(request, loan_number), if_none_match)

    async def get_instalment_risk(
        self,
        request: Request,
        loan_number: Number,
        instalment_number: Nth,
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        """The same of one instalment of its plan."""
        return tagged(await self._told(request, loan_number, instalment_number), if_none_match)

    async def _told(
        self, request: Request, loan_number: str, instalment: int | None = None
    ) -> RiskShown:
        """Who looked is written down. Raises Problem."""
        house, who = self.house, actor_of(request)
        async with house.store.tenant(house.shop) as session:
            loan = await loan_numbered(session, house.shop, loan_number)
            if loan is None:
                raise Problem("not_found", "There is no loan with this number.")
            row = await risks.newest(session, house.shop, loan=loan, instalment=instalment)
            if row is None:
                raise Problem("not_found", "Nothing is foretold of it today.")
            client, which = row["client_id"], row["id"]
            await looked_at(session, house.shop, who, client, which, clock=house.clock)
        return told_of(row)
