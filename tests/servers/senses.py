"""A server that hears and sees, by OpenAI's protocol: a file's contents say what is in it."""

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.servers.pages import mounted

SPOKEN = b"spoken: "


@dataclass
class Senses:
    """`words` maps a file to what is heard or seen in it; `plain` models refuse verbose answers,
    all of them refuse what is `broken`. `lasts` is how long each recording is; `usage` is told
    where it is given."""

    words: dict[bytes, str] = field(default_factory=dict)
    sure: float = -0.1
    slow_s: float = 0.0
    failing: int = 0
    plain: bool = False
    broken: frozenset[bytes] = frozenset()
    lasts: float = 1.0
    usage: dict[str, object] | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    async def hear(self, request: web.Request) -> web.Response:
        form = await request.post()
        upload: Any = form["file"]
        with upload.file as sent:
            data = sent.read()
        self.asked.append({name: str(value) for name, value in form.items() if name != "file"})
        await asyncio.sleep(self.slow_s)
        if self.failing:
            self.failing -= 1
            return web.json_response({"error": {"message": "busy"}}, status=503)
        if data in self.broken:
            return web.json_response({"error": {"message": "no audio at all"}}, status=400)
        if self.plain and form.get("response_format") == "verbose_json":
            said = {"message": "response_format verbose_json is not supported"}
            return web.json_response({"error": said}, status=400)
        answer: dict[str, object] = {"text": self.words.get(data, _spoken(data))}
        if form.get("response_format") == "verbose_json":
            segment = {"id": 0, "seek": 0, "start": 0.0, "end": 1.0, "text": "", "tokens": []}
            numbers = {"temperature": 0.0, "compression_ratio": 1.0, "no_speech_prob": 0.01}
            answer |= {"language": "spanish", "duration": self.lasts}
            answer["segments"] = [segment | numbers | {"avg_logprob": self.sure}]
        return web.json_response(answer | ({"usage": self.usage} if self.usage else {}))

    async def see(self, request: web.Request) -> web.Response:
        body = await request.json()
        picture = body["messages"][0]["content"][1]["image_url"]["url"]
        said = self.words.get(b64decode(picture.partition(",")[2]), "")
        choice = {"index": 0, "message": {"role": "assistant", "content": said}}
        answer = {"id": "1", "model": body["model"], "choices": [choice]}
        return web.json_response(answer | ({"usage": self.usage} if self.usage else {}))


def _spoken(data: bytes) -> str:
    """What a recording says that nobody wrote down before."""
    return data.removeprefix(SPOKEN).decode() if data.startswith(SPOKEN) else ""


@asynccontextmanager
async def senses() -> AsyncIterator[Senses]:
    server = Senses()
    async with mounted() as (base, routes):
        routes["/v1/audio/transcriptions"] = server.hear
        routes["/v1/chat/completions"] = server.see
        server.url = f"{base}/v1"
        yield server
