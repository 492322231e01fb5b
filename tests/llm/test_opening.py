"""Which of the configured providers are asked, and in which order."""

from typing import Literal

from pydantic import SecretStr

from config.providers import GroqSettings, ModelSettings, OllamaSettings, OpenAISettings
from llm.chain import Chain
from llm.providers import open_models

KEY = SecretStr("sk-test")


def opened(
    *order: Literal["groq", "openai", "ollama", "offline"],
    groq: GroqSettings | None = None,
    openai: OpenAISettings | None = None,
    ollama: OllamaSettings | None = None,
) -> Chain:
    models = ModelSettings(order=order) if order else ModelSettings()
    return open_models(
        models,
        groq=groq or GroqSettings(),
        openai=openai or OpenAISettings(),
        ollama=ollama or OllamaSettings(),
    )


async def test_only_configured_providers_are_opened() -> None:
    assert names(opened()) == ["offline"]

    keyed = opened(
        "openai",
        "offline",
        "ollama",
        "groq",
        openai=OpenAISettings(key=KEY),
        ollama=OllamaSettings(url="127.0.0.1"),
        groq=GroqSettings(key=KEY),
    )
    assert names(keyed) == ["openai", "offline", "ollama", "groq"]
    await keyed.close()


async def test_a_provider_that_cannot_be_opened_is_left_out() -> None:
    assert names(opened(ollama=OllamaSettings(url="http://gpu:port"))) == ["offline"]


def names(chain: Chain) -> list[str]:
    return [link.model.name for link in chain.links]
