"""Sends the spans of this process to an OpenTelemetry collector, where one is named: the one file
that speaks its SDK."""

import asyncio
import logging
import os
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from uuid import UUID

import structlog

from services.semantics import SERVICE, attributes, title
from services.spans import Kind, Span

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.export import SpanExportResult

log = structlog.get_logger()
Outlet: TypeAlias = Callable[[Iterable[Span]], None]
HOW: Final = "scripts/setup requirements-otel.txt"
PATH: Final = "/v1/traces"
EVERY_MS: Final = 1000
AT_ONCE: Final = 512
LAST_S: Final = 3.0
BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)


def quiet(_spans: Iterable[Span]) -> None:
    """Nobody asked for them."""


def missing() -> str:
    """Why nothing can be sent from here; empty where it can."""
    try:
        import_module("opentelemetry.sdk.trace.export")
        import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    except ImportError:
        return "the SDK of OpenTelemetry is not installed"
    return ""


@asynccontextmanager
async def outlet(url: str | None, limit: int) -> AsyncIterator[Outlet]:
    """What takes spans that ended; without `url` it does nothing and nothing is loaded. At most
    `limit` wait for a collector that is away, then the oldest are lost."""
    if url is None:
        yield quiet
        return
    if why := missing():
        log.error("telemetry.missing", reason=why, next=HOW)
        yield quiet
        return
    sending = _sending(url, limit)
    try:
        yield sending
    finally:
        await sending.close()


@dataclass(slots=True)
class Told:
    """An exporter of the SDK; when it begins to fail that is said once, and once when it ends."""

    inner: Any
    url: str
    heard: "Heard"
    away: bool = False

    def export(self, spans: "Sequence[ReadableSpan]") -> "SpanExportResult":
        result: SpanExportResult = self.inner.export(spans)
        away = result.name != "SUCCESS"
        if away and not self.away:
            log.warning("telemetry.away", url=self.url, reason=self.heard.last)
        elif self.away and not away:
            log.info("telemetry.back", url=self.url)
        self.away = away
        return result

    def shutdown(self) -> None:
        self.inner.shutdown()


class Heard(logging.Handler):
    """The SDK writes a line at each attempt; the last one is a reason, all of them are noise."""

    last: str = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.last = record.getMessage()


@dataclass(frozen=True, slots=True)
class Sending:
    """`make` turns a span of ours into one of the SDK's, `put` never waits."""

    make: Callable[[Span], "ReadableSpan"]
    put: "Callable[[ReadableSpan], None]"
    exporter: Told
    end: Callable[[], None]

    def __call__(self, spans: Iterable[Span]) -> None:
        for span in spans:
            self.put(self.make(span))

    async def close(self) -> None:
        """What waits is sent, as far as that takes a moment: a thread that hangs on a collector
        ends with the process."""
        ended: Future[None] = Future()
        ended.set_running_or_notify_cancel()

        def end() -> None:
            self.end()
            ended.set_result(None)

        threading.Thread(target=end, name="telemetry", daemon=True).start()
        try:
            await asyncio.wait_for(asyncio.wrap_future(ended), LAST_S)
        except TimeoutError:
            self.exporter.shutdown()


def _sending(url: str, limit: int) -> Sending:
    # Half a second to load, and only for who sends.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    heard = Heard()
    library = logging.getLogger("opentelemetry")
    library.handlers, library.propagate = [heard], False
    exporter = Told(OTLPSpanExporter(endpoint=url.rstrip("/") + PATH), url, heard)
    processor = BatchSpanProcessor(exporter, limit, EVERY_MS, min(AT_ONCE, limit))  # type: ignore[arg-type]
    return Sending(_maker(), processor.on_end, exporter, processor.shutdown)


def _maker() -> Callable[[Span], "ReadableSpan"]:
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import ReadableSpan  # noqa: PLC0415
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope  # noqa: PLC0415
    from opentelemetry.trace import (  # noqa: PLC0415
        SpanContext,
        SpanKind,
        Status,
        StatusCode,
        TraceFlags,
    )

    named = os.environ.get("OTEL_SERVICE_NAME") or SERVICE
    resource = Resource.create({"service.name": named})
    scope = InstrumentationScope(SERVICE)
    kinds: dict[Kind, SpanKind] = {
        "server": SpanKind.SERVER,
        "consumer": SpanKind.CONSUMER,
        "internal": SpanKind.INTERNAL,
        "client": SpanKind.CLIENT,
        "producer": SpanKind.PRODUCER,
    }

    def context(span: Span, one: UUID) -> SpanContext:
        """The request's id is the trace's; a span has the last half of its own."""
        last = one.int & (1 << 64) - 1
        flags = TraceFlags(TraceFlags.SAMPLED)
        return SpanContext(span.trail.request.int, last, is_remote=False, trace_flags=flags)

    def make(span: Span) -> ReadableSpan:
        begun = (span.started_at - BEGINNING) // timedelta(microseconds=1) * 1000
        return ReadableSpan(
            title(span),
            context(span, span.id),
            None if span.parent is None else context(span, span.parent),
            resource,
            attributes(span),
            kind=kinds[span.kind],
            status=Status(StatusCode.UNSET if span.ok else StatusCode.ERROR),
            start_time=begun,
            end_time=begun + span.duration_us * 1000,
            instrumentation_scope=scope,
        )

    return make
