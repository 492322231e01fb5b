"""The pages themselves tell a collector nothing: an address may hold an invitation."""

import httpx2
import pytest

from tests.servers.collector import collecting
from tests.web.conftest import served
from web.app import WebParts


async def test_no_address_leaves_by_telemetry_whatever_the_environment_asks_for(
    parts: WebParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
        async with served(parts) as base, httpx2.AsyncClient(base_url=base) as client:
            assert (await client.get("/salud?clave=geheim")).status_code == 200
    assert collector.calls == 0
