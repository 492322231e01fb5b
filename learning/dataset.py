"""Builds a shop's dataset: read, curate, write whole, register once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID, uuid5

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from config.folders import PackError
from config.packs import load_pack
from config.settings import CurationSettings
from knowledge.prompt import own_recognisers
from learning.curation import Curation, Example, Sieve
from learning.errors import DatasetExists, PersonaMissing, ShopUnknown
from learning.files import publish
from learning.manifest import MANIFEST, About, Documents, document, folder_name
from learning.reading import pages
from learning.weeks import end_of
from store import app, ml
from store.session import Store, WriteSession
from text.privacy import Recogniser


@dataclass(frozen=True, slots=True)
class Built:
    id: UUID
    shop: UUID
    period: str | None
    path: Path
    sha256: str
    manifest: dict[str, Any]

    @property
    def manifest_path(self) -> Path:
        return self.path / MANIFEST

    @property
    def rows(self) -> int:
        return int(self.manifest["counts"]["rows"])

    @property
    def explanation(self) -> str:
        return str(self.manifest["explanation"])

    def summary(self) -> dict[str, Any]:
        """What a person or a program is told about it."""
        return {
            "id": str(self.id),
            "shop": self.manifest["shop"],
            "period": self.period,
            "path": str(self.path),
            "manifest": str(self.manifest_path),
            "sha256": self.sha256,
            "rows": self.rows,
            "counts": self.manifest["counts"],
            "dropped": self.manifest["dropped"],
            "explanation": self.explanation,
        }


Settle: TypeAlias = Callable[[WriteSession, Built], Awaitable[None]]
Progress: TypeAlias = Callable[[str, int], None]


async def _nothing_else(_session: WriteSession, _built: Built) -> None: ...


def _silently(_stage: str, _count: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Steps:
    """`settle` joins the transaction that registers the dataset: if it raises, nothing happened."""

    settle: Settle = _nothing_else
    progress: Progress = _silently


async def build_dataset(
    store: Store,
    shop: UUID,
    *,
    period: str | None = None,
    out: Path,
    settings: CurationSettings,
    steps: Steps = Steps(),
) -> Built:
    """Of all rows captured before the period's end; the period's dataset is never built twice."""
    about, recognisers = await _about(store, shop, period, settings)
    existing = await find_dataset(store, shop, period) if period is not None else None
    if existing is None:
        sieve = Sieve(shop, settings, recognisers)
        curation = await _curated(store, sieve, period, steps.progress)
        made = await asyncio.to_thread(document, about, curation)
        existing = await asyncio.to_thread(_publish, about, made, out)
        steps.progress("written", existing.rows)
    async with store.transaction() as session:
        await _register(session, existing)
        await steps.settle(session, existing)
    return existing


async def find_dataset(store: Store, shop: UUID, period: str) -> Built | None:
    query = select(ml.Dataset).where(ml.Dataset.shop_id == shop, ml.Dataset.period == period)
    async with store.reading() as session:
        found = await session.scalar(query)
    return None if found is None else as_built(found)


def as_built(row: ml.Dataset) -> Built:
    return Built(row.id, row.shop_id, row.period, Path(row.path), row.sha256, row.manifest)


async def _about(
    store: Store, shop: UUID, period: str | None, settings: CurationSettings
) -> tuple[About, tuple[Recogniser, ...]]:
    until = end_of(period).isoformat() if period is not None else None
    async with store.reading() as session:
        found = await session.get(app.Shop, shop)
    if found is None:
        raise ShopUnknown(
            f"There is no shop {shop}", "it was never set up", "Start the bot for it once"
        )
    try:
        pack = load_pack(found.pack)
    except PackError as error:
        raise PersonaMissing(
            f"The pack of shop {found.key} cannot be read", str(error), "Repair the pack"
        ) from error
    about = About(shop, found.key, period, until, pack.persona, settings)
    return about, own_recognisers(pack)


async def _curated(store: Store, sieve: Sieve, period: str | None, progress: Progress) -> Curation:
    until = end_of(period) if period is not None else None
    async for page in pages(store, sieve.shop, until):
        await asyncio.to_thread(_sift, sieve, page)
        progress("read", sieve.read)
        if sieve.full:
            break
    return await asyncio.to_thread(sieve.result)


def _sift(sieve: Sieve, page: list[Example]) -> None:
    for example in page:
        sieve.add(example)


def _publish(about: About, made: Documents, out: Path) -> Built:
    name = f"{about.period or 'now'}-{made.sha256[:12]}"
    folder = out.resolve() / folder_name(about.key, about.shop) / name
    publish(folder, made.contents)
    cause = about.period or made.sha256
    identity = uuid5(about.shop, f"dataset:{cause}")
    return Built(identity, about.shop, about.period, folder, made.sha256, made.manifest)


async def _register(session: AsyncSession, built: Built) -> None:
    """Registering the same dataset again changes nothing; another one for its period is refused."""
    values = {
        "shop_id": built.shop,
        "id": built.id,
        "period": built.period,
        "path": str(built.path),
        "sha256": built.sha256,
        "manifest": built.manifest,
    }
    new = upsert(ml.Dataset).values(values).on_conflict_do_nothing().returning(ml.Dataset.id)
    if await session.scalar(new) is not None:
        await _link(session, built)
        return
    query = select(ml.Dataset.sha256).where(
        ml.Dataset.shop_id == built.shop, ml.Dataset.id == built.id
    )
    if await session.scalar(query) != built.sha256:
        raise DatasetExists(
            f"The dataset of {built.period} exists already",
            "another build was faster",
            "Use that one: a dataset is never overwritten",
        )


async def _link(session: AsyncSession, built: Built) -> None:
    rows = [
        {
            "shop_id": built.shop,
            "dataset_id": built.id,
            "training_id": UUID(row["id"]),
            "split": row["split"],
        }
        for row in built.manifest["rows"]
    ]
    if rows:
        await session.execute(insert(ml.DatasetRow), rows)
