"""Opens a trainer by its name; an SDK is imported only when it will be used."""

import importlib
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from config.settings import Settings
from learning.trainers.base import OrderRefused, Trainer, TrainerMisconfigured
from learning.trainers.bases import HOSTED, trainers_of
from learning.trainers.examples import ExamplesTrainer
from learning.trainers.prices import price_of
from store.session import Store

Opener: TypeAlias = Callable[[Settings, Store, str], Trainer]


def open_trainer(name: str, settings: Settings, store: Store, base_model: str) -> Trainer:
    """Raises a TrainerError: an unknown name, a key or a package that is missing."""
    own = settings.training.trainers.get(name)
    if own is not None:
        return _own(own, settings)
    opener = OPENERS.get(name)
    if opener is None:
        known = ", ".join(trainers_of(settings))
        raise OrderRefused(f"There is no trainer {name!r}", f"there are {known}", "Name one")
    return opener(settings, store, base_model)


def _own(place: str, settings: Settings) -> Trainer:
    """A function of the user's, which is called with the settings: `module:function`."""
    module, _, function = place.partition(":")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        made: Trainer = getattr(importlib.import_module(module), function)(settings)
    except (ImportError, AttributeError) as error:
        why, what_next = str(error), "Put its file beside aprendiz.toml, or correct the setting"
        raise TrainerMisconfigured(f"No trainer at {place!r}", why, what_next) from error
    return made


def usual_base(name: str, settings: Settings) -> str | None:
    """What is trained where nobody says it: the settings' choice; for examples, who answers."""
    if settings.training.base_model is not None:
        return settings.training.base_model
    if name == "local":
        return settings.local_training.base_model or None
    if name != "examples":
        return None
    ready = {
        "groq": settings.groq.key, "openai": settings.openai.key, "ollama": settings.ollama.url
    }  # fmt: skip
    found = [one for one in settings.models.order if one in HOSTED and ready[one]]
    return f"{found[0]}:{getattr(settings, found[0]).model}" if found else None


def _examples(settings: Settings, store: Store, _base_model: str) -> Trainer:
    return ExamplesTrainer(store, settings.training.examples)


def _openai(settings: Settings, _store: Store, base_model: str) -> Trainer:
    from learning.trainers.openai import open_trainer as opened  # noqa: PLC0415  half a second

    key = settings.openai.key.get_secret_value() if settings.openai.key else None
    return opened(key, settings.openai.base_url, price_of(settings.training, base_model))


def _local(settings: Settings, _store: Store, _base_model: str) -> Trainer:
    from learning.trainers.local import LocalTrainer  # noqa: PLC0415  seldom wanted

    return LocalTrainer(settings.local_training, keeper=os.getppid())


OPENERS: Final[Mapping[str, Opener]] = {
    "examples": _examples,
    "local": _local,
    "openai": _openai,
}
