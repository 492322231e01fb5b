"""Who may not pay: lists, one estimate with its reasons, and what a person made of it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from config.risk import RiskSettings
from services.clock import Clock, now
from store import risk_lists, risk_models, risks
from store.audit import record
from store.predicting import Outcome
from store.risk_lists import Wanted
from store.risks import PAGE, Said
from store.session import Store
from web import charts, csv
from web.curves import level, of_hundred, reasons
from web.identity import actor_of, identity_of
from web.permissions import Perm
from web.rendering import Pages
from web.risk_jobs import works
from web.risk_lists import HOME, LEVELS, Asked, Page
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

ONE: Final = f"{HOME}/{{prediction}}"
FILED: Final = 200
MOST_LINES: Final = 5_000
HEADER: Final = (
    "préstamo", "cuota", "cliente", "vence", "monto", "por pagar", "probabilidad", "razones",
    "con datos hasta", "modelo", "revisión",
)  # fmt: skip


@dataclass(frozen=True)
class Risks:
    """`currency` is the shop's; customers are answered within `answer_days`."""

    pages: Pages
    store: Store
    shop: UUID
    currency: str
    settings: RiskSettings
    zone: ZoneInfo
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
            after = place_of(asked.antes, asked.by) if asked.antes else None
        except BadPlace:
            return self.pages.missing(request, HOME)
        async with self.store.tenant(self.shop) as session:
            wanted = replace(await self._wanted(session, asked), after=after, limit=PAGE + 1)
            found = await risk_lists.listed(session, self.shop, wanted)
            rows = found[:PAGE]
            loans = await risk_models.has_loans(session, self.shop)
            model = await has_model(session, self.shop, wanted.of)
            going = await works(session, self.shop, wanted.of, self._today())
            await looked(session, self.shop, actor_of(request), _clients(rows))
        more = asked.address(antes=written(asked.by, rows[-1])) if len(found) > PAGE else ""
        return self._answer(
            request, "riesgos.html", rows=rows, query=asked, levels=LEVELS, has_model=model,
            has_loans=loans, works=going, file=asked.address(".csv"), reasons=reasons, more=more,
            first=asked.address() if asked.antes else "",
        )  # fmt: skip

    def _today(self) -> date:
        return self.clock().astimezone(self.zone).date()

    async def _wanted(self, session: AsyncSession, asked: Asked) -> Wanted:
        wanted = asked.wanted(self.settings.threshold, self.currency)
        return await about(session, self.shop, wanted, asked.q.strip())

    async def file(self, request: Request, asked: Annotated[Asked, Query()]) -> Response:
        return csv.answer("riesgo", HEADER, self._lines(request, asked))

    async def _lines(self, request: Request, asked: Asked) -> AsyncIterator[Sequence[Any]]:
        """Who is told of whom is written down page by page, before it leaves."""
        after, told = None, 0
        while told < MOST_LINES:
            async with self.store.tenant(self.shop) as session:
                wanted = replace(await self._wanted(session, asked), after=after, limit=FILED)
                rows = await risk_lists.listed(session, self.shop, wanted)
                await looked(session, self.shop, actor_of(request), _clients(rows))
            for row in rows:
                yield self._line(row)
            if len(rows) < FILED:
                return
            after, told = (rows[-1]["place"], rows[-1]["tie"]), told + len(rows)

    def _line(self, row: RowMapping) -> Sequence[Any]:
        amount = row["principal"] if row["kind"] == "loan" else row["amount"]
        due = row["due_on"].isoformat() if row["due_on"] else None
        why = "; ".join(f"{one.words} ({one.way})" for one in reasons(row["factors"]))
        return (
            row["loan_number"], row["number"], row["client_number"], due, amount, row["left"],
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
