"""The models of the settings, with the day's budget before those that cost money."""

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from config.settings import Settings
from learning.caps import Caps
from learning.router import Opener
from llm.base import LanguageModel, Sense
from llm.budget import Budgeted, PaidSense, Prices, Purse
from llm.chain import Chain
from llm.offline import OFFLINE
from llm.providers import PAID, open_models, open_version
from services.clock import Clock
from services.wire import Wire
from store.session import Store


def purse_of(settings: Settings, store: Store, wire: Wire, clock: Clock) -> Purse:
    """The shop's days, bounded as its owner chose."""
    knobs, zone = settings.budget, ZoneInfo(settings.hours.timezone)
    return Purse(wire, settings.redis.prefix, knobs, zone, clock, Caps(store, knobs).of)


def models(settings: Settings, purse: Purse, parameters: Mapping[str, Any] = {}) -> Chain:
    """`parameters` are how all of them are asked."""
    prices = _prices(purse)
    return open_models(
        settings.models,
        groq=settings.groq,
        openai=settings.openai,
        ollama=settings.ollama,
        paid=lambda model: Budgeted(model, purse, prices),
        parameters=parameters,
    )


def opener(settings: Settings, purse: Purse) -> Opener:
    """Opens the models of registered versions, with the same budget before them."""
    prices = _prices(purse)

    def opened(provider: str, model: str, parameters: Mapping[str, Any]) -> LanguageModel:
        found = open_version(
            provider,
            model,
            parameters,
            groq=settings.groq,
            openai=settings.openai,
            ollama=settings.ollama,
        )
        return Budgeted(found, purse, prices) if provider in PAID else found

    return opened


def paid_senses(
    settings: Settings, store: Store, wire: Wire, clock: Clock
) -> Callable[[Sense, str], Sense]:
    """What puts the day's budget before hosted ears and eyes."""
    purse = purse_of(settings, store, wire, clock)
    prices = _prices(purse)
    return lambda sense, model: PaidSense(sense, model, purse, prices)


def _prices(purse: Purse) -> Prices:
    return Prices(purse.knobs.prices, purse.knobs.unknown_price)


def prompted(settings: Settings) -> bool:
    """Whether a model that reads prompts may answer: without one, nothing is looked up for them."""
    return any(name != OFFLINE and served(settings, name) for name in settings.models.order)


def served(settings: Settings, name: str) -> bool:
    """Whether a provider has its key, or its address."""
    places = {
        "groq": settings.groq.key,
        "openai": settings.openai.key,
        "ollama": settings.ollama.url,
    }
    return name == OFFLINE or bool(places.get(name))
