"""A collector of OpenTelemetry: takes spans by OTLP over HTTP, as protobuf, and keeps them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.servers.pages import mounted

PATH = "/v1/traces"


@dataclass
class Collector:
    """`status` is how it answers, after `slow_s`; only what it took with 200 is kept."""

    url: str = ""
    status: int = 200
    slow_s: float = 0.0
    calls: int = 0
    bodies: list[bytes] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    async def take(self, request: web.Request) -> web.Response:
        self.calls += 1
        self.headers = dict(request.headers)
        body = await request.read()
        await asyncio.sleep(self.slow_s)
        if self.status == web.HTTPOk.status_code:
            self.bodies.append(body)
        return web.Response(status=self.status)

    def resources(self) -> list[dict[str, Any]]:
        return [values(one.resource) for body in self.bodies for one in read(body).resource_spans]

    def spans(self) -> list[Any]:
        return [
            span
            for body in self.bodies
            for resource in read(body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


def read(body: bytes) -> ExportTraceServiceRequest:
    found = ExportTraceServiceRequest()
    found.ParseFromString(body)
    return found


def values(what: Any) -> dict[str, Any]:  # noqa: ANN401  a span or a resource
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in what.attributes}


@asynccontextmanager
async def collecting() -> AsyncIterator[Collector]:
    async with mounted() as (base, routes):
        found = Collector(base)
        routes[PATH] = found.take
        yield found
