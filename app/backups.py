"""`backup` and `restore`: the whole database as a file, and a line of it in every shop's audit."""

import asyncio
import hashlib
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from app.backing import backing
from app.console import FAILED, USAGE, refuse, said_once, say, somebody, talk
from config.settings import Settings
from services.dumping import dump, load
from services.errors import ServerFailed
from store.audit import Actor, record
from store.backups import MADE, RESTORED
from store.migrations import migrate
from store.session import open_store
from store.shops import every


@dataclass(frozen=True, slots=True)
class Copy:
    file: str
    bytes: int
    sha256: str


async def backup(settings: Settings, target: str, *, as_json: bool) -> None:
    """What is half written has another name, and goes."""
    path = Path(target)
    draft = path.with_name(f"{path.name}.part")
    _free(path, draft)
    async with backing(settings, said_once()) as here:
        talk.print("  writing the database…", markup=False)
        try:
            os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            await dump(here.database_url, draft)
            copy = await asyncio.to_thread(measured, draft, path.name)
            draft.rename(path)
        except OSError as error:
            refuse(f"{target} cannot be written", error.strerror or str(error), code=USAGE)
        finally:
            draft.unlink(missing_ok=True)
        await _note(here.database_url, MADE, copy)
    _tell(copy, f"{target}: {copy.bytes} bytes, sha256 {copy.sha256}", as_json=as_json)


async def restore(settings: Settings, source: str, *, force: bool, as_json: bool) -> None:
    """Whatever the database holds is replaced, and brought to this release."""
    path = Path(source)
    if not force:
        why = "everything the database holds now is replaced by what the file has"
        refuse("nothing was restored", why, "stop the bot, then add --force", code=USAGE)
    try:
        copy = await asyncio.to_thread(measured, path, path.name)
    except OSError as error:
        refuse(f"{source} cannot be read", error.strerror or str(error), code=USAGE)
    async with backing(settings, said_once()) as here:
        talk.print("  reading the database back…", markup=False)
        try:
            await load(here.database_url, path)
        except ServerFailed as error:
            refuse("the database stays as it was", error.why, "is the bot stopped?", code=FAILED)
        await migrate(here.database_url)
        await _note(here.database_url, RESTORED, copy)
    _tell(copy, f"the database is that of {source}", as_json=as_json)


def measured(path: Path, name: str) -> Copy:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Copy(name, path.stat().st_size, digest)


def _free(path: Path, draft: Path) -> None:
    for taken in (path, draft):
        if taken.exists():
            refuse(f"{taken} is there already", "nothing is written over", code=USAGE)


async def _note(url: str, action: str, copy: Copy) -> None:
    """A file holds all shops, so each of them is told."""
    store, actor = open_store(url, role="pipeline", pool=1), Actor(f"terminal:{somebody()}")
    after = {"name": copy.file, "bytes": copy.bytes, "sha256": copy.sha256}
    try:
        async with store.reading() as session:
            shops = await every(session)
        for shop in shops:
            async with store.tenant(shop) as session:
                await record(session, shop, actor, action, f"backup:{copy.file}", after=after)
    finally:
        await store.close()


def _tell(copy: Copy, text: str, *, as_json: bool) -> None:
    say(text, asdict(copy), as_json=as_json)
