"""Who may not pay: lists, one estimate with its reasons, and what a person made of it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Annotated, Any, Final, Literal, TypeAlias
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from config.risk import RiskSettings
from services.clock import Clock, now
from store import risk_models, risks
from store.audit import record
from store.predicting import Of, Outcome
from store.risks import PAGE, Said, Wanted
from store.session import Store
from web import charts, csv
from web.curves import level, of_hundred, reasons
from web.identity import actor_of, identity_of
from web.permissions import Perm
from web.rendering import Pages
from web.risks import (
    BadPlace,
    about,
    has_model,
    looked,
    looked_at,
    place_of,
    readable,
    written,
)
from web.routing import Route

HOME: Final = "/riesgo"
ONE: Final = f"{HOME}/{{prediction}}"
STEPS: Final = (10, 20, 30, 50, 70)
FILED: Final = 200
MOST_LINES: Final = 5_000
OF: Final[dict[str, Of]] = {"prestamos": "loan", "cuotas": "instalment"}
Which: TypeAlias = Literal["prestamos", "cuotas"]
HEADER: Final = (
    "préstamo", "cuota", "cliente", "vence", "monto", "probabilidad", "razones", "con datos hasta",
    "modelo", "revisión",
)  # fmt: skip


class Asked(BaseModel):
    """As the address of a list says it."""

    de: Which = "prestamos"
    q: Annotated[str, Field(max_length=40, pattern=r"^[^\x00]*$")] = ""
    minimo: Annotated[str, Field(pattern=r"^\d{0,2}$")] = ""
    desde: Annotated[str, Field(max_length=10)] = ""
    hasta: Annotated[str, Field(max_length=10)] = ""

    def address(self, ending: str = "", **more: str) -> str:
        said = self.model_dump(exclude={"antes"}) | more
        filled = urlencode({name: value for name, value in said.items() if value})
        return f"{HOME}{ending}?{filled}"

    @property
    def filters(self) -> bool:
        return any((self.q, self.minimo, self.desde, self.hasta))

    def wanted(self) -> Wanted:
        """A day that is none filters nothing."""
        of, least = OF[self.de], int(self.minimo or 0) / 100
        if of == "loan":
            return Wanted(of, least)
        return Wanted(of, least, _day(self.desde), _day(self.hasta))


class Page(Asked):
    """`antes` is where the page before it ended."""

    antes: Annotated[str, Field(max_length=120)] = ""


@dataclass(frozen=True)
class Risks:
    """`currency` is the shop's; customers are answered within `answer_days`."""

    pages: Pages
    store: Store
    shop: UUID
    currency: str
    settings: RiskSettings
    answer_days: int = 30
    clock: Clock = now

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", HOME, self.show, Perm.RISK_READ),
            Route("GET", f"{HOME}.csv", self.file, Perm.RISK_READ),
            Route("GET", ONE, self.card, Perm.RISK_READ),
            Route("POST", f"{ONE}/revision", self.review, Perm.RISK_REVIEW),
        ]

    async def show(self, request: Request, asked: Annotated[Page, Query()]) -> Response:
        try:
            after = place_of(asked.antes) if asked.antes else None
        except BadPlace:
            return self.pages.missing(request, HOME)
        async with self.store.tenant(self.shop) as session:
            wanted = await about(session, self.shop, asked.wanted(), asked.q.strip())
            wanted = replace(wanted, after=after, limit=PAGE + 1)
            found = await risks.listed(session, self.shop, wanted)
            rows = found[:PAGE]
            loans = await risk_models.has_loans(session, self.shop)
            model = await has_model(session, self.shop, wanted.of)
            await looked(session, self.shop, actor_of(request), _clients(rows))
        last = rows[-1] if len(found) > PAGE else None
        return self._answer(
            request, "riesgos.html", rows=rows, query=asked, steps=STEPS, has_model=model,
            has_loans=loans, file=asked.address(".csv"),
            first=asked.address() if asked.antes else "",
            more=asked.address(antes=written(last["probability"], last["id"])) if last else "",
            reasons=reasons,
        )  # fmt: skip

    async def file(self, request: Request, asked: Annotated[Asked, Query()]) -> Response:
        return csv.answer("riesgo", HEADER, self._lines(request, asked))

    async def _lines(self, request: Request, asked: Asked) -> AsyncIterator[Sequence[Any]]:
        """Who is told of whom is written down page by page, before it leaves."""
        after, told = None, 0
        while told < MOST_LINES:
            async with self.store.tenant(self.shop) as session:
                wanted = await about(session, self.shop, asked.wanted(), asked.q.strip())
                chosen = replace(wanted, after=after, limit=FILED)
                rows = await risks.listed(session, self.shop, chosen)
                await looked(session, self.shop, actor_of(request), _clients(rows))
            for row in rows:
                yield self._line(row)
            if len(rows) < FILED:
                return
            after, told = (rows[-1]["probability"], rows[-1]["id"]), told + len(rows)

    def _line(self, row: RowMapping) -> Sequence[Any]:
        amount = row["principal"] if row["kind"] == "loan" else row["amount"]
        due = row["due_on"].isoformat() if row["due_on"] else None
        why = "; ".join(f"{one.words} ({one.way})" for one in reasons(row["factors"]))
        return (
            row["loan_number"], row["number"], row["client_number"], due, amount,
            round(row["probability"], 4), why, row["as_of"].isoformat(), row["version"],
            row["reviewed"],
        )  # fmt: skip

    async def card(self, request: Request, prediction: UUID, hecho: str = "") -> Response:
        return await self._card(request, prediction, said=hecho == "si")

    async def review(
        self,
        request: Request,
        prediction: UUID,
        resultado: Annotated[Outcome, Form()],
        nota: Annotated[str, Form(max_length=1_000, pattern=r"^[^\x00]*$")] = "",
    ) -> Response:
        note = nota.strip()
        if not note:
            return await self._card(request, prediction, wanted=resultado, note=nota, status=422)
        said = Said(resultado, note, identity_of(request).name, self.clock())
        async with self.store.tenant(self.shop) as session:
            row = await risks.prediction(session, self.shop, prediction)
            if row is None:
                return self.pages.missing(request, HOME)
            await risks.review(session, self.shop, prediction, said)
            before, after = {"outcome": row["reviewed"]}, {"outcome": resultado}
            await record(
                session, self.shop, actor_of(request), "risk.reviewed", f"prediction:{prediction}",
                before=before, after=after, clock=self.clock,
            )  # fmt: skip
        return RedirectResponse(f"{HOME}/{prediction}?hecho=si#revision", 303)

    async def _card(
        self,
        request: Request,
        prediction: UUID,
        *,
        said: bool = False,
        wanted: str = "",
        note: str = "",
        status: int = 200,
    ) -> Response:
        async with self.store.tenant(self.shop) as session:
            row = await risks.prediction(session, self.shop, prediction)
            if row is None:
                return self.pages.missing(request, HOME)
            loan, instalment = row["loan_id"], row["instalment_id"]
            past = await risks.history(session, self.shop, loan=loan, instalment=instalment)
            judged = await risks.reviews(session, self.shop, prediction)
            model = await risk_models.called(session, self.shop, row["kind"], row["version"])
            await looked_at(session, self.shop, actor_of(request), row["client_id"], prediction)
        response = self._answer(
            request, "riesgo.html", status=status, row=row, past=past, reviews=judged, said=said,
            wanted=wanted, note=note, problem=bool(wanted), reasons=reasons(row["factors"]),
            spark=charts.spark([probability for _, probability, _ in past]),
            kind=known.kind if (known := readable(model)) else "", answer_days=self.answer_days,
        )  # fmt: skip
        response.headers["Cache-Control"] = "private, no-store"
        return response

    def _answer(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        **values: Any,  # noqa: ANN401  what a template shows
    ) -> Response:
        return self.pages.answer(
            request, template, status=status, currency=self.currency, of_hundred=of_hundred,
            threshold=self.settings.threshold,
            level_of=partial(level, threshold=self.settings.threshold), **values,
        )  # fmt: skip


def _clients(rows: Sequence[RowMapping]) -> list[UUID]:
    return [row["client_id"] for row in rows]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
