"""`backup` and `restore`: the whole database as a file, and a line of it in every shop's audit."""

import asyncio
import hashlib
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal
from uuid import UUID

from app.backing import Backing, backing
from app.console import FAILED, USAGE, refuse, said_once, say, somebody, talk
from app.parts import Parts
from config.settings import Settings
from events.forgetting import Forgetting
from events.partitions import Keys
from events.stream import Stream
from jobs.rights import Rights
from services.clock import now
from services.dumping import dump, load, table
from services.errors import ServerFailed
from services.wire import Wire, connect
from store.audit import Actor, record
from store.backups import MADE, RESTORED, SCHEMAS, last
from store.migrations import latest, migrate
from store.privacy import outliving
from store.session import as_login, open_store
from store.shops import every
from web.observed import Finding

FRESH_DAYS: Final = 7


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
        except OSError as error:
            refuse(f"{target} cannot be written", error.strerror or str(error), code=USAGE)
        try:
            await dump(here.database_url, draft, SCHEMAS)
            copy = await asyncio.to_thread(measured, draft, path.name)
            draft.rename(path)
        except OSError as error:
            refuse(f"{target} cannot be written", error.strerror or str(error), code=USAGE)
        finally:
            draft.unlink(missing_ok=True)
        await _note(here.database_url, MADE, copy)
    say(f"{target}: {copy.bytes} bytes, sha256 {copy.sha256}", asdict(copy), as_json=as_json)


async def restore(settings: Settings, source: str, *, force: bool, as_json: bool) -> None:
    """Whatever the database holds is replaced, and brought to this release; but nobody who was
    erased since is back."""
    path = Path(source)
    if not force:
        why = "everything the database holds now is replaced by what the file has"
        refuse("nothing was restored", why, "stop the bot, then add --force", code=USAGE)
    try:
        copy = await asyncio.to_thread(measured, path, path.name)
    except OSError as error:
        refuse(f"{source} cannot be read", error.strerror or str(error), code=USAGE)
    await _readable(path)
    async with backing(settings, said_once()) as here:
        talk.print("  reading the database back…", markup=False)
        again = await _replaced(settings, here, path)
        await _note(here.database_url, RESTORED, copy)
    text = f"the database is that of {source}"
    erased = f"; {again} who were erased since are erased again as soon as the bot runs"
    say(text + (erased if again else ""), asdict(copy) | {"erased": again}, as_json=as_json)


async def _readable(path: Path) -> None:
    """Nothing is touched for a file that this release could not go on with."""
    try:
        (revision,) = await table(path, "app", "revision")
    except (ServerFailed, ValueError) as error:
        why = error.why if isinstance(error, ServerFailed) else "it tells of no release"
        refuse(f"{path} is no backup of this bot", why, "take another one", code=FAILED)
    if int(revision) > int(latest()):
        why = f"it is at {revision}, this release knows {latest()}"
        refuse(f"{path} is of a newer release", why, "upgrade first", code=FAILED)


async def _replaced(settings: Settings, here: Backing, path: Path) -> int:
    """How many came back who were erased, and have to go again."""
    async with as_login(here.database_url) as connection:
        fresh = await outliving.set_aside(connection)
    try:
        await load(here.database_url, path, SCHEMAS)
    except ServerFailed as error:
        if fresh:
            async with as_login(here.database_url) as connection:
                await outliving.forget(connection)
        refuse("the database stays as it was", error.why, "is the bot stopped?", code=FAILED)
    await migrate(here.database_url)
    async with as_login(here.database_url) as connection:
        await outliving.bring_back(connection)
        found = await outliving.returned(connection)
        await _leave(settings, here, found)
        await outliving.forget(connection)
    return len(found)


async def _leave(settings: Settings, here: Backing, who: Sequence[tuple[UUID, UUID]]) -> None:
    """As if they had asked once more: their chats are shut, and the schedule finds them."""
    wire = Wire(connect(here.redis_url))
    store = open_store(here.database_url, role="pipeline", pool=1)
    keys = Keys(settings.redis.prefix, settings.events.partitions)
    forgetting = Forgetting(Stream(wire, keys))
    try:
        for shop, customer in who:
            rights = Rights(store, shop, forgetting, days=settings.privacy.answer_days)
            await rights.ask(customer, "erasure", somebody())
    finally:
        await store.close()
        await wire.close()


async def kept(parts: Parts) -> Finding:
    """Whoever backs up by other means is not told that nobody does."""
    async with parts.store.tenant(parts.shop) as session:
        found, halfway = await last(session, parts.shop), await outliving.halfway(session)
    if halfway:
        what = "a restore was cut off: who was erased since the backup may be back"
        return Finding("backups", "error", what, "main.py restore FILE --force")
    if found is None:
        return Finding("backups", "ok", "none by this bot")
    days = (now() - found.at).days
    state: Literal["ok", "warning"] = "warning" if days > FRESH_DAYS else "ok"
    told = f"the last one {days} days ago: {found.file}"
    return Finding("backups", state, told, "main.py backup FILE")


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
