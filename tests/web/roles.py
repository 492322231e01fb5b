"""What somebody of a role sees, and the steps of one answered message."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID, uuid4, uuid5

import httpx2

from tests.web.conftest import asking
from tests.web.staff import let_in, person
from web.app import WebParts, build
from web.sessions import PLAIN


@asynccontextmanager
async def acting(parts: WebParts, role: str) -> AsyncIterator[httpx2.AsyncClient]:
    """The browser of a new person with this role."""
    async with asking(build(parts)) as client:
        one = await person(parts, role, email=f"{uuid4().hex}@tienda.cl")
        client.cookies.set(PLAIN, await let_in(parts, one))
        yield client


def steps(shop: UUID, request: UUID, conversation: UUID, at: datetime) -> list[tuple[object, ...]]:
    """Rows of one answered message, as the bot leaves them."""
    reply = uuid5(request, "reply")
    told = [
        ("receive", "server", 0, 6_200, None, "{}"),
        ("queue", "consumer", 6, 4_100, None, "{}"),
        ("reply", "internal", 1970, 812_000, None,
         '{"account": "telegram:main", "intent": "consulta_precio", "outcome": "drafted"}'),
        ("understand", "internal", 1971, 3_400, reply,
         '{"intent": "consulta_precio", "confidence": 0.94}'),
        ("search", "internal", 1975, 21_000, reply, '{"hits": 5, "answering": 2}'),
        ("model", "client", 1998, 770_000, reply,
         '{"provider": "groq", "model": "gpt-oss-20b", "tokens_in": 912, "cost_micros": 118}'),
        ("verify", "internal", 2770, 9_000, reply, '{"verdict": "ok"}'),
        ("send", "producer", 2790, 143_000, None,
         '{"account": "telegram:main", "outcome": "sent", "waited_ms": 4}'),
    ]  # fmt: skip
    return [
        (
            shop, request, reply if name == "reply" else uuid5(request, name), parent,
            conversation, name, kind, at + timedelta(milliseconds=after), took, True, None, notes,
        )
        for name, kind, after, took, parent, notes in told
    ]  # fmt: skip
