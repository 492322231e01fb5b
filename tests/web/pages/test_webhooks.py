"""Where a network posts its updates."""

from dataclasses import replace

import httpx2
import pytest

from tests.web.conftest import HOME
from web.app import WebParts, build


async def test_the_handler_gets_the_raw_body_and_the_secret(parts: WebParts) -> None:
    heard: list[tuple[bytes, str | None]] = []

    async def handle(body: bytes, secret: str | None) -> int:
        heard.append((body, secret))
        return 403 if secret is None else 200

    app = build(replace(parts, webhooks={"a1b2": handle}))
    body = '{"text": "ma\\u00f1ana 😊"}'.encode()
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=HOME) as network:
        statuses = [
            (await network.post("/telegram/a1b2", content=body, headers=headers)).status_code
            for headers in ({"X-Telegram-Bot-Api-Secret-Token": "s"}, {})
        ]
        elsewhere = await network.post("/telegram/otra", content=body)

    assert heard == [(body, "s"), (body, None)]
    assert statuses == [200, 403]
    assert elsewhere.status_code == 404


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_without_a_handler_there_is_no_webhook(
    visitor: httpx2.AsyncClient, method: str
) -> None:
    assert (await visitor.request(method, "/telegram/a1b2")).status_code == 404
