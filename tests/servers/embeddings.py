"""An embeddings API on this machine, as OpenAI and Ollama speak it, which can fail like them."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from llm.embeddings import hashed
from tests.servers.models import Turned


@dataclass
class EmbeddingServer:
    """Vectors of `dim` numbers; what waits in `turns` is said instead. `asked` holds what came."""

    url: str
    dim: int = 1024
    backwards: bool = False
    turns: deque[Turned] = field(default_factory=deque)
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        return [text for one in self.asked for text in one["input"]]

    async def embed(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        self.asked.append(asked)
        self.keys.append(request.headers.get("Authorization", ""))
        if self.turns:
            turned = self.turns.popleft()
            await asyncio.sleep(turned.hang_s)
            return web.Response(
                status=turned.status, body=turned.body, headers={"Content-Type": "application/json"}
            )
        rows = [
            {"object": "embedding", "index": place, "embedding": self._vector(text)}
            for place, text in enumerate(asked["input"])
        ]
        told = {
            "object": "list",
            "data": rows[::-1] if self.backwards else rows,
            "model": asked["model"],
            "usage": {"prompt_tokens": 1, "total_tokens": 1},
        }
        return web.Response(body=json.dumps(told), content_type="application/json")

    def _vector(self, text: str) -> list[float]:
        """Five times as long as it should be: models differ in that."""
        return [5 * float(value) + 1e-6 for value in hashed(text)[: self.dim]]


@asynccontextmanager
async def embedding_server() -> AsyncIterator[EmbeddingServer]:
    server = EmbeddingServer("")
    app = web.Application()
    app.router.add_post("/{prefix:.*}/embeddings", server.embed)
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
