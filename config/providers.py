"""Who answers: the providers of models, and in which order they are asked."""

from typing import Literal, TypeAlias

from pydantic import Field, SecretStr

from config.manners import Section

Provider: TypeAlias = Literal["groq", "openai", "ollama", "offline"]


class GroqSettings(Section):
    key: SecretStr | None = None
    base_url: str | None = None
    model: str = "openai/gpt-oss-20b"
    timeout_s: float = 20.0


class OpenAISettings(Section):
    key: SecretStr | None = None
    base_url: str | None = None
    model: str = "gpt-6-luna"
    timeout_s: float = 20.0


class OllamaSettings(Section):
    url: str | None = None
    model: str = "llama3.2"
    timeout_s: float = 60.0


class ModelSettings(Section):
    """Providers are tried in this order; those without a key or address are left out. A prompt
    shows so many `examples` of what the shop answered well, or else those of its pack."""

    order: tuple[Provider, ...] = ("groq", "openai", "ollama", "offline")
    temperature: float = Field(default=0.3, ge=0, le=2)
    max_tokens: int = Field(default=500, ge=16)
    total_timeout_s: float = 45.0
    history_turns: int = Field(default=20, ge=0, le=100)
    prompt_tokens: int = Field(default=6000, ge=1000)
    examples: int = Field(default=3, ge=0, le=10)
