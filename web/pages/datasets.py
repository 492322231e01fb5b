"""What a model may learn from: chosen with a look at the numbers, prepared by a job, kept whole."""

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias
from urllib.parse import urlencode
from uuid import UUID, uuid4

from fastapi import Form, Query, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from jobs.preparing import narrowed, preparation_of
from learning.dataset import Built
from learning.errors import DatasetError
from learning.exporting import FORMATS, Format, export, table_of
from learning.previewing import NEWEST, previewed
from learning.readiness import find, fresh, verify
from nlu.parse import GENERAL
from store import datasets, preparing
from web.identity import identity_of
from web.limits import soon
from web.pages.refusing import not_found, refused
from web.permissions import Perm
from web.rendering import is_part, unless_known
from web.routing import Route
from web.workshop import Bench

HOME = "/admin/entrenamientos"
ONE = f"{HOME}/datos/{{dataset}}"
LISTED = 30
PATIENCE_S = 30.0
Sold: TypeAlias = Literal["", "si"]


@dataclass(frozen=True, slots=True)
class Wished:
    """What somebody chose instead of the shop's settings, as an address holds it."""

    since: date | None = None
    score: int | None = None
    sold: bool = False
    intents: tuple[str, ...] = ()
    share: float | None = None

    @property
    def told(self) -> dict[str, Any]:
        """As a preparation keeps it."""
        found: dict[str, Any] = {}
        if self.since is not None:
            found["since"] = self.since.isoformat()
        if self.score is not None:
            found["min_score"] = self.score
        if self.share is not None:
            found["per_customer"] = self.share / 100
        if self.sold:
            found["sold"] = True
        if self.intents:
            found["intents"] = list(self.intents)
        return found


