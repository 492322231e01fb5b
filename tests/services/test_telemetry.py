"""What a collector of OpenTelemetry is told, and that one who is away troubles nobody."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from structlog.testing import capture_logs

from services.semantics import NAMED
from services.spans import Span, Tracer, spanned
from services.telemetry import LAST_S, Outlet, Sending, outlet, quiet
from tests.fixtures.bots import until
from tests.servers.collector import Collector, collecting, values

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SHOP, REQUEST, CHAT = uuid4(), uuid4(), uuid4()
NOWHERE = "http://127.0.0.1:1"
MODEL = "chat openai/gpt-oss-20b"


def answered(request: UUID = REQUEST) -> Sequence[Span]:
    """The steps of one reply, as they end."""
    tracer = Tracer(clock=lambda: NOW)
    trail = tracer.trail(SHOP, request, CHAT, "telegram:main")
    with trail.span("reply", "internal") as reply:
        reply.note(account="telegram:main", outcome="drafted", said="quiero la mochila azul")
        with spanned("model", "client") as model:
            model.note(provider="groq", model="openai/gpt-oss-20b", tokens_in=412, tokens_out=38)
    with trail.span("send", "producer") as sent:
        sent.fail("failed")
    return tracer.take()


async def told(collector: Collector, spans: Sequence[Span]) -> dict[str, Any]:
    """By their names, once the collector has them."""
    async with outlet(f"{collector.url}/", 1000) as put:
        put(spans)
    return {one.name: one for one in collector.spans()}


async def arrived(collector: Collector, put: Outlet, request: UUID) -> bool:
    put(answered(request))
    return any(one.trace_id == request.bytes for one in collector.spans())


async def test_a_reply_is_one_trace_under_the_name_of_its_request() -> None:
    async with collecting() as collector:
        found = await told(collector, answered())
    assert found.keys() == {"reply", MODEL, "send telegram"}
    assert {one.trace_id for one in found.values()} == {REQUEST.bytes}
    assert found[MODEL].parent_span_id == found["reply"].span_id
    assert found["reply"].parent_span_id == b""
    kinds = [found[name].kind for name in ("reply", MODEL, "send telegram")]
    assert kinds == [1, 3, 4], "internal, client, producer"
    assert [found[name].status.code for name in ("reply", "send telegram")] == [0, 2]


async def test_a_step_takes_as_long_there_as_here() -> None:
    spans = answered()
    async with collecting() as collector:
        found = await told(collector, spans)
    (model,) = (one for one in spans if one.name == "model")
    sent = found[MODEL]
    assert sent.end_time_unix_nano - sent.start_time_unix_nano == model.duration_us * 1000
    begun = datetime.fromtimestamp(sent.start_time_unix_nano / 1e9, UTC)
    assert abs((begun - model.started_at).total_seconds()) < 1e-5


async def test_a_model_is_called_as_the_conventions_have_it() -> None:
    async with collecting() as collector:
        found = await told(collector, answered())
    assert values(found[MODEL]) == {
        "aprendiz.stage": "model",
        "aprendiz.request.id": str(REQUEST),
        "aprendiz.shop.id": str(SHOP),
        "aprendiz.account": "telegram:main",
        "gen_ai.conversation.id": str(CHAT),
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "groq",
        "gen_ai.request.model": "openai/gpt-oss-20b",
        "gen_ai.usage.input_tokens": 412,
        "gen_ai.usage.output_tokens": 38,
    }
    assert values(found["send telegram"])["error.type"] == "failed"


async def test_what_has_no_name_there_does_not_leave() -> None:
    """A plugin may note what it likes."""
    async with collecting() as collector:
        await told(collector, answered())
    assert "said" not in NAMED
    assert collector.bodies
    assert not any(b"mochila" in body for body in collector.bodies)


async def test_the_usual_variables_are_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-tenant=tienda")
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=pruebas")
    async with collecting() as collector:
        await told(collector, answered())
        resource = collector.resources()[0]
        assert resource["deployment.environment.name"] == "pruebas"
        assert resource["service.name"] == "aprendiz"
        assert collector.headers["x-tenant"] == "tienda"
    monkeypatch.setenv("OTEL_SERVICE_NAME", "bot-2")
    async with collecting() as collector:
        await told(collector, answered())
        assert collector.resources()[0]["service.name"] == "bot-2"


async def test_a_collector_that_is_away_takes_nothing_with_it_and_is_told_of_once() -> None:
    began = time.monotonic()
    with capture_logs() as lines:
        async with outlet(NOWHERE, 100) as put:
            for _ in range(1000):
                put(answered())
            waited = time.monotonic() - began
            assert isinstance(put, Sending)
    assert waited < LAST_S, "nobody waits for a collector"
    assert time.monotonic() - began < waited + LAST_S + 30
    assert len(told_of(lines, "telemetry.away", NOWHERE)) <= 1


async def test_a_collector_that_hangs_does_not_keep_the_bot_from_ending() -> None:
    async with collecting() as collector:
        collector.slow_s = 300.0
        async with outlet(collector.url, 100) as put:
            put(answered())
            began = time.monotonic()
        assert time.monotonic() - began < LAST_S + 25


async def test_it_goes_on_when_the_collector_is_back() -> None:
    later = uuid4()
    async with collecting() as collector:
        collector.status = 401
        with capture_logs() as lines:
            async with outlet(collector.url, 1000) as put:
                put(answered())
                await until(lambda: said(lines, "telemetry.away", collector.url))
                collector.status = 200
                await until(lambda: arrived(collector, put, later))
                await until(lambda: said(lines, "telemetry.back", collector.url))
    (away,) = told_of(lines, "telemetry.away", collector.url)
    assert "401" in away["reason"]


async def said(lines: Sequence[Any], event: str, url: str) -> bool:
    return bool(told_of(lines, event, url))


def told_of(lines: Sequence[Any], event: str, url: str) -> list[Any]:
    """Who was left hanging by another test may only now tell that its collector is away."""
    return [line for line in lines if (line["event"], line.get("url")) == (event, url)]


async def test_without_a_collector_it_is_nothing() -> None:
    async with outlet(None, 1000) as put:
        assert put is quiet
        put(answered())


def test_who_names_no_collector_loads_nothing_of_it() -> None:
    """But what the Redis library looks for by itself, where it is installed."""
    asked = (
        "import json, sys; import app.running, app.pages;"
        "print(json.dumps([one for one in sys.modules if one.startswith(('opentelemetry.exporter',"
        " 'opentelemetry.proto', 'opentelemetry.sdk.trace'))]))"
    )
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, check=True)
    assert json.loads(done.stdout) == []
