"""OpenAI, and whatever speaks its protocol at another address: Ollama, for one."""

from typing import Any, Final
from urllib.parse import urlsplit

import openai

from config.providers import OllamaSettings, OpenAISettings
from llm.base import ModelMisconfigured
from llm.chat import ChatModel, Errors

ERRORS: Final = Errors(
    base=openai.OpenAIError,
    api=openai.APIError,
    connection=openai.APIConnectionError,
    status=openai.APIStatusError,
)
OLLAMA_PORT: Final = 11434


def staying() -> openai.DefaultAsyncHttpxClient:
    """The SDK would follow a redirect with what customers said, to whoever it names."""
    return openai.DefaultAsyncHttpxClient(follow_redirects=False)


def open_openai(settings: OpenAISettings) -> ChatModel:
    if settings.key is None:
        raise ModelMisconfigured("openai has no key")
    client = _client(settings.key.get_secret_value(), settings.base_url, settings.timeout_s)
    return _chat("openai", settings.model, client, options={"reasoning_effort": "low"})


def open_ollama(settings: OllamaSettings) -> ChatModel:
    """Runs on a machine of ours, so it may read what was really said."""
    client = _client("ollama", ollama_url(settings.url or ""), settings.timeout_s)
    return _chat("ollama", settings.model, client, masked=False, limit_name="max_tokens")


def ollama_url(address: str) -> str:
    """From what OLLAMA_HOST may hold: `0.0.0.0`, `host:port` or an address."""
    parts = urlsplit(address if "//" in address else f"http://{address}")
    host = "127.0.0.1" if parts.hostname in {None, "0.0.0.0", "::"} else parts.hostname  # noqa: S104  read, not bound
    host = f"[{host}]" if host and ":" in host else host
    path = parts.path.rstrip("/").removesuffix("/v1")
    return f"{parts.scheme}://{host}:{parts.port or OLLAMA_PORT}{path}/v1"


def _client(key: str, base_url: str | None, timeout_s: float) -> openai.AsyncOpenAI:
    """Trying again is the chain's business, not the SDK's."""
    return openai.AsyncOpenAI(
        api_key=key, base_url=base_url, timeout=timeout_s, max_retries=0, http_client=staying()
    )


def _chat(name: str, model: str, client: openai.AsyncOpenAI, **extra: Any) -> ChatModel:  # noqa: ANN401  fields of ChatModel
    return ChatModel(
        name=name,
        model=model,
        create=client.chat.completions.create,
        closing=client.close,
        errors=ERRORS,
        **extra,
    )
