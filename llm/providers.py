"""Opens the configured providers in their order; an SDK is imported only when it will be used."""

from collections.abc import Callable, Mapping

import structlog

from config.settings import GroqSettings, ModelSettings, OllamaSettings, OpenAISettings
from llm.base import LanguageModel, ModelMisconfigured
from llm.chain import Chain, chain_of
from llm.offline import OfflineModel

log = structlog.get_logger()
PAID = frozenset({"groq", "openai"})


def open_models(
    models: ModelSettings,
    *,
    groq: GroqSettings,
    openai: OpenAISettings,
    ollama: OllamaSettings,
    paid: Callable[[LanguageModel], LanguageModel] = lambda model: model,
) -> Chain:
    """Those without a key or an address are left out; a broken one is named and left out. `paid`
    stands before every model that costs money."""
    openers: Mapping[str, Callable[[], LanguageModel | None]] = {
        "groq": lambda: _groq(groq),
        "openai": lambda: _openai(openai),
        "ollama": lambda: _ollama(ollama),
        "offline": OfflineModel,
    }
    opened: list[LanguageModel] = []
    for name in models.order:
        try:
            model = openers[name]()
        except (ModelMisconfigured, ValueError) as error:
            log.warning("model.out", provider=name, reason=str(error), next=f"check [{name}]")
        else:
            if model is not None:
                opened.append(paid(model) if name in PAID else model)
    return chain_of(*opened, total_timeout_s=models.total_timeout_s)


def _groq(settings: GroqSettings) -> LanguageModel | None:
    if settings.key is None:
        return None
    from llm.groq import open_groq  # noqa: PLC0415  half a second of imports

    return open_groq(settings)


def _openai(settings: OpenAISettings) -> LanguageModel | None:
    if settings.key is None:
        return None
    from llm.openai import open_openai  # noqa: PLC0415  half a second of imports

    return open_openai(settings)


def _ollama(settings: OllamaSettings) -> LanguageModel | None:
    if settings.url is None:
        return None
    from llm.openai import open_ollama  # noqa: PLC0415  half a second of imports

    return open_ollama(settings)
