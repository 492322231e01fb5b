"""The models of the settings, with the day's budget before those that cost money."""

from zoneinfo import ZoneInfo

from config.settings import Settings
from llm.base import LanguageModel
from llm.budget import Budgeted, Prices, Purse
from llm.providers import open_models
from services.clock import Clock
from services.wire import Wire


def models(settings: Settings, wire: Wire, clock: Clock) -> LanguageModel:
    knobs, zone = settings.budget, ZoneInfo(settings.hours.timezone)
    purse = Purse(wire, settings.redis.prefix, knobs, zone, clock)
    prices = Prices(knobs.prices, knobs.unknown_price)
    return open_models(
        settings.models,
        groq=settings.groq,
        openai=settings.openai,
        ollama=settings.ollama,
        paid=lambda model: Budgeted(model, purse, prices),
    )
