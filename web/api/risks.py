"""What a lender's models foretell of loans and instalments, and what people made of it. Whoever
reads whose risk is written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field
from sqlalchemy import RowMapping, select

from store import risks
from store.predicting import Of, Outcome, RiskPrediction
from store.risks import Said
from store.session import WriteSession
from web.api.house import ROOT, House, by_whom
from web.api.problems import Problem
from web.api.shapes import (
    SAYS,
    Body,
    IfNoneMatch,
    Listed,
    Moment,
    Paging,
    Shown,
)
from web.api.versions import shown, tagged
from web.identity import actor_of, identity_of
from web.permissions import Perm
from web.risks import looked, looked_at, numbered
from web.routing import Route

MANY = "/risk/predictions"
ONE = f"{MANY}/{{risk_prediction}}"
NUMBER = Annotated[str, Field(max_length=40, pattern=SAYS)]


class RiskFactor(Shown):
    """`effect` in log-odds: above 0 it raises the risk. `words` are Spanish."""

    feature: str
    value: float | str | None
    effect: float
    words: str


class RiskShown(Shown):
    """Of a loan: the probability of falling 90 days late within a year; of an instalment: of being
    unpaid 30 days after `due_on`. `reviewed` is what a person made of it last."""

    id: UUID
    kind: Of
    probability: float
    factors: list[RiskFactor]
    model_version: int
    as_of: date
    at: Moment
    current: bool
    client: str
    loan: str
    instalment: int | None
    due_on: date | None
    reviewed: Outcome | None


class RiskReviewShown(Shown):
    """`probability` is what they saw."""

    id: UUID
    prediction_id: UUID
    outcome: Outcome
    note: str
    by: str
    at: Moment
    probability: float


class NewRiskReview(Body):
    """`reviewer` is the person who looked at the case; whoever is logged in need not say it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "outcome": "corrected",
                    "note": "El pago de mayo llegó y no estaba anotado.",
                    "reviewer": "Eva Rojas",
                }
            ]
        },
    )

    outcome: Outcome
    note: Annotated[str, Field(min_length=1, max_length=1_000, pattern=SAYS)]
    reviewer: Annotated[str, Field(max_length=120, pattern=SAYS)] | None = None


class RisksWanted(Paging):
    """`client` and `loan` are the numbers they have with the lender."""

    kind: Literal["loan", "instalment"] = "loan"
    at_least: float = Field(0.0, ge=0, le=1)
    due_from: date | None = None
    due_until: date | None = None
    client: NUMBER | None = None
    loan: NUMBER | None = None


@dataclass(frozen=True, slots=True)
class Risks:
    house: House

    def routes(self) -> Sequence[Route]:
        route, read, many = self.house.route, Perm.RISK_READ, f"{ONE}/reviews"
        write, made = Perm.RISK_REVIEW, RiskReviewShown
        return [
            route("GET", MANY, self.list_risks, read, Listed[RiskShown]),
            route("GET", ONE, self.get_risk, read, RiskShown),
            route("GET", many, self.list_reviews, read, Listed[RiskReviewShown]),
            route("POST", many, self.review_risk, write, made, status_code=201),
        ]

    async def list_risks(
        self, request: Request, wanted: Annotated[RisksWanted, Query()]
    ) -> Response:
        """What holds today, the most probable first."""
        house, row = self.house, RiskPrediction
        query = select(row).where(
            row.shop_id == house.shop, row.kind == wanted.kind, row.current,
            row.probability >= wanted.at_least,
        )  # fmt: skip
        if wanted.due_from is not None:
            query = query.where(row.due_on >= wanted.due_from)
        if wanted.due_until is not None:
            query = query.where(row.due_on <= wanted.due_until)
        async with house.store.tenant(house.shop) as session:
            for of in await numbered(session, house.shop, client=wanted.client, loan=wanted.loan):
                query = query.where(of)
            by = (row.probability, row.id)
            rows, cursor = await house.page(session, query, by, wanted)
            told = await risks.several(session, house.shop, [one.id for one in rows])
            clients = [one.client_id for one in rows]
            await looked(session, house.shop, actor_of(request), clients, clock=house.clock)
        return shown(Listed(items=[told_of(told[one.id]) for one in rows], next_cursor=cursor))

    async def get_risk(
        self, request: Request, risk_prediction: UUID, if_none_match: IfNoneMatch = None
    ) -> Response:
        """One prediction, also one that a newer one replaced, with its ETag."""
        house, who = self.house, actor_of(request)
        async with house.store.tenant(house.shop) as session:
            row = await self._found(session, risk_prediction)
            client = row["client_id"]
            await looked_at(session, house.shop, who, client, risk_prediction, clock=house.clock)
        return tagged(told_of(row), if_none_match)

    async def list_reviews(self, request: Request, risk_prediction: UUID) -> Response:
        """What people made of it, the newest first."""
        house, who = self.house, actor_of(request)
        async with house.store.tenant(house.shop) as session:
            row = await self._found(session, risk_prediction)
            found = await risks.reviews(session, house.shop, risk_prediction)
            client = row["client_id"]
            await looked_at(session, house.shop, who, client, risk_prediction, clock=house.clock)
        return shown(Listed(items=[RiskReviewShown.model_validate(one) for one in found]))

    async def review_risk(
        self, request: Request, risk_prediction: UUID, given: NewRiskReview
    ) -> Response:
        """A person's word on it; the prediction itself stays as it was."""
        house = self.house
        said = Said(given.outcome, given.note.strip(), _reviewer(request, given), house.clock())
        async with house.store.tenant(house.shop) as session:
            row = await self._found(session, risk_prediction)
            made = await risks.review(session, house.shop, risk_prediction, said)
            before, after = {"outcome": row["reviewed"]}, {"outcome": given.outcome}
            what = f"prediction:{risk_prediction}"
            await house.note(session, request, "risk.reviewed", what, before=before, after=after)
            found = await risks.reviews(session, house.shop, risk_prediction)
        told = next(RiskReviewShown.model_validate(one) for one in found if one.id == made)
        place = f"{ROOT}{MANY}/{risk_prediction}/reviews"
        return shown(told, 201, {"Location": place})

    async def _found(self, session: WriteSession, which: UUID) -> RowMapping:
        """Raises Problem."""
        row = await risks.prediction(session, self.house.shop, which)
        if row is None:
            raise Problem("not_found")
        return row


def _reviewer(request: Request, given: NewRiskReview) -> str:
    """A key is nobody who can look at a case. Raises Problem."""
    if identity_of(request).person is not None:
        return by_whom(request)
    if given.reviewer is None:
        raise Problem("refused", "Say in `reviewer` which person looked at the case.")
    return f"{given.reviewer.strip()} ({by_whom(request)})"


def told_of(row: RowMapping) -> RiskShown:
    same = ("id", "kind", "probability", "as_of", "at", "current", "due_on", "reviewed")
    return RiskShown(
        **{name: row[name] for name in same},
        factors=[_factor(one) for one in row["factors"]],
        model_version=row["version"],
        client=row["client_number"],
        loan=row["loan_number"],
        instalment=row["number"],
    )


def _factor(one: Mapping[str, Any]) -> RiskFactor:
    return RiskFactor(**{name: one.get(name, "") for name in RiskFactor.model_fields})
