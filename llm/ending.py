"""Which of OpenAI's models end, and when."""

from datetime import UTC, datetime
from typing import Final

import openai

from config.providers import OpenAISettings
from llm.base import ModelMisconfigured
from llm.chat import translated
from llm.openai import ERRORS

RETRIES: Final = 2


async def endings(settings: OpenAISettings) -> dict[str, datetime]:
    """By model; those without an announced end are left out. Raises a ModelError."""
    if settings.key is None:
        raise ModelMisconfigured("openai has no key")
    key, timeout = settings.key.get_secret_value(), settings.timeout_s
    client = openai.AsyncOpenAI(
        api_key=key, base_url=settings.base_url, timeout=timeout, max_retries=RETRIES
    )
    async with client:
        with translated(ERRORS):
            told = [(one.id, one.shutdown_date) async for one in client.models.list()]
    return {name: _moment(date) for name, date in told if date}


def _moment(date: str) -> datetime:
    """The beginning of a day that is told without an hour."""
    moment = datetime.fromisoformat(date)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
