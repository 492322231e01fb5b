"""Which of OpenAI's models the settings name, which of them end, and when."""

from datetime import UTC, datetime
from typing import Final

import openai

from config.providers import OpenAISettings
from config.settings import Settings
from llm.base import ModelMisconfigured
from llm.chat import translated
from llm.hosted_embeddings import MODELS
from llm.openai import ERRORS, staying
from llm.senses import HEARING, SEEING, chosen

OPENAI: Final = "openai"
RETRIES: Final = 2


def named(settings: Settings) -> list[str]:
    """Who answers and judges, hears, sees and embeds, where that is a model of OpenAI."""
    media, knowledge = settings.media, settings.knowledge
    keys = media, settings.groq, settings.openai
    used = [
        settings.openai.model if OPENAI in settings.models.order else "",
        media.hearing_model or HEARING[OPENAI] if chosen(media.hearing, *keys) == OPENAI else "",
        media.seeing_model or SEEING[OPENAI] if chosen(media.seeing, *keys) == OPENAI else "",
        knowledge.model or MODELS[OPENAI][0] if knowledge.embeddings == OPENAI else "",
    ]
    return sorted({model for model in used if model})


async def endings(settings: OpenAISettings) -> dict[str, datetime]:
    """By model; those without an announced end are left out. Raises a ModelError."""
    if settings.key is None:
        raise ModelMisconfigured("openai has no key")
    key, timeout = settings.key.get_secret_value(), settings.timeout_s
    client = openai.AsyncOpenAI(
        api_key=key, base_url=settings.base_url, timeout=timeout, max_retries=RETRIES,
        http_client=staying(),
    )  # fmt: skip
    async with client:
        with translated(ERRORS):
            told = [(one.id, one.shutdown_date) async for one in client.models.list()]
    return {name: _moment(date) for name, date in told if date}


def _moment(date: str) -> datetime:
    """The beginning of a day that is told without an hour."""
    moment = datetime.fromisoformat(date)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
