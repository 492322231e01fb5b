"""What the bot learns from: datasets prepared by a job, and their files in the formats trainers
read."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Path as InPath
from fastapi import Query, Request
from fastapi.responses import FileResponse, Response
from pydantic import ConfigDict, Field
from sqlalchemy import select

from jobs.preparing import preparation_of
from learning.dataset import Built
from learning.exporting import FORMATS, Format, export
from learning.manifest import completed
from learning.readiness import find
from store import preparing
from store.ml import Dataset
from store.preparing import Preparation
from web.api.exports import FORMAT_OF, ExportShown, ExportWanted
from web.api.house import ROOT, House, by_whom
from web.api.means import Means
from web.api.problems import Problem
from web.api.shapes import Body, IfNoneMatch, Listed, Moment, Paging, Shown, Word
from web.api.versions import shown, tagged
from web.permissions import Perm
from web.routing import Route

STATUS = {"pending": "pending", "running": "running", "done": "succeeded", "failed": "failed"}


class DatasetWanted(Body):
    """What is left out is as the settings say: `sold` conversations alone, of some `intents`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"min_score": 4, "since": "2026-11-01", "sold": False}]},
    )

    min_score: int | None = Field(None, ge=1, le=5)
    newest: int | None = Field(None, ge=1, le=1_000_000)
    top_intents: int | None = Field(None, ge=1, le=1_000)
    per_customer: float | None = Field(None, gt=0, le=1)
    since: date | None = None
    sold: bool | None = None
    intents: list[Word] | None = Field(None, max_length=100)


class PreparationShown(Shown):
    """A dataset on its way: `progress` is from 0 to 1, `dataset_id` is there once it is done."""

    id: UUID
    status: str
    progress: float
    step: str
    dataset_id: UUID | None
    error: str | None
    requested_by: str
    created_at: Moment
    finished_at: Moment | None


class DatasetShown(Shown):
    """`stale` says why nothing may be trained on it any more; `counts` are its rows by split,
    category, intent, score."""

    id: UUID
    period: str | None
    sha256: str
    rows: int
    counts: dict[str, Any]
    dropped: dict[str, int]
    stale: str | None
    explanation: str
    created_at: Moment


