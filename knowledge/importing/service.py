"""Takes a file into a shop's catalogue: preview, apply, undo. Says nothing; callers show it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, cast
from uuid import UUID, uuid4

from events.happened import caused_by
from knowledge.importing.changes import Change, Goods, Preview, preview
from knowledge.importing.errors import (
    ImportUnknown,
    LinesBad,
    PreviewOutdated,
    ShopUnknown,
    UndoRefused,
)
from knowledge.importing.lines import Listing, listing
from knowledge.importing.sheets import ROWS, table_of
from knowledge.importing.undoing import Back, way_back
from store import imports
from store.app import Product
from store.imports import CatalogueImport
from store.session import ReadSession, Store, WriteSession
from store.shops import ProductRow, shop_by_id

REGRET: Final = timedelta(hours=24)
CHUNK: Final = 1_000
Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Wanted:
    """`said` names the column of a field; `skip_bad` leaves out lines that cannot be taken; of more
    `rows` a file is not read."""

    said: Mapping[str, str] = field(default_factory=dict)
    skip_bad: bool = False
    missing_off: bool = False
    rows: int = ROWS


@dataclass(frozen=True, slots=True)
class Proposal:
    """A file as it was read, and what it would change in the catalogue as it is now."""

    shop: UUID
    file: str
    sha256: str
    wanted: Wanted
    listing: Listing
    seen: Preview


@dataclass(frozen=True, slots=True)
class Applied:
    """`id` is None where there was nothing to change."""

    id: UUID | None
    counts: Mapping[str, int]


@dataclass(slots=True)
class Undone:
    """SKUs: `left` changed again since, `short` had sold more than they would have now."""

    state: str = "undone"
    restored: list[str] = field(default_factory=list)
    switched_off: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    short: list[str] = field(default_factory=list)


async def propose(store: Store, shop: UUID, file: str, data: bytes, wanted: Wanted) -> Proposal:
    """Changes nothing. Raises ImportRefused."""
    rows = await table_of(data, wanted.rows)
    async with store.reading() as session:
        currency = await _currency(session, shop)
        present = [_goods(row) for row in await imports.goods(session, shop)]
    # A large file takes a second: beside the event loop, which answers customers meanwhile.
    read = await asyncio.to_thread(listing, rows, wanted.said, currency)
    seen = await asyncio.to_thread(preview, read, present, missing_off=wanted.missing_off)
    return Proposal(shop, file, sha256(data).hexdigest(), wanted, read, seen)


async def apply(
    store: Store, proposal: Proposal, *, by: str, at: datetime, progress: Progress = lambda _: None
) -> Applied:
    """All of it or nothing, against the catalogue of this moment. Raises ImportRefused."""
    if proposal.seen.problems and not proposal.wanted.skip_bad:
        bad = proposal.seen.counts()["bad"]
        hint = "mend them, or take the others with --skip-bad"
        raise LinesBad(f"{bad} line(s) cannot be taken", hint=hint)
    async with store.transaction() as session:
        await imports.lock_catalogue(session, proposal.shop)
        present = {row.sku: row for row in await imports.goods(session, proposal.shop, lock=True)}
        missing_off = proposal.wanted.missing_off
        goods = [_goods(row) for row in present.values()]
        seen = await asyncio.to_thread(preview, proposal.listing, goods, missing_off=missing_off)
        if not set(seen.warnings) <= set(proposal.seen.warnings):
            hint = "look at the preview again"
            raise PreviewOutdated("the catalogue changed since it was looked at", hint=hint)
        if not seen.changes:
            return Applied(None, seen.counts())
        one = CatalogueImport(
            shop_id=proposal.shop,
            id=uuid4(),
            file=proposal.file,
            sha256=proposal.sha256,
            by=by,
            at=at,
            counts=seen.counts(),
            state="applied",
        )
        await imports.record(session, one)
        await _write(session, one, seen.changes, present, progress)
        return Applied(one.id, seen.counts())


async def undo(
    store: Store, shop: UUID, which: UUID, *, by: str, at: datetime, force: bool = False
) -> Undone:
    """Within a day. Products that changed again since are left, unless forced.

    Raises UndoRefused.
    """
    async with store.transaction() as session:
        await imports.lock_catalogue(session, shop)
        one = _undoable(await imports.one_of(session, shop, which), at)
        products = {row.id: row for row in await imports.goods(session, shop, lock=True)}
        later = await imports.changed_later(session, one)
        done = Undone()
        for change in await imports.changes_of(session, one):
            row = products[change.product_id]
            back = way_back(change.former, change.given, _goods(row))
            if (back.again or row.id in later) and not force:
                done.left.append(row.sku)
                continue
            _restore(row, back, done, new=change.former is None)
            change.undone = True
        one.state = done.state = "partly" if done.left else "undone"
        one.undone_by, one.undone_at = by, at
        return done


def _undoable(one: CatalogueImport | None, at: datetime) -> CatalogueImport:
    hint = "main.py catalogue imports"
    if one is None:
        raise ImportUnknown("this shop has no such import", hint=hint)
    if one.state == "undone":
        raise UndoRefused(f"{one.file} is undone already", hint=hint)
    if at - one.at > REGRET:
        why = f"it was applied at {one.at:%Y-%m-%d %H:%M} UTC, more than 24 hours ago"
        raise UndoRefused(f"{one.file} stays as it is", why, "import the earlier file again")
    return one


def _restore(row: Product, back: Back, done: Undone, *, new: bool) -> None:
    for name, value in back.fields.items():
        setattr(row, name, value)
    (done.switched_off if new else done.restored).append(row.sku)
    if back.short:
        done.short.append(row.sku)


async def _write(
    session: WriteSession,
    one: CatalogueImport,
    changes: Sequence[Change],
    present: Mapping[str, Product],
    progress: Progress,
) -> None:
    for start in range(0, len(changes), CHUNK):
        part = changes[start : start + CHUNK]
        rows = [_row(one.shop_id, change, present.get(change.sku)) for change in part]
        told = [
            {
                "shop_id": one.shop_id,
                "import_id": one.id,
                "product_id": row["id"],
                "former": None if change.kind == "new" else dict(change.before),
                "given": dict(change.after),
            }
            for change, row in zip(part, rows, strict=True)
        ]
        await imports.write(session, one.shop_id, rows, told)
        progress(len(part))


def _row(shop: UUID, change: Change, before: Product | None) -> ProductRow:
    made = before.id if before else caused_by(shop, f"product:{change.sku}")
    kept = _goods(before) if before else {}
    return cast("ProductRow", {**kept, **change.after, "sku": change.sku, "id": made})


def _goods(row: Product) -> Goods:
    names = ProductRow.__annotations__.keys() - {"id"}
    return {name: getattr(row, name) for name in names}


async def _currency(session: ReadSession, shop: UUID) -> str:
    found = await shop_by_id(session, shop)
    if found is None:
        raise ShopUnknown("there is no such shop", "no bot ever ran for it", "main.py run")
    return found.currency
