"""A chat completions API on this machine, which can fail in every way the real ones do."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Turned:
    """How one request ends; `hang_s` passes first and `gate` opens, and `cut` breaks the connection
    instead."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    hang_s: float = 0.0
    gate: asyncio.Event | None = None
    cut: bool = False


def says(text: str | None, *, model: str = "test-1", finish: str = "stop") -> Turned:
    return Turned(
        body=json.dumps(
            {
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "created": 1,
                "model": model,
                "choices": [
                    {
                        "index": 0,
                        "finish_reason": finish,
                        "message": {"role": "assistant", "content": text},
                    }
                ],
                "usage": {"prompt_tokens": 21, "completion_tokens": 9, "total_tokens": 30},
            }
        ).encode()
    )


def refuses(
    status: int, code: str | None = None, *, message: str = "no", headers: Mapping[str, str] = {}
) -> Turned:
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
    return Turned(status, json.dumps({"error": error}).encode(), headers)


def garbage(body: bytes = b"{not json", *, status: int = 200) -> Turned:
    return Turned(status, body)


@dataclass
class ModelServer:
    """Answers in the order of `turns`, the last one for ever; `asked` holds what came in."""

    url: str
    turns: deque[Turned]
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def will(self, *turns: Turned) -> None:
        self.turns = deque(turns)

    async def complete(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(await request.json())
        self.keys.append(request.headers.get("Authorization", ""))
        turned = self.turns.popleft() if len(self.turns) > 1 else self.turns[0]
        await asyncio.sleep(turned.hang_s)
        if turned.gate is not None:
            await turned.gate.wait()
        if turned.cut:
            assert request.transport is not None
            request.transport.close()
        headers = {"Content-Type": "application/json", **turned.headers}
        return web.Response(status=turned.status, body=turned.body, headers=headers)


@asynccontextmanager
async def model_server() -> AsyncIterator[ModelServer]:
    server = ModelServer("", deque([says("hola")]))
    app = web.Application()
    app.router.add_post("/{prefix:.*}/chat/completions", server.complete)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    server.url = f"http://{host}:{port}"
    try:
        yield server
    finally:
        await runner.cleanup()
