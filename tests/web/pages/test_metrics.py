"""What the process has counted: for a collector on this machine, and for who may see the system."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID, uuid4

import httpx2
import pytest

from services.metrics import Meters
from services.spans import Tracer, spanned
from tests.web.conftest import HOME, KEY
from tests.web.roles import acting
from web.app import WebParts, build
from web.observed import Observed

REMOTE = ("203.0.113.9", 4000)


@asynccontextmanager
async def collector(
    parts: WebParts, client: tuple[str, int] = ("127.0.0.1", 4000)
) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(build(parts), client=client)
    async with httpx2.AsyncClient(transport=transport, base_url=HOME) as found:
        yield found


def counted(shop: UUID) -> Observed:
    """After one answer that a model gave, one that failed, and one call nobody believed."""
    observed = Observed(Tracer(), Meters(["precio"]))
    with observed.tracer.trail(shop, uuid4(), None).span("model", "client") as free:
        free.note(provider="groq", model="oss", intent="whatever", cost_micros=120)
    for attributes, error in (({"tokens_in": 900, "cost_micros": 120}, None), ({}, "Timeout")):
        trail = observed.tracer.trail(shop, uuid4(), uuid4())
        with trail.span("reply", "internal") as reply:
            reply.note(account="telegram:main")
            with spanned("model", "client") as model:
                model.note(provider="groq", model="oss", intent="precio", **attributes)
                if error is not None:
                    model.fail(error)
    with observed.tracer.trail(shop, uuid4(), None).span("webhook", "server") as refused:
        refused.note(account="whatsapp:", count=7)
        refused.fail("403")
    observed.meters.count(observed.tracer.take())
    return observed


async def test_what_was_done_is_counted_with_bounded_names(parts: WebParts) -> None:
    observed = counted(parts.shop)
    async with collector(replace(parts, observed=observed)) as here:
        text = (await here.get("/metrics")).text
    for line in (
        'bot_llm_calls_total{model="oss",provider="groq",status="ok"} 2.0',
        'bot_llm_calls_total{model="oss",provider="groq",status="Timeout"} 1.0',
        'bot_llm_tokens_total{kind="in",model="oss"} 900.0',
        'bot_llm_cost_usd_total{intent="precio",model="oss"} 0.00012',
        'bot_llm_cost_usd_total{intent="other",model="oss"} 0.00012',
        "bot_sse_clients 0.0",
        'bot_webhook_rejected_total{channel="whatsapp",why="403"} 7.0',
        'bot_turn_seconds_count{channel="telegram",stage="reply"} 2.0',
    ):
        assert line in text
    assert str(parts.shop) not in text


@pytest.mark.parametrize(
    ("client", "headers"),
    [
        (REMOTE, {}),
        (("127.0.0.1", 1), {"X-Forwarded-For": "203.0.113.9"}),
        (("127.0.0.1", 1), {"Forwarded": "for=203.0.113.9"}),
    ],
)
async def test_from_elsewhere_it_is_not_there(
    parts: WebParts, client: tuple[str, int], headers: dict[str, str]
) -> None:
    async with collector(parts, client) as away:
        assert (await away.get("/metrics", headers=headers)).status_code == 404


async def test_a_program_reads_it_by_its_key_from_anywhere(parts: WebParts) -> None:
    async with collector(parts, REMOTE) as away:
        assert (await away.get("/api/v1/metrics")).status_code == 401
        right = {"Authorization": f"Bearer {KEY}"}
        assert "bot_turns" in (await away.get("/api/v1/metrics", headers=right)).text
    async with acting(parts, "owner") as owner:
        assert (await owner.get("/api/v1/metrics")).status_code == 403


async def test_a_check_that_fails_or_hangs_says_which_it_was(parts: WebParts) -> None:
    async def fine() -> bool:
        return True

    async def wrong() -> bool:
        return False

    observed = Observed(checks={"migrations": fine, "stream": wrong})
    async with collector(replace(parts, observed=observed)) as here:
        answer = await here.get("/readyz")
        assert (await here.get("/livez")).json() == {"ok": True}
    assert answer.status_code == 503
    assert answer.json() == {
        "ok": False, "postgres": True, "redis": True, "role": True, "migrations": True,
        "stream": False,
    }  # fmt: skip


async def test_a_call_nobody_believes_is_told_to_who_watches(parts: WebParts) -> None:
    async with collector(parts) as network:
        await network.post("/telegram/nobody")
    (span,) = parts.observed.tracer.take()
    assert (span.name, span.ok, span.error) == ("webhook", False, "404")
    assert span.attributes == {"account": "telegram:"}
