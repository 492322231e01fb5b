"""Liveness and readiness."""

from dataclasses import replace

import httpx2

from services.wire import Wire, connect
from store.session import Store
from tests.web.conftest import asking, without_redis
from web.app import WebParts, build


async def test_alive_asks_nobody(visitor: httpx2.AsyncClient) -> None:
    assert (await visitor.get("/salud")).json() == {"ok": True}


async def test_ready_when_both_answer_and_the_role_is_bound(visitor: httpx2.AsyncClient) -> None:
    answer = await visitor.get("/listo")

    assert answer.status_code == 200
    assert answer.json() == {"ok": True, "redis": True, "postgres": True, "role": True}


async def test_not_ready_without_redis(parts: WebParts) -> None:
    wire = Wire(connect("unix:///nowhere/redis.sock"))
    async with asking(build(without_redis(parts, wire))) as client:
        answer = await client.get("/listo")
    await wire.close()

    assert answer.status_code == 503
    assert answer.json() == {"ok": False, "redis": False, "postgres": True, "role": True}


async def asked_with(parts: WebParts, store: Store) -> httpx2.Response:
    async with asking(build(replace(parts, store=store))) as client:
        return await client.get("/listo")


async def test_not_ready_without_postgres(parts: WebParts, away: Store) -> None:
    answer = await asked_with(parts, away)

    assert answer.status_code == 503
    assert answer.json() == {"ok": False, "redis": True, "postgres": False, "role": False}


async def test_not_ready_as_a_role_that_sees_every_shop(parts: WebParts, superuser: Store) -> None:
    answer = await asked_with(parts, superuser)

    assert answer.status_code == 503
    assert answer.json() == {"ok": False, "redis": True, "postgres": True, "role": False}
