"""Whether anybody here can ask a version: looked at before an evaluation or a rollout spends a try.

It is the server itself that is asked: what is on it another person may have taken away.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from config.settings import Settings
from learning.ollama import Ollama, ServerUnavailable, open_server
from learning.rollout import Refused
from llm.offline import OFFLINE
from store.versions import ModelVersion

OLLAMA: Final = "ollama"
LOOK_S: Final = 8.0


class Unanswerable(Refused):
    """No server has the version, or nobody gave the key of its provider."""

    next = "main.py models deploy NAME, or look at the provider's section of the settings"


async def answerable(settings: Settings, version: ModelVersion) -> None:
    """Raises Unanswerable."""
    if why := await missing(settings, version.provider, version.model):
        raise Unanswerable(f"{version.name} cannot answer", why)


async def missing(settings: Settings, provider: str, model: str) -> str:
    """What keeps a model from answering; nothing where it can."""
    keys = {"groq": settings.groq.key, "openai": settings.openai.key}
    if provider in keys:
        return "" if keys[provider] else f"{provider} has no key"
    if provider == OFFLINE:
        return ""
    if provider != OLLAMA:
        return f"no provider is called {provider!r}"
    return await _absent(settings, model)


async def _absent(settings: Settings, model: str) -> str:
    if settings.ollama.url is None:
        return "no Ollama server is configured"
    async with server_of(settings) as server:
        try:
            async with asyncio.timeout(LOOK_S):
                there = await server.has(model)
        except (ServerUnavailable, TimeoutError):
            return f"Ollama at {server.url} does not answer"
    return "" if there else f"Ollama at {server.url} has no model {model}"


@asynccontextmanager
async def server_of(settings: Settings) -> AsyncIterator[Ollama]:
    """The server of the settings; where none is named, the one of this machine."""
    from llm.openai import ollama_url  # noqa: PLC0415  half a second of imports

    server = open_server(ollama_url(settings.ollama.url or "").removesuffix("/v1"))
    try:
        yield server
    finally:
        await server.close()
