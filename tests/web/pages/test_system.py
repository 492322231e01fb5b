"""The system's page: what is wrong comes first, with what to do about it."""

import re
from dataclasses import replace
from uuid import UUID, uuid4

from sqlalchemy import insert

from store.audit import record
from store.backups import MADE, RESTORED
from store.session import Store
from store.versions import TrainingJob
from store.work import JobRun
from tests.web.roles import acting
from web.app import WebParts
from web.observed import Facts, Finding, Observed, Queue

PAGE = "/admin/sistema"
FOUND = (
    Finding("python", "ok", "3.11.2"),
    Finding("dead letters", "warning", "2 wait", "main.py dead list"),
    Finding("redis", "error", "<b>evicting</b>", "CONFIG SET maxmemory-policy noeviction"),
)


async def known() -> Facts:
    queues = [Queue("reply", 3, 1, 12.5)]
    return Facts(FOUND, queues, 2, {"fastapi": "0.163.2"}, {"fastapi": "MIT"})


async def test_what_is_wrong_comes_first_with_its_remedy(parts: WebParts) -> None:
    async with acting(replace(parts, observed=Observed(facts=known)), "admin") as admin:
        page = (await admin.get(PAGE)).text
    assert page.index("redis") < page.index("mensajes sin procesar") < page.index("3.11.2")
    assert "CONFIG SET maxmemory-policy noeviction" in page
    assert "&lt;b&gt;evicting" in page
    assert "2 en espera" in page
    assert page.count("wide-table") == page.count('wide-table" tabindex="0" role="group"')
    for told in ("1 problema", "12,5 s", "0.163.2", "MIT", "2 mensajes que nadie"):
        assert told in page


async def test_what_failed_is_counted_and_backups_are_explained(parts: WebParts) -> None:
    shop, what = parts.shop, "no room"
    async with parts.store.transaction() as session:
        runs = [
            ("questions", "waiting", what),
            ("facts", "waiting", None),
            ("weekly", "done", None),
        ]
        for name, state, error in runs:
            row = {"shop_id": shop, "name": name, "period": "x", "state": state, "error": error}
            await session.execute(insert(JobRun).values(row))
    async with acting(replace(parts, observed=Observed(facts=known)), "admin") as admin:
        page = (await admin.get(PAGE)).text
        assert "1 trabajo falló y se vuelve a intentar solo." in page
        assert "entrenamiento falló" not in page
        failed = await _trained(parts.store, shop)
        page = (await admin.get(PAGE)).text
        await _trained(parts.store, shop, retry_of=failed)
        again = (await admin.get(PAGE)).text
    told = "1 entrenamiento falló: reinténtalo en Trabajos"
    assert told in page
    assert told in again
    assert "main.py backup aprendiz.dump" in page
    assert "Este bot todavía no hizo ninguno" in page


async def test_the_last_backup_is_told_with_its_age_and_size(parts: WebParts) -> None:
    told = {"name": "lunes.dump", "bytes": 5_240_000, "sha256": 64 * "7"}
    before = told | {"name": "domingo.dump"}
    async with parts.store.tenant(parts.shop) as session:
        for after in (before, told):
            await record(session, parts.shop, "terminal:ana", MADE, "backup:x", after=after)
        await record(session, parts.shop, "terminal:ana", RESTORED, "backup:x", after=before)
    async with acting(replace(parts, observed=Observed(facts=known)), "admin") as admin:
        page = (await admin.get(PAGE)).text
    assert re.search(r"<strong hx-ignore>lunes.dump</strong> <time datetime=", page)
    assert "5,2 MB · <code>777777777777</code>" in page
    assert "domingo.dump" not in page


async def _trained(store: Store, shop: UUID, retry_of: UUID | None = None) -> UUID:
    one = uuid4()
    row = {
        "shop_id": shop, "id": one, "trainer": "examples", "base_model": "x", "state": "failed",
        "requested_by": "ana", "retry_of": retry_of,
    }  # fmt: skip
    async with store.transaction() as session:
        await session.execute(insert(TrainingJob).values(row))
    return one


async def test_without_a_bot_it_says_so_and_only_the_desk_sees_it(parts: WebParts) -> None:
    async with acting(parts, "admin") as admin:
        assert "corren sin su bot" in (await admin.get(PAGE)).text
    async with acting(parts, "owner") as owner:
        assert (await owner.get(PAGE)).status_code == 403
