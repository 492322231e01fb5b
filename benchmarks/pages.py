"""How fast the pages of a shop with many messages are, beside the bare queries they rest on.

By itself: python -m benchmarks.pages 1000000
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from statistics import median
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx2
from pydantic import SecretStr

from benchmarks.filling import shop_named
from benchmarks.ground import Ground, ground
from benchmarks.load import Load
from benchmarks.million import fill
from bot.channels.web import WebChannel
from config.packs import load_pack
from events.contents import Composed
from events.happened import Happened
from handlers.payments import Payments
from handlers.word import Word
from knowledge.extraction import Reader
from knowledge.ingest import Ingest
from knowledge.search import Search
from learning.rollups import Rollups
from services.files import Files
from services.wire import Wire, connect
from store.session import Store, open_store
from web.app import WebParts, build
from web.pages.documents import Reading

MESSAGES: Final = 1_000_000
ASKED: Final = 60
WARM: Final = 5
KEY: Final = "a key of the benchmark"
ZONE: Final = ZoneInfo("America/Santiago")
PAGES: Final = (
    "/informes",
    "/informes?dias=7",
    "/informes?dias=90",
    "/informes?dias=365",
    "/informes?canal=web",
    "/informes/ventas.csv",
    "/admin/costos",
    "/admin/costos?por=cliente",
    "/admin/costos?por=modelo&dias=90&leidos=1&escritos=4",
    "/conversaciones",
    "/conversaciones?buscar=envio",
    "/hoy",
    "/ejemplos",
    "/ejemplos?venta=si",
    "/revisar",
    "/clientes",
    "/catalogo",
    "/pedidos",
)
"""What is there; whoever adds a page to the product adds it here."""
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
            "largest_bytes": max(rendered[path]["bytes"] for path in PAGES if ".csv" not in path),
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
    async with _seller(here, store, shop) as client:
        found: dict[str, Any] = {}
        for path in PAGES:

            async def ask(path: str = path) -> None:
                (await client.get(path)).raise_for_status()

            size = len((await client.get(path)).content)
            found[path] = await _timed(ask) | {"bytes": size}
        return found


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


@asynccontextmanager
async def _seller(here: Ground, store: Store, shop: UUID) -> AsyncIterator[httpx2.AsyncClient]:
    place = here.place("pages")
    wire, pack = Wire(connect(here.redis_url)), load_pack("ventas")
    channel = WebChannel(wire, shop, "web:main", place.prefix)
    async with place.stream() as stream:
        parts = WebParts(
            store=store, wire=wire, channel=channel, ingest=_nowhere, shop=shop, shop_name="Bench",
            key=SecretStr(KEY), pack=pack, word=Word(stream, _composed, 3600),
            payments=Payments(store, stream, pack, _composed), media=Files(here.folder / "media"),
            reading=Reading(Ingest(store, Reader()), _left), search=Search(store), ask=_unasked,
        )  # fmt: skip
        transport = httpx2.ASGITransport(build(parts))
        headers = {"Sec-Fetch-Site": "same-origin"}
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://127.0.0.1", headers=headers
        ) as client:
            await client.post("/entrar", data={"clave": KEY})
            yield client
    await wire.close()


async def _left(_document: UUID) -> None:
    """Nobody reads here."""


async def _unasked(_question: str) -> None:
    """Nobody answers here."""


async def _nowhere(_event: Happened) -> bool:
    return False


def _composed(_account: str, text: str) -> Composed:
    return Composed(parts=(text,))


async def main(messages: int) -> None:
    async with ground() as here:
        load = Load(lambda step: print(step, file=sys.stderr), stored=messages)
        json.dump(await pages(here, load), sys.stdout, indent=2)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES))
