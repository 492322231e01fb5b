"""What programs do and the line of it in the audit count together, or not at all."""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

import httpx2
import pytest

from jobs.schedule import Run
from store.session import BatchConnection, open_connection
from tests.fixtures.rows import TABLES
from tests.web.api.seeds import ids, sow
from web.api.jobs import id_of
from web.app import WebParts

DEAF = """
CREATE FUNCTION app.deaf() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN RAISE EXCEPTION 'the audit takes nothing'; END $$
"""
ON = "CREATE TRIGGER deaf BEFORE INSERT ON app.audit_event FOR EACH ROW EXECUTE FUNCTION app.deaf()"
OFF = "DROP TRIGGER deaf ON app.audit_event"
GOODS = "sku,nombre,precio\nTAZA-1,Taza,7990\n"
ACTS: list[tuple[str, str, Any, str]] = [
    ("POST", "/terms", {"word": "mil pesos", "definition": "una luca"}, "term.created"),
    ("DELETE", "/terms/{made}", None, "term.removed"),
    ("PUT", "/improvements/{improvement}/decision", {"decision": "refused"},
     "improvement.refused"),
    ("PUT", "/training/conversations/{example}", {"answer": "Sí, tenemos de todo."},
     "example.corrected"),
    ("POST", "/evaluations", {"set": "dev"}, "evaluation.asked"),
    ("POST", "/training/runs/{run}/cancellation", {}, "training.cancelled"),
    ("POST", "/models", {"name": "tres", "training": "{run}", "checkpoint": 3}, "model.register"),
    ("PUT", "/models/{model}/retirement", {"reason": "muy largo"}, "model.retire"),
    ("PUT", "/deployments/reply", {"active": "{model}"}, "rollout.begun"),
    ("POST", "/deployments/reply/rollbacks", {"reason": "peor"}, "rollout.rolled_back"),
    ("POST", "/jobs/{job}/retries", {}, "job.retried"),
    ("PUT", "/alert-rules/errors", {"threshold": 0.3}, "alert.rule"),
    ("PUT", "/customers/{customer}/restrictions", {"restricted": True}, "customer.restriction"),
    ("PATCH", "/documents/{document}", {"title": "Cambios", "active": False}, "document.changed"),
    ("DELETE", "/documents/{document}", None, "document.removed"),
    ("PUT", "/unanswered-clusters/{cluster}/decision", {"decision": "ignored"},
     "question.decided"),
    ("POST", "/product-imports/{file}/application", {}, "catalogue.imported"),
    ("POST", "/product-imports/{file}/reversal", {}, "catalogue.undone"),
]  # fmt: skip


@pytest.fixture
async def powerful(database_url: str) -> AsyncIterator[BatchConnection]:
    connection = await open_connection(database_url)
    await connection.execute(DEAF)
    yield connection
    await connection.close()


async def kept(connection: BatchConnection) -> dict[str, str]:
    """A digest of every table."""
    return {
        table.fullname: await connection.fetchval(
            f"SELECT md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), ''))"  # noqa: S608
            f" FROM {table.fullname} t"
        )
        for table in TABLES
    }


async def prepared(
    first: WebParts, program: httpx2.AsyncClient, powerful: BatchConnection
) -> Mapping[str, str]:
    """What stands in addresses: rows of every kind, a version that answered before, a failed job
    and a file."""
    await sow(first.store, first.shop)
    await powerful.execute("UPDATE ml.model_version SET deployed_at = now()")
    await powerful.execute("UPDATE ml.rollout SET state = 'stopped', ended_at = now()")
    await powerful.execute("UPDATE app.job_run SET state = 'failed'")
    row = await powerful.fetchrow("SELECT name, shop_id, period FROM app.job_run")
    assert row is not None
    job = Run(*row)
    files = {"file": ("productos.csv", GOODS.encode())}
    file = (await program.post("/api/v1/product-imports", files=files)).json()["id"]
    known = {name: str(one) for name, one in ids(first.shop).items()}
    return known | {"job": id_of(job.name, job.period), "file": file}


async def test_an_act_that_the_audit_does_not_take_was_not_done(
    first: WebParts, program: httpx2.AsyncClient, powerful: BatchConnection
) -> None:
    known = dict(await prepared(first, program, powerful))
    for method, path, said, action in ACTS:
        body = {n: v.format(**known) if isinstance(v, str) else v for n, v in (said or {}).items()}
        place, match = f"/api/v1{path.format(**known)}", {"If-Match": "*"}
        before = await kept(powerful)
        await powerful.execute(ON)
        failed = await program.request(method, place, json=body, headers=match)
        await powerful.execute(OFF)
        assert failed.status_code >= 500, (path, failed.text)
        after = await kept(powerful)
        assert [name for name in after if after[name] != before[name]] == [], path
        done = await program.request(method, place, json=body, headers=match)
        assert done.status_code < 300, (path, done.text)
        newest = "SELECT action FROM app.audit_event ORDER BY at DESC, number DESC LIMIT 1"
        assert await powerful.fetchval(newest) == action
        if path == "/terms":
            known["made"] = done.json()["id"]
        assert UUID(known["model"])
