"""How fast the pages of a shop with many messages are, beside the bare queries they rest on.

By itself: python -m benchmarks.pages 1000000
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from http import HTTPStatus
from statistics import median
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import FastAPI

from benchmarks.desk import desk
from benchmarks.filling import shop_named
from benchmarks.ground import Ground, ground
from benchmarks.load import Load
from benchmarks.million import fill, settle
from learning.rollups import Rollups
from store.session import Store, open_store

MESSAGES: Final = 1_000_000
ASKED: Final = 60
WARM: Final = 5
TALK: Final = "c0000000-0000-4000-8000-000000000001"
ANSWER: Final = "e0000000-0000-4000-8000-000000000009"
ZONE: Final = ZoneInfo("America/Santiago")
PAGES: Final = (
    "/informes?dias=7",
    "/informes?dias=90",
    "/informes?dias=365",
    "/informes?canal=web",
    "/informes/ventas.csv",
    "/admin/costos?por=cliente",
    "/admin/costos?por=modelo&dias=90&leidos=1&escritos=4",
    "/admin/calidad?conjunto=vivo",
    "/conversaciones?buscar=envio",
    "/conversaciones?buscar=polera",
    "/conversaciones?buscar=77777",
    "/ejemplos?venta=si",
    f"/conversaciones/{TALK}",
    f"/clientes/{TALK}",
    f"/ejemplos/{ANSWER}",
    f"/conversaciones/{TALK}/respuestas/{ANSWER}/porque",
    f"/conversaciones/{TALK}/respuestas/{ANSWER}/mejorar",
    f"/admin/trazas/{ANSWER}",
)
"""Beside every page whose address stands by itself: filters, and the pages of one thing."""
FILES: Final = (".csv", ".json", ".jsonl", ".md", ".svg")
NO_PAGES: Final = frozenset({
    "/", "/admin/alertas/campana", "/admin/modelos/comparar", "/chat/stream", "/filas", "/listo",
    "/livez", "/metrics", "/mis-datos", "/readyz", "/salud", "/vivo",
})  # fmt: skip
"""Answers to programs, streams, what leads elsewhere, and what says nothing of nobody."""
BARE: Final = """
SELECT sum(replies), sum(paid_led_sum) FROM analytics.hour_fact
WHERE shop_id = $1 AND hour >= now() - interval '30 days'
"""
RAW: Final = """
SELECT count(*), sum(cost_micros), percentile_cont(0.95) WITHIN GROUP (ORDER BY latency_ms)
FROM app.event_log WHERE shop_id = $1 AND created_at >= now() - interval '30 days'
"""
"""The same thirty days without roll-ups, and only one of the numbers of a report."""


async def pages(here: Ground, load: Load) -> dict[str, Any]:
    store = open_store(here.database_url, role="pipeline", pool=4)
    try:
        shop = await shop_named(store, "pages")
        begun = time.perf_counter()
        load.told("writing messages")
        await fill(here.database_url, shop, load.stored)
        filled = time.perf_counter()
        days = await Rollups(store, shop, ZONE).refresh(datetime.now(UTC))
        counted = time.perf_counter()
        await Rollups(store, shop, ZONE).refresh(datetime.now(UTC))
        again = time.perf_counter()
        await settle(here.database_url)
        load.told("asking for pages")
        rendered = await _rendered(here, store, shop)
        return {
            "messages": load.stored,
            "filled_s": round(filled - begun, 1),
            "rollups": {
                "days": len(days),
                "first_s": round(counted - filled, 2),
                "today_s": round(again - counted, 3),
            },
            "floor": await _bare(store, shop),
            "slowest_p95_ms": max(one["p95_ms"] for one in rendered.values()),
            "largest_bytes": max(
                one["bytes"] for path, one in rendered.items() if ".csv" not in path
            ),
            "pages": rendered,
        }
    finally:
        await store.close()


async def _bare(store: Store, shop: UUID) -> dict[str, Any]:
    async with store.lookup() as connection:

        async def rolled() -> None:
            await connection.fetchrow(BARE, shop)

        async def raw() -> None:
            await connection.fetchrow(RAW, shop)

        return {"rolled_up": await _timed(rolled), "without_roll_ups": await _timed(raw, 10)}


async def _rendered(here: Ground, store: Store, shop: UUID) -> dict[str, Any]:
    async with desk(here, store, shop) as (client, app):
        found: dict[str, Any] = {}
        for path in (*_plain(app), *PAGES):

            async def ask(path: str = path) -> None:
                (await client.get(path)).raise_for_status()

            first = await client.get(path)
            if first.status_code == HTTPStatus.OK:
                found[path] = await _timed(ask) | {"bytes": len(first.content)}
        return found


def _plain(app: FastAPI) -> list[str]:
    """Pages whose address stands by itself; those of another trade's shops, and what leads
    elsewhere, are not asked for again."""
    return sorted(
        path
        for method, path in app.state.needs
        if method == "GET"
        and "{" not in path
        and not path.startswith("/api/")
        and not path.endswith(FILES)
        and path not in NO_PAGES
    )


async def _timed(ask: Callable[[], Awaitable[None]], times: int = ASKED) -> dict[str, float]:
    """Milliseconds of one after the other, as one process answers them."""
    for _ in range(WARM):
        await ask()
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        await ask()
        taken.append((time.perf_counter() - begun) * 1000)
    taken.sort()
    return {"p50_ms": round(median(taken), 2), "p95_ms": round(taken[int(times * 0.95) - 1], 2)}


async def main(messages: int) -> None:
    async with ground() as here:
        load = Load(lambda step: print(step, file=sys.stderr), stored=messages)
        json.dump(await pages(here, load), sys.stdout, indent=2)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES))
