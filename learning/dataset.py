"""Builds a shop's dataset: read, curate, write whole, register once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID, uuid5

from sqlalchemy import select

from config.folders import PackError
from config.packs import Pack, load_pack
from config.settings import CurationSettings
from knowledge.catalogue import Catalogue, vocabulary
from knowledge.policies import instructions
from knowledge.prompt import BUDGET, own_recognisers
from learning.composing import compose
from learning.crew import Crew, Job, crew
from learning.curation import Example, Terms, settled
from learning.errors import DatasetExists, PersonaMissing, ShopUnknown
from learning.files import appear, drafted, translated
from learning.formats import Voice
from learning.linking import links
from learning.manifest import MANIFEST, About, completed, folder_name
from learning.reading import pages
from learning.sieve import Curation, Sieve
from learning.sifting import Sifted, sifted
from learning.spilling import packed, spill
from learning.weeks import end_of
from services.clock import now
from store import acceptance, app, curating, datasets, ml
from store.session import Store, WriteSession


@dataclass(frozen=True, slots=True)
class Built:
    id: UUID
    shop: UUID
    period: str | None
    path: Path
    sha256: str
    manifest: dict[str, Any]
    stale: str | None = None

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
            "stale": self.stale,
            "explanation": self.explanation,
        }


Settle: TypeAlias = Callable[[WriteSession, Built], Awaitable[None]]
Progress: TypeAlias = Callable[[str, int], None]


async def _nothing_else(_session: WriteSession, _built: Built) -> None: ...


def _silently(_stage: str, _count: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Steps:
    """`settle` joins the transaction that registers the dataset: if it raises, nothing happened.

    `budget` is how many tokens a prompt may have at serving.
    """

    settle: Settle = _nothing_else
    progress: Progress = _silently
    budget: int = BUDGET


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
    about = await _about(store, shop, period, settings, steps.budget)
    existing = await find_dataset(store, shop, period) if period is not None else None
    if existing is None:
        existing = await _made(store, about, out, steps)
    async with store.transaction() as session:
        await _register(session, existing, steps)
        await steps.settle(session, existing)
    return existing


async def find_dataset(store: Store, shop: UUID, period: str) -> Built | None:
    async with store.reading() as session:
        found = await datasets.find(session, shop, period)
    return None if found is None else as_built(found)


def as_built(row: ml.Dataset) -> Built:
    return Built(
        row.id,
        row.shop_id,
        row.period,
        Path(row.path),
        row.sha256,
        completed(row.manifest),
        row.stale_reason,
    )


async def _about(
    store: Store, shop: UUID, period: str | None, settings: CurationSettings, budget: int
) -> About:
    until = end_of(period) if period is not None else None
    async with store.reading() as session:
        found = await session.get(app.Shop, shop)
        demands = await acceptance.demanded(session, shop)
    if found is None:
        raise ShopUnknown(
            f"There is no shop {shop}", "it was never set up", "Start the bot for it once"
        )
    pack = pack_of(found)
    catalogue = Catalogue(store, vocabulary=vocabulary(pack))
    categories = (await catalogue.of(shop)).categories
    voice = Voice(pack.persona, tuple(instructions(pack)), categories, tuple(pack.examples), budget)
    terms = Terms(settings, own_recognisers(pack), demands, settled(settings, until or now()))
    ended = until.isoformat() if until is not None else None
    return About(shop, found.key, found.pack, period, ended, voice, terms)


def pack_of(shop: app.Shop) -> Pack:
    try:
        return load_pack(shop.pack)
    except PackError as error:
        raise PersonaMissing(
            f"The pack of shop {shop.key} cannot be read", str(error), "Repair the pack"
        ) from error


async def _made(store: Store, about: About, out: Path, steps: Steps) -> Built:
    folder = await asyncio.to_thread(out.resolve)
    parent = folder / folder_name(about.key, about.shop)
    until = end_of(about.period) if about.period is not None else None
    rows = await curating.count(store, about.shop, until)
    with drafted(parent) as draft, spill(draft) as aside, crew(rows) as helpers:
        sieve = Sieve(about.shop, about.terms, aside)
        read = pages(store, about.shop, until)
        curation = await _curated(sieve, read, helpers, steps.progress)
        manifest = await compose(about, sieve, curation, draft, helpers, steps.progress)
        folder = parent / f"{about.period or 'now'}-{manifest['sha256'][:12]}"
        with translated(folder):
            appear(draft, folder)
    identity = uuid5(about.shop, f"dataset:{about.period or manifest['sha256']}")
    return Built(identity, about.shop, about.period, folder, manifest["sha256"], manifest)


async def _curated(
    sieve: Sieve, read: AsyncIterator[list[Example]], helpers: Crew, progress: Progress
) -> Curation:
    async def jobs() -> AsyncIterator[Job[Sifted]]:
        async for page in read:
            sieve.own(page)
            yield sifted, ([packed(example) for example in page], sieve.terms)

    async with aclosing(helpers.done(jobs())) as sift:
        async for page in sift:
            await asyncio.to_thread(sieve.absorb, page)
            progress("read", sieve.read)
            if sieve.full:
                break
    progress("comparing", sieve.read)
    return await asyncio.to_thread(sieve.result)


async def _link(session: WriteSession, built: Built, progress: Progress) -> None:
    """The next ones are read while Postgres writes these."""
    found, done = links(built.path, built.shop, built.id), 0
    coming = asyncio.create_task(asyncio.to_thread(next, found, None))
    try:
        while (some := await coming) is not None:
            coming = asyncio.create_task(asyncio.to_thread(next, found, None))
            await datasets.link(session, some)
            done += len(some)
            progress("linked", done)
    finally:
        coming.cancel()


async def _register(session: WriteSession, built: Built, steps: Steps) -> None:
    """Registering the same dataset again changes nothing; another one for its period is refused."""
    values = {
        "shop_id": built.shop,
        "id": built.id,
        "period": built.period,
        "path": str(built.path),
        "sha256": built.sha256,
        "manifest": built.manifest,
    }
    if await datasets.register(session, values):
        await _link(session, built, steps.progress)
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
