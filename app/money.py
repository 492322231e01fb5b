"""Puts the day's budget before the models that cost money."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from config.settings import Settings
from llm.base import LanguageModel
from llm.budget import Budgeted, Prices, Purse
from services.clock import Clock
from services.wire import Wire


def paid(settings: Settings, wire: Wire, clock: Clock) -> Callable[[LanguageModel], LanguageModel]:
    knobs, zone = settings.budget, ZoneInfo(settings.hours.timezone)
    purse = Purse(wire, settings.redis.prefix, knobs, zone, clock)
    prices = Prices(knobs.prices, knobs.unknown_price)
    return lambda model: Budgeted(model, purse, prices)
