"""Files of products: what one would change, applied, taken back within a day."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import PurePath
from typing import Annotated, Any
from uuid import UUID

from fastapi import Form, Query, Request, UploadFile
from fastapi.responses import Response
from pydantic import ConfigDict
from sqlalchemy import select

from knowledge.importing.holding import Held, Holder
from knowledge.importing.service import Wanted
from knowledge.uploads import Uploads
from services.files import Files
from store.imports import CatalogueImport
from text.folding import clean
from web.api.house import ROOT, House, by_whom
from web.api.means import Means
from web.api.problems import Problem
from web.api.shapes import NO_NUL, Body, Listed, Moment, Paging, Shown
from web.api.versions import shown
from web.identity import actor_of
from web.permissions import Perm
from web.routing import Route

NAME = 200
SHOWN = 500
"""Changes that an answer lists; the counts are of all."""
Columns = Annotated[str, Form(max_length=2_000, pattern=NO_NUL)]


class Reversal(Body):
    """`force`: products that changed again since are taken back, too."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"force": False}]})

    force: bool = False


class Change(Shown):
    kind: str
    sku: str
    name: str
    line: int | None
    before: dict[str, Any]
    after: dict[str, Any]


class Fault(Shown):
    line: int
    column: str
    what: str
    hint: str


class Suspicion(Shown):
    line: int | None
    sku: str
    kind: str
    what: str


class ProposalShown(Shown):
    """What a file changes; `state` is proposed or applied. `import_id` is there once it is applied
    and something changed."""

    id: UUID
    state: str
    file: str
    sha256: str
    columns: dict[str, str]
    unread: list[str]
    counts: dict[str, int]
    changes: list[Change]
    problems: list[Fault]
    warnings: list[Suspicion]
    import_id: UUID | None


class ImportShown(Shown):
    """`state` is applied, partly or undone."""

    id: UUID
    file: str
    sha256: str
    by: str
    at: Moment
    counts: dict[str, int]
    state: str
    undone_by: str | None
    undone_at: Moment | None


class Undone(Shown):
    """SKUs: `left` changed again since, `short` had sold more than they would have now."""

    state: str
    restored: list[str]
    switched_off: list[str]
    left: list[str]
    short: list[str]


@dataclass(frozen=True, slots=True)
class Imports:
    house: House
    means: Means

    def routes(self) -> Sequence[Route]:
        route, many, one = self.house.route, "/product-imports", "/product-imports/{import_id}"
        read, write, shape = Perm.CATALOGUE_READ, Perm.CATALOGUE_WRITE, ProposalShown
        apply, undo = self.apply_import, self.reverse_import
        return [
            route("POST", many, self.import_products, write, shape, status_code=201),
            route("GET", many, self.list_imports, read, Listed[ImportShown]),
            route("GET", one, self.get_import, read, shape),
            route("POST", f"{one}/application", apply, write, shape),
            route("POST", f"{one}/reversal", undo, write, Undone, status_code=201),
        ]

    @property
    def holder(self) -> Holder:
        files = Files(self.means.settings.app.var / "imports")
        return Holder(self.house.store, files, self.house.shop)

    @property
    def uploads(self) -> Uploads:
        a_day = self.means.settings.knowledge.files_a_day
        return Uploads(self.house.store, self.house.shop, a_day)

    async def import_products(
        self,
        request: Request,
        file: UploadFile,
        *,
        dry_run: Annotated[bool, Form()] = True,
        skip_bad: Annotated[bool, Form()] = False,
        missing_off: Annotated[bool, Form()] = False,
        columns: Columns = "",
    ) -> Response:
        """A CSV or XLSX file; `dry_run` only tells what it would change. `columns` is a JSON object
        of fields and the columns that hold them, where that is not clear. It counts among the files
        of a day, as documents do."""
        name = clean(PurePath(file.filename or "").name).strip()[:NAME] or "productos"
        rows = self.means.settings.knowledge.max_rows
        wanted = Wanted(_columns(columns), skip_bad, missing_off, rows)
        by, at = by_whom(request), self.house.clock()
        uploads, data = self.uploads, await file.read()
        await uploads.look(at)
        held = await self.holder.hold(name, data, wanted, by=by, at=at)
        await uploads.note(name, held.proposal.sha256, actor_of(request), at)
        told = _shown(held) if dry_run else await self._applied(request, held)
        return shown(told, 201, {"Location": f"{ROOT}/product-imports/{held.id}"})

    async def list_imports(self, wanted: Annotated[Paging, Query()]) -> Response:
        """What was applied, the newest first."""
        row, house = CatalogueImport, self.house
        query = select(row).where(row.shop_id == house.shop)
        async with house.store.tenant(house.shop) as session:
            rows, cursor = await house.page(session, query, (row.at, row.id), wanted)
        items = [ImportShown.model_validate(one) for one in rows]
        return shown(Listed(items=items, next_cursor=cursor))

    async def get_import(self, import_id: UUID) -> Response:
        """What a proposed file would change in the catalogue of this moment."""
        return shown(_shown(await self._held(import_id)))

    async def apply_import(self, request: Request, import_id: UUID) -> Response:
        """All of it or nothing, against the catalogue of this moment."""
        return shown(await self._applied(request, await self._held(import_id)))

    async def reverse_import(self, request: Request, import_id: UUID, given: Reversal) -> Response:
        """Within a day; products that changed again since are left."""
        house, by = self.house, by_whom(request)
        async with house.together() as one:
            holder = replace(self, house=one).holder
            done = await holder.undo(import_id, by=by, at=house.clock(), force=given.force)
            await one.tell(request, "catalogue.undone", f"import:{import_id}")
        return shown(Undone(**asdict(done)), 201)

    async def _applied(self, request: Request, held: Held) -> ProposalShown:
        house = self.house
        async with house.together() as one:
            holder = replace(self, house=one).holder
            applied = await holder.apply(held, by=by_whom(request), at=house.clock())
            what, told = f"import:{applied.id or held.id}", dict(applied.counts)
            await one.tell(request, "catalogue.imported", what, told)
        return _shown(held, applied.id, state="applied")

    async def _held(self, which: UUID) -> Held:
        """Raises Problem."""
        held = await self.holder.find(which)
        if held is None:
            raise Problem("not_found")
        return held


def _columns(said: str) -> dict[str, str]:
    """Raises Problem."""
    try:
        told = json.loads(said) if said else {}
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or not all(isinstance(one, str) for one in told.values()):
        raise Problem("refused", "`columns` is a JSON object of fields and names of columns.")
    return told


def _shown(held: Held, made: UUID | None = None, state: str = "") -> ProposalShown:
    seen, columns = held.proposal.seen, held.proposal.listing.columns
    known = made or held.import_id
    return ProposalShown(
        id=held.id,
        state=state or ("applied" if known else "proposed"),
        file=held.proposal.file,
        sha256=held.proposal.sha256,
        columns=dict(columns.names),
        unread=list(columns.unread),
        counts=seen.counts(),
        changes=[Change.model_validate(one) for one in seen.changes[:SHOWN]],
        problems=[Fault.model_validate(one) for one in seen.problems[:SHOWN]],
        warnings=[Suspicion.model_validate(one) for one in seen.warnings[:SHOWN]],
        import_id=known,
    )
