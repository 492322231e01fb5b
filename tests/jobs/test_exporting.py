"""A customer gets all that is kept of them, and nothing of anybody else."""

import asyncio
import json
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

import asyncpg
import pytest
from sqlalchemy import text

from jobs.attempts import Attempt
from jobs.dossier import About, html_row
from jobs.exporting import Export, handed, place_of
from jobs.schedule import EXPORT, Run, Terms, ask
from services.clock import now
from store.privacy.persons import find
from store.privacy.places import PLACES
from store.privacy.tables import PrivacyRequest
from store.session import Store
from tests.fixtures.bots import until
from tests.jobs.canary import CANARY, House, fill_files, furnish, settings_for

ONE, OTHER = UUID(int=1), UUID(int=2)
FOREIGN = "pterodactylus"
HELD = text("SELECT FROM app.conversation WHERE shop_id = :s FOR KEY SHARE")
WAITING = """
SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
               AND wait_event_type = 'Lock' AND query LIKE 'DELETE FROM app.conversation %')
"""


@pytest.fixture
async def house(
    store: Store, database_url: str, redis_url: str, prefix: str, tmp_path: Path
) -> House:
    await furnish(store, ONE, OTHER)
    async with store.transaction() as session:
        foreign = text("UPDATE app.message SET text = :word WHERE shop_id = :shop")
        await session.execute(foreign, {"word": FOREIGN, "shop": OTHER})
    settings = settings_for(database_url, redis_url, prefix, tmp_path)
    await fill_files(store, settings, ONE)
    return House(store, settings, ONE)


async def exported(house: House) -> ZipFile:
    request = await house.ask("export")
    assert await house.perform("export", request) == "done"
    path = place_of(house.settings, ONE, request)
    assert path.stat().st_mode & 0o777 == 0o600
    return ZipFile(path)


async def test_every_section_tells_what_its_table_holds(house: House) -> None:
    with await exported(house) as archive:
        told = json.loads(archive.read("datos.json"))
        page = archive.read("datos.html").decode()
        names = archive.namelist()
    assert told["esquema"] == "aprendiz.datos/1"
    assert told["secciones"].keys() == {place.title for place in PLACES if place.told}
    rows = {title: len(found) for title, found in told["secciones"].items()}
    assert rows == dict.fromkeys(rows, 1) | {"solicitudes": 2}
    assert CANARY in told["secciones"]["mensajes"][0]["texto"]
    assert CANARY in page
    assert FOREIGN not in page + json.dumps(told)
    assert [name for name in names if name.startswith("archivos/")]


async def test_the_request_says_how_much_was_handed_over(house: House) -> None:
    request = await house.ask("export")
    await house.perform("export", request)
    async with house.store.reading() as session:
        row = await session.get(PrivacyRequest, (ONE, request))
    assert row is not None
    assert (row.state, row.customer_id) == ("done", house.customer)
    assert row.receipt["rows"]["mensajes"] == 1
    assert row.receipt["files"] == 1


async def test_an_erasure_takes_earlier_exports_along(house: House) -> None:
    export = await house.ask("export")
    await house.perform("export", export)
    erasure = await house.ask("erasure")
    await house.perform("erasure", erasure)
    assert not place_of(house.settings, ONE, export).exists()
    async with house.store.reading() as session:
        row = await session.get(PrivacyRequest, (ONE, export))
    assert row is not None
    assert row.customer_id is None


async def test_a_copy_that_is_written_while_they_are_erased_does_not_stay(
    house: House, store: Store
) -> None:
    """The export has read who they are, the erasure has dropped what was there, and only then the
    file comes."""
    request, at = await house.ask("export"), house.settings
    run = Run(EXPORT, ONE, str(request))
    assert await ask(store, run)
    attempt = await Attempt.claim(store, run, Terms())
    assert attempt is not None
    async with store.lookup() as connection:
        who = await find(connection, ONE, house.customer)
    assert who is not None
    assert await house.perform("erasure", await house.ask("erasure")) == "done"
    async with attempt:
        about = About("Tienda", request, now())
        receipt = await Export(attempt, at, who, about).write()
        assert place_of(at, ONE, request).exists()
        await handed(attempt, at, request, receipt)
    assert not place_of(at, ONE, request).exists()


async def test_a_copy_that_comes_before_the_last_step_of_an_erasure_goes_with_it(
    house: House, store: Store, database_url: str
) -> None:
    copy = await house.ask("export")
    onlooker = await asyncpg.connect(database_url)

    async def waits() -> bool:
        return bool(await onlooker.fetchval(WAITING))

    async with store.transaction() as session:
        await session.execute(HELD, {"s": ONE})
        erasing = asyncio.create_task(house.perform("erasure", await house.ask("erasure")))
        await until(waits)
        place_of(house.settings, ONE, copy).parent.mkdir(parents=True, exist_ok=True)
        place_of(house.settings, ONE, copy).write_text("comes late")
    await onlooker.close()
    assert await erasing == "done"
    assert not place_of(house.settings, ONE, copy).exists()


def test_what_a_customer_wrote_is_text_and_never_markup() -> None:
    assert html_row({"texto": "<script>alert(1)</script>"}) == (
        "<tr><td>&lt;script&gt;alert(1)&lt;/script&gt;"
    )