@dataclass(frozen=True, slots=True)
class Datasets:
    bench: Bench

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", HOME, self.show, Perm.TRAINING_READ),
            Route("POST", f"{HOME}/datos", self.prepare, Perm.TRAINING_WRITE),
            Route("GET", ONE, self.card, Perm.TRAINING_READ),
            Route("POST", f"{ONE}/verificar", self.verify, Perm.TRAINING_READ),
            Route("GET", f"{ONE}/archivos/{{kind}}", self.file, Perm.TRAINING_READ),
        ]

    async def show(
        self,
        request: Request,
        desde: str = "",
        nota: Annotated[str, Query(pattern="^[1-5]?$")] = "",
        venta: Sold = "",
        intencion: Annotated[list[str] | None, Query(max_length=40)] = None,
        tope: Annotated[str, Query(pattern=r"^\d{0,3}$")] = "",
    ) -> Response:
        """The preview is asked for by its part of the page alone: it takes a moment."""
        bench, wish = self.bench, _wish(desde, nota, venta, intencion or [], tope)
        values: dict[str, Any] = {
            "wish": wish, "usual": bench.settings.curation, "newest": NEWEST,
            "query": _query(wish), "intents": _intents(bench),
        }  # fmt: skip
        if is_part(request, "vista"):
            curation = narrowed(bench.settings.curation, wish.told)
            seen = await soon(previewed(bench.store, bench.shop, curation), PATIENCE_S)
            answer = bench.pages.answer(request, "_vista.html", seen=seen, **values)
            return unless_known(request, answer)
        template = "_preparaciones.html" if is_part(request, "preparaciones") else "datos.html"
        values |= await self._listed()
        return unless_known(request, bench.pages.answer(request, template, **values))

    async def _listed(self) -> dict[str, Any]:
        bench = self.bench
        async with bench.store.tenant(bench.shop) as session:
            asked = await preparing.newest(session, bench.shop, LISTED)
            found = await datasets.listed(session, bench.shop, LISTED)
        return {"asked": asked, "found": found}

    async def prepare(
        self,
        request: Request,
        desde: Annotated[str, Form()] = "",
        nota: Annotated[str, Form(pattern="^[1-5]?$")] = "",
        venta: Annotated[Sold, Form()] = "",
        intencion: Annotated[list[str] | None, Form(max_length=40)] = None,
        tope: Annotated[str, Form(pattern=r"^\d{0,3}$")] = "",
    ) -> Response:
        bench, wish = self.bench, _wish(desde, nota, venta, intencion or [], tope)
        who, asked = identity_of(request).name, uuid4()
        row = {"shop_id": bench.shop, "id": asked, "wanted": wish.told, "requested_by": who}
        async with bench.together() as one:
            async with one.store.tenant(bench.shop) as session:
                await preparing.begin(session, row)
            await one.audit(request, "dataset.asked", f"preparation:{asked}", None, wish.told)
        await bench.workshop.offer(preparation_of(bench.shop, asked))
        await bench.news.tell("job", id=asked)
        return RedirectResponse(f"{HOME}#preparaciones", 303)

    async def card(self, request: Request, dataset: UUID) -> Response:
        bench = self.bench
        built = await self._built(dataset)
        if built is None:
            return not_found(bench.pages, request, HOME)
        return bench.pages.answer(
            request, "conjunto.html", built=built, formats=FORMATS, verdict=None
        )

    async def verify(self, request: Request, dataset: UUID) -> Response:
        """Every byte of its files, and every row it was made of."""
        bench = self.bench
        built = await self._built(dataset)
        if built is None:
            return not_found(bench.pages, request, HOME)
        verdict = await soon(verify(bench.store, built), PATIENCE_S)
        return bench.pages.answer(
            request, "conjunto.html", built=built, formats=FORMATS, verdict=verdict
        )

    async def file(self, request: Request, dataset: UUID, kind: Format) -> Response:
        """Made once, and kept beside the dataset; one whose customers left is given to nobody."""
        bench, back = self.bench, f"{HOME}/datos/{dataset}"
        built = await self._built(dataset)
        if built is None:
            return not_found(bench.pages, request, HOME)
        try:
            path = await asyncio.to_thread(_packed, fresh(built), kind)
        except DatasetError as error:
            return refused(bench.pages, request, error, back, status=409)
        await bench.audit(request, "dataset.exported", f"dataset:{dataset}", None, {"format": kind})
        return FileResponse(
            path, filename=path.name, headers={"Cache-Control": "private, no-store"}
        )

    async def _built(self, dataset: UUID) -> Built | None:
        try:
            return await find(self.bench.store, self.bench.shop, str(dataset))
        except DatasetError:
            return None


def _packed(built: Built, kind: Format) -> Path:
    """A table is one file; else there is one a split, and they travel together."""
    folder = built.path.with_name(f"{built.path.name}.{kind}")
    if not folder.exists():
        export(built.path, kind, folder)
    if table := table_of(kind):
        return folder / table
    archive = folder.with_name(f"{folder.name}.zip")
    if not archive.exists():
        shutil.make_archive(str(folder), "zip", folder)
    return archive


def _intents(bench: Bench) -> Sequence[str]:
    return [*(rule.name for rule in bench.pack.intents), GENERAL]


def _wish(day: str, score: str, sold: str, intents: Sequence[str], share: str) -> Wished:
    try:
        since = date.fromisoformat(day) if day else None
    except ValueError:
        since = None
    part = float(share) if share and 0 < int(share) <= 100 else None  # noqa: PLR2004  percent
    return Wished(since, int(score) if score else None, sold == "si", tuple(intents), part)


def _query(wish: Wished) -> str:
    given = {
        "desde": wish.since.isoformat() if wish.since else "",
        "nota": wish.score or "",
        "venta": "si" if wish.sold else "",
        "tope": round(wish.share) if wish.share else "",
    }
    pairs = [*given.items(), *(("intencion", one) for one in wish.intents)]
    return urlencode([(name, value) for name, value in pairs if value])
