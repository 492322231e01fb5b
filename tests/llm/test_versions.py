"""Registered versions through the real SDKs: each by its own name, asked as it was registered."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from config.providers import GroqSettings, OllamaSettings, OpenAISettings
from llm.base import FixedPrompt, LanguageModel, Message, ModelMisconfigured, Request
from llm.providers import open_version
from tests.servers.models import ModelServer, model_server

KEY = SecretStr("sk-test")
ASK = Request(prompt=FixedPrompt((Message("user", "hola"),)))


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with model_server() as running:
        yield running


def opened(provider: str, url: str, **parameters: object) -> LanguageModel:
    return open_version(
        provider,
        "ft:tienda",
        parameters,
        groq=GroqSettings(key=KEY, base_url=url),
        openai=OpenAISettings(key=KEY, base_url=f"{url}/v1"),
        ollama=OllamaSettings(url=url),
    )


@pytest.mark.parametrize("provider", ["groq", "openai", "ollama"])
async def test_a_version_is_asked_by_its_name_and_as_it_was_registered(
    provider: str, server: ModelServer
) -> None:
    """What stands in the model itself, and where its files lie, is not asked with."""
    model = opened(provider, server.url, temperature=0.7, top_p=0.9, top_k=40, path="/models/a")
    completion = await model.complete(ASK)
    await model.close()

    assert (completion.provider, completion.model) == (provider, "ft:tienda")
    (body,) = server.asked
    assert (body["model"], body["temperature"], body["top_p"]) == ("ft:tienda", 0.7, 0.9)
    assert not {"top_k", "path"} & set(body)


@pytest.mark.parametrize("provider", ["groq", "openai", "ollama", "unheard of"])
def test_a_version_whose_provider_serves_nothing_here_is_misconfigured(provider: str) -> None:
    with pytest.raises(ModelMisconfigured, match="serves nothing here"):
        open_version(
            provider, "m", {}, groq=GroqSettings(), openai=OpenAISettings(), ollama=OllamaSettings()
        )


def test_the_model_without_a_network_can_be_a_version() -> None:
    assert opened("offline", "").name == "offline"
