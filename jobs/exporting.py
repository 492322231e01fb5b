"""All that is kept of a customer goes into one ZIP: for programs, to be read, and their files."""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from config.settings import Settings
from jobs import dossier
from jobs.attempts import Attempt
from jobs.dossier import About
from services.clock import now
from services.files import Files
from store.privacy import reading, requests
from store.privacy.persons import Person, find
from store.privacy.places import PLACES, Place
from store.session import BatchConnection
from store.shops import shop_by_id

TOLD: Final[Sequence[Place]] = tuple(place for place in PLACES if place.told)
MEDIA: Final = Place(
    "app.media_file",
    "message",
    "t.message_id = ANY($2::uuid[])",
    "archivos",
    {"path": "path", "mime": "mime"},
)


def place_of(settings: Settings, shop: UUID, request: UUID) -> Path:
    return place_in(settings.app.var, shop, request)


def place_in(var: Path, shop: UUID, request: UUID) -> Path:
    return var / "exports" / str(shop) / f"{request}.zip"


async def export(attempt: Attempt, settings: Settings) -> None:
    """Whoever left meanwhile has nothing to be told."""
    shop, request = attempt.run.shop, UUID(attempt.run.period)
    async with attempt.store.reading() as session:
        asked = await requests.request_of(session, shop, request)
        found = await shop_by_id(session, shop)
    who = None
    if asked is not None and asked.customer_id is not None and asked.state != "done":
        async with attempt.store.lookup() as connection:
            who = await find(connection, shop, asked.customer_id)
    receipt: dict[str, object] = {}
    if who is not None and found is not None:
        about = About(found.name, request, now())
        receipt = await Export(attempt, settings, who, about).write()
    await handed(attempt, settings, request, receipt)


async def handed(
    attempt: Attempt, settings: Settings, request: UUID, receipt: dict[str, object]
) -> None:
    """What is there counts as asked for; of somebody who was erased while it was written, nothing
    stays."""
    shop = attempt.run.shop
    async with attempt.store.transaction() as session:
        await attempt.hold(session)
        asked = await requests.request_of(session, shop, request, lock=True)
        if asked is None or asked.customer_id is None:
            drop(settings, shop, request)
            receipt = {}
        elif asked.state != "done":
            await requests.settle(session, shop, request, now(), receipt)
        await attempt.end(session, receipt)


@dataclass(frozen=True, slots=True)
class Export:
    attempt: Attempt
    settings: Settings
    who: Person
    about: About

    async def write(self) -> dict[str, object]:
        """The same moment in both files; the ZIP appears whole, readable by us alone."""
        target = place_of(self.settings, self.who.shop, self.about.request)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = target.with_suffix(f".{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as to, ZipFile(to, "w", ZIP_DEFLATED) as archive:
            async with reading.snapshot(self.attempt.store) as connection:
                counts = await self._json(connection, archive)
                await self._html(connection, archive)
                files = await self._files(connection, archive)
        draft.replace(target)
        return {"rows": dict(counts), "files": files, "bytes": target.stat().st_size}

    async def _json(self, connection: BatchConnection, archive: ZipFile) -> Counter[str]:
        counts: Counter[str] = Counter()
        with archive.open("datos.json", "w", force_zip64=True) as file:
            file.write(dossier.json_head(self.about).encode())
            for number, place in enumerate(TOLD):
                comma = ", " if number else ""
                file.write(f'{comma}"{place.title}": ['.encode())
                async for row in reading.rows(connection, self.who, place):
                    comma = ",\n" if counts[place.title] else "\n"
                    file.write((comma + dossier.json_row(row)).encode())
                    counts[place.title] += 1
                file.write(b"]")
            file.write(b"}}\n")
        return +counts

    async def _html(self, connection: BatchConnection, archive: ZipFile) -> None:
        with archive.open("datos.html", "w", force_zip64=True) as file:
            file.write(dossier.html_head(self.about).encode())
            for place in TOLD:
                begun = False
                async for row in reading.rows(connection, self.who, place):
                    if not begun:
                        columns = tuple(place.told.values())
                        file.write(dossier.html_section(place.title, columns).encode())
                    begun = True
                    file.write(dossier.html_row(row).encode())
                file.write(b"</table>" if begun else b"")

    async def _files(self, connection: BatchConnection, archive: ZipFile) -> int:
        kept, names = Files(self.settings.app.var / "media"), set[str]()
        async for row in reading.rows(connection, self.who, MEDIA):
            path = kept.path(row["path"]) if row["path"] else None
            kind = str(row["mime"] or "").partition("/")[2]
            if path is not None and path.name not in names:
                names.add(path.name)
                archive.write(
                    path, f"archivos/{path.name}" + (f".{kind}" if kind.isalnum() else "")
                )
        return len(names)


def drop(settings: Settings, shop: UUID, request: UUID) -> int:
    """How many there were: one, or none."""
    path = place_of(settings, shop, request)
    there = path.exists()
    path.unlink(missing_ok=True)
    return int(there)


def exports_of(settings: Settings, shop: UUID, before: datetime) -> list[Path]:
    """Those that were written before a moment."""
    folder = place_of(settings, shop, shop).parent
    return [one for one in folder.glob("*.zip") if one.stat().st_mtime < before.timestamp()]