@dataclass(frozen=True, slots=True)
class Datasets:
    house: House
    means: Means

    def routes(self) -> Sequence[Route]:
        route, many, one = self.house.route, "/training/datasets", "/training/datasets/{dataset}"
        write, prepared = Perm.TRAINING_WRITE, "/training/preparations/{preparation}"
        files, read = f"{one}/exports/{{format}}/{{file}}", Perm.TRAINING_READ
        prepare, export_ = self.prepare_dataset, self.export_dataset
        return [
            route("POST", many, prepare, write, PreparationShown, status_code=202),
            route("GET", prepared, self.get_preparation, read, PreparationShown),
            route("GET", many, self.list_datasets, read, Listed[DatasetShown]),
            route("GET", one, self.get_dataset, read, DatasetShown),
            route("POST", f"{one}/exports", export_, write, ExportShown, status_code=201),
            route("GET", files, self.download_dataset, write, response_class=FileResponse),
        ]

    async def prepare_dataset(self, request: Request, given: DatasetWanted) -> Response:
        """A job makes a dataset of what was learned up to now."""
        which = await self.begin(request, given.model_dump(mode="json", exclude_none=True))
        place = f"{ROOT}/training/preparations/{which}"
        return shown(await self.preparation(which), 202, {"Location": place})

    async def begin(self, request: Request, wanted: dict[str, Any]) -> UUID:
        house, which = self.house, uuid4()
        async with house.store.tenant(house.shop) as session:
            row = {"shop_id": house.shop, "id": which, "wanted": wanted}
            row |= {"requested_by": by_whom(request)}
            await preparing.begin(session, row)
            what = f"preparation:{which}"
            await house.note(session, request, "dataset.asked", what, after=wanted)
        await self.means.offer(preparation_of(house.shop, which))
        return which

    async def get_preparation(
        self, preparation: UUID, if_none_match: IfNoneMatch = None
    ) -> Response:
        """How far it is, with its ETag."""
        return tagged(await self.preparation(preparation), if_none_match)

    async def list_datasets(self, wanted: Annotated[Paging, Query()]) -> Response:
        """Datasets, the newest first."""
        row, house = Dataset, self.house
        query = select(row).where(row.shop_id == house.shop)
        async with house.store.tenant(house.shop) as session:
            rows, cursor = await house.page(session, query, (row.created_at, row.id), wanted)
        return shown(Listed(items=[_shown(one) for one in rows], next_cursor=cursor))

    async def get_dataset(self, dataset: UUID, if_none_match: IfNoneMatch = None) -> Response:
        """One dataset: what is in it, and what was dropped and why."""
        async with self.house.store.tenant(self.house.shop) as session:
            row = await session.get(Dataset, (self.house.shop, dataset))
        if row is None:
            raise Problem("not_found")
        return tagged(_shown(row), if_none_match)

    async def counts(self, dataset: UUID) -> dict[str, Any]:
        async with self.house.store.tenant(self.house.shop) as session:
            row = await session.get_one(Dataset, (self.house.shop, dataset))
        found: dict[str, Any] = completed(row.manifest)["counts"]
        return found

    async def export_dataset(
        self, request: Request, dataset: UUID, given: ExportWanted
    ) -> Response:
        """Its files in another format; the same dataset always gives the same bytes."""
        wanted = FORMAT_OF.get((given.format, given.shape))
        if wanted is None:
            fit = [name for name, shape in FORMAT_OF if shape == given.shape]
            what = f"The shape {given.shape} is written as {', '.join(fit)}, not as {given.format}."
            raise Problem("refused", what)
        told = await self.exported(dataset, wanted)
        async with self.house.store.tenant(self.house.shop) as session:
            what = f"dataset:{dataset}"
            await self.house.note(
                session, request, "dataset.exported", what, after={"format": wanted}
            )
        return shown(told, 201, {"Location": told.files[0]} if told.files else {})

    async def exported(self, dataset: UUID, wanted: Format) -> ExportShown:
        """Raises DatasetError."""
        built = await find(self.house.store, self.house.shop, str(dataset))
        folder = await asyncio.to_thread(export, built.path, wanted, _beside(built, wanted))
        names = await asyncio.to_thread(lambda: sorted(one.name for one in folder.iterdir()))
        place = f"{ROOT}/training/datasets/{dataset}/exports/{wanted}"
        return ExportShown(
            dataset_id=dataset, format=wanted, files=[f"{place}/{name}" for name in names]
        )

    async def download_dataset(
        self,
        dataset: UUID,
        format: Annotated[str, InPath(max_length=20)],  # noqa: A002  as the address names it
        file: Annotated[str, InPath(pattern=r"^[a-z]+\.[a-z]+$", max_length=40)],
    ) -> Response:
        """A file of an export."""
        built = await find(self.house.store, self.house.shop, str(dataset))
        known = next((one for one in FORMATS if one == format), None)
        path = _beside(built, known) / file if known else None
        if path is None or not await asyncio.to_thread(path.is_file):
            raise Problem("not_found")
        return FileResponse(path, filename=f"{dataset}-{file}")

    async def preparation(self, which: UUID) -> PreparationShown:
        """Raises Problem."""
        async with self.house.store.tenant(self.house.shop) as session:
            found = await preparing.one(session, self.house.shop, which)
        if found is None:
            raise Problem("not_found")
        return _prepared(found)


def _prepared(found: Preparation) -> PreparationShown:
    names = ("id", "dataset_id", "error", "requested_by", "created_at", "finished_at")
    return PreparationShown(
        **{name: getattr(found, name) for name in names},
        status=STATUS[found.state],
        progress=found.part,
        step=found.stage,
    )


def _beside(built: Built, wanted: Format) -> Path:
    return built.path.with_name(f"{built.path.name}.{wanted}")


def _shown(row: Dataset) -> DatasetShown:
    told = completed(row.manifest)
    return DatasetShown(
        id=row.id,
        period=row.period,
        sha256=row.sha256,
        rows=told["counts"]["rows"],
        counts=told["counts"],
        dropped=told["dropped"],
        stale=row.stale_reason,
        explanation=told["explanation"],
        created_at=row.created_at,
    )
