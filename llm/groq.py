"""Groq, through its own SDK."""

from typing import Final

import groq

from config.providers import GroqSettings
from llm.base import ModelMisconfigured
from llm.chat import ChatModel, Errors

ERRORS: Final = Errors(
    base=groq.GroqError,
    api=groq.APIError,
    connection=groq.APIConnectionError,
    status=groq.APIStatusError,
)


def open_groq(settings: GroqSettings) -> ChatModel:
    if settings.key is None:
        raise ModelMisconfigured("groq has no key")
    client = groq.AsyncGroq(
        api_key=settings.key.get_secret_value(),
        base_url=settings.base_url,
        timeout=settings.timeout_s,
        max_retries=0,
        http_client=groq.DefaultAsyncHttpxClient(follow_redirects=False),
    )
    return ChatModel(
        name="groq",
        model=settings.model,
        create=client.chat.completions.create,
        closing=client.close,
        errors=ERRORS,
        options={"reasoning_effort": "low"},
    )
