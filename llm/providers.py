"""Opens the configured providers in their order; an SDK is imported only when it will be used."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import structlog

from config.providers import GroqSettings, ModelSettings, OllamaSettings, OpenAISettings
from llm.base import LanguageModel, ModelMisconfigured
from llm.chain import Chain, chain_of
from llm.chat import ChatModel
from llm.offline import OfflineModel

log = structlog.get_logger()
PAID = frozenset({"groq", "openai"})
ASKED_WITH: Final = frozenset(
    {"temperature", "top_p", "seed", "presence_penalty", "frequency_penalty", "reasoning_effort"}
)


def open_models(
    models: ModelSettings,
    *,
    groq: GroqSettings,
    openai: OpenAISettings,
    ollama: OllamaSettings,
    paid: Callable[[LanguageModel], LanguageModel] = lambda model: model,
    parameters: Mapping[str, Any] = {},
) -> Chain:
    """Those without a key or an address are left out; a broken one is named and left out. `paid`
    stands before every model that costs money; `parameters` are those of a registered version."""
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
                asked = _asked_with(model, parameters)
                opened.append(paid(asked) if name in PAID else asked)
    return chain_of(*opened, total_timeout_s=models.total_timeout_s)


def open_version(
    provider: str,
    model: str,
    parameters: Mapping[str, Any],
    *,
    groq: GroqSettings,
    openai: OpenAISettings,
    ollama: OllamaSettings,
) -> LanguageModel:
    """A registered model, through the provider's settings. Of its parameters those count that are
    asked with; `top_k` stands in an Ollama model itself. Raises ModelMisconfigured."""
    named = {"model": model}
    openers: Mapping[str, Callable[[], LanguageModel | None]] = {
        "groq": lambda: _groq(groq.model_copy(update=named)),
        "openai": lambda: _openai(openai.model_copy(update=named)),
        "ollama": lambda: _ollama(ollama.model_copy(update=named)),
        "offline": OfflineModel,
    }
    opened = openers[provider]() if provider in openers else None
    if opened is None:
        raise ModelMisconfigured(f"{provider} serves nothing here: it has no key and no address")
    return _asked_with(opened, parameters)


def _asked_with(model: LanguageModel, parameters: Mapping[str, Any]) -> LanguageModel:
    asked = {name: value for name, value in parameters.items() if name in ASKED_WITH}
    if isinstance(model, ChatModel):
        return replace(model, options={**model.options, **asked})
    return model


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
