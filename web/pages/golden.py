"""The golden cases of a shop: those that its pack brings, and its own, added and changed here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID, uuid4

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from evaluation.cases import golden_set, seed
from evaluation.casing import CaseRefused, Source, Told, keep
from nlu.parse import GENERAL
from store import evaluating
from store.app import Shop
from store.evaluations import EvalCase
from web.identity import identity_of
from web.pages.refusing import not_found, refused
from web.permissions import Perm
from web.routing import Route
from web.workshop import Bench

HOME = "/admin/evaluaciones/casos"
COUNT = 50
Lines: TypeAlias = Annotated[str, Field(max_length=4000)]


class Said(BaseModel):
    """A case as the form has it: one line each."""

    mensajes: Lines
    debe: Lines = ""
    nunca: Lines = ""
    intencion: Annotated[str, Field(max_length=80)] = ""
    no_sabe: str = ""
    conjunto: Literal["dev", "test"] = "test"

    def told(self, by: str) -> Told:
        return Told(
            self.conjunto, _lines(self.debe), _lines(self.nunca), self.intencion,
            self.no_sabe == "si", by,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Golden:
    bench: Bench

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", HOME, self.show, Perm.EVALUATION_READ),
            Route("POST", HOME, self.add, Perm.EVALUATION_WRITE),
            Route("GET", f"{HOME}/{{case}}", self.card, Perm.EVALUATION_READ),
            Route("POST", f"{HOME}/{{case}}", self.change, Perm.EVALUATION_WRITE),
            Route("POST", f"{HOME}/{{case}}/quitar", self.remove, Perm.EVALUATION_WRITE),
        ]

    async def show(self, request: Request, despues: str = "") -> Response:
        """What the pack brings is brought up to date on the way."""
        bench = self.bench
        async with bench.store.tenant(bench.shop) as session:
            shop = await session.get_one(Shop, bench.shop)
            set_id = golden_set(shop, bench.pack)
            if not despues:
                await seed(session, bench.shop, set_id, bench.pack)
            found = await evaluating.listed_cases(session, bench.shop, set_id, despues, COUNT + 1)
        more = found[COUNT - 1].name if len(found) > COUNT else ""
        return bench.pages.answer(
            request, "casos.html", cases=found[:COUNT], next=more, after=despues,
            intents=_intents(bench),
        )  # fmt: skip

    async def card(self, request: Request, case: UUID) -> Response:
        row = await self._case(case)
        if row is None:
            return not_found(self.bench.pages, request, HOME)
        return self.bench.pages.answer(request, "caso.html", case=row, intents=_intents(self.bench))

    async def add(self, request: Request, said: Annotated[Said, Form()]) -> Response:
        return await self._kept(request, f"shop:{uuid4()}", said, None)

    async def change(self, request: Request, case: UUID, said: Annotated[Said, Form()]) -> Response:
        row = await self._case(case)
        if row is None or row.origin != "shop":
            return not_found(self.bench.pages, request, HOME)
        return await self._kept(request, row.name, said, row)

    async def _kept(
        self, request: Request, name: str, said: Said, before: EvalCase | None
    ) -> Response:
        bench, who = self.bench, identity_of(request).name
        source = Source(name, _lines(said.mensajes), before.training_id if before else None)
        old = {"expected": before.expected, "messages": before.messages} if before else None
        try:
            async with bench.together() as one:
                async with one.store.tenant(bench.shop) as session:
                    shop = await session.get_one(Shop, bench.shop)
                    kept = await keep(session, shop, bench.pack, source, said.told(who))
                new: dict[str, Any] = kept.model_dump(mode="json")
                await one.audit(request, "case.keep", f"case:{name}", old, new)
        except CaseRefused as error:
            back = f"{HOME}/{before.id}" if before else HOME
            return refused(bench.pages, request, error, back)
        return RedirectResponse(HOME, 303)

    async def remove(self, request: Request, case: UUID) -> Response:
        bench = self.bench
        async with bench.together() as one:
            async with one.store.tenant(bench.shop) as session:
                gone = await evaluating.rest_case(session, bench.shop, case)
            if not gone:
                return not_found(bench.pages, request, HOME)
            await one.audit(request, "case.remove", f"case:{case}", {"active": True}, None)
        return RedirectResponse(HOME, 303)

    async def _case(self, case: UUID) -> EvalCase | None:
        async with self.bench.store.tenant(self.bench.shop) as session:
            return await session.get(EvalCase, (self.bench.shop, case))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (line.strip() for line in text.splitlines())))


def _intents(bench: Bench) -> Sequence[str]:
    return [*(rule.name for rule in bench.pack.intents), GENERAL]
