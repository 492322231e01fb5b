"""What was sent to one address is sent to no other, whatever the first one answers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import openai
import pytest
from aiohttp import web
from pydantic import SecretStr

from config.knowledge import KnowledgeSettings
from config.manners import MediaSettings
from config.providers import GroqSettings, OllamaSettings, OpenAISettings
from learning.trainers.openai import open_trainer
from llm.base import ModelError
from llm.ending import endings
from llm.hosted_embeddings import HostedEmbedder, open_embedder
from llm.senses import Hearing, Seeing, open_hearing, open_seeing

KEY = SecretStr("sk-test")
OWNERS = HostedEmbedder | Hearing | Seeing


@asynccontextmanager
async def listening(sends_to: str = "") -> AsyncIterator[tuple[str, list[str]]]:
    """Its address, and what was asked there."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        headers = {"Location": f"{sends_to}{request.path}"} if sends_to else {}
        return web.Response(status=307 if sends_to else 404, headers=headers)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", asked
    finally:
        await runner.cleanup()


def clients(url: str) -> list[openai.AsyncOpenAI]:
    """Of whatever sends files or texts to a provider, but for the models that answer."""
    ours, ollama = OpenAISettings(key=KEY, base_url=f"{url}/v1"), OllamaSettings(url=url)
    media = MediaSettings(hearing="openai", seeing="openai")
    hosted = [
        open_embedder(KnowledgeSettings(embeddings=one), ours, ollama)
        for one in ("openai", "ollama")
    ]
    senses = [
        opened(media, GroqSettings(), ours, lambda sense, _model: sense)
        for opened in (open_hearing, open_seeing)
    ]
    trainer = open_trainer("sk-test", f"{url}/v1", 1.0)
    found = [one.client for one in (*hosted, *senses) if isinstance(one, OWNERS)]
    assert len(found) == 4
    return [*found, trainer.client]


async def test_no_client_of_a_provider_follows_a_redirect() -> None:
    async with listening() as (there, dialled), listening(there) as (here, asked):
        for client in clients(here):
            async with client:
                with pytest.raises(openai.APIStatusError):
                    await client.post("/embeddings", cast_to=object, body={"input": "hola"})
        with pytest.raises(ModelError):
            await endings(OpenAISettings(key=KEY, base_url=f"{here}/v1"))
    assert len(asked) >= 6
    assert dialled == []
