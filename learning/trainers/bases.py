"""Which base models a trainer takes, as far as can be said before anything is begun."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from config.settings import Settings
from learning.trainers.base import OrderRefused
from learning.trainers.examples import BASE as EXAMPLES_BASE
from llm.offline import OFFLINE

Takes: TypeAlias = Callable[[str, Settings], bool]
HOSTED: Final = ("groq", "openai", "ollama")
"""Who reads prompts, and so examples."""
READERS: Final = frozenset({*HOSTED, OFFLINE})
FAMILIES: Final = re.compile(r"gpt-|ft:|o\d|babbage-|davinci-")
"""How the names begin of what OpenAI itself trains."""
BASES: Final[Mapping[str, str]] = {
    "examples": EXAMPLES_BASE,
    "local": "a folder with a model, for example one that main.py local tiny made",
    "openai": "MODEL, for example one that main.py models expiry does not name",
}
"""What a base model is called, for whom asks for one."""


def trainers_of(settings: Settings) -> tuple[str, ...]:
    return (*TAKES, *settings.training.trainers)


def trainer_of(base: str, settings: Settings) -> str:
    """Whoever takes it: the usual one, if it does."""
    usual = settings.training.trainer
    fit = (one for one in (usual, *TAKES) if base and takes(one, base, settings))
    return next(fit, usual)


def takes(trainer: str, base: str, settings: Settings) -> bool:
    """A trainer of one's own says so itself, once it is asked."""
    known = TAKES.get(trainer)
    return known is None or known(base, settings)


def fitting(trainer: str, base: str | None, settings: Settings) -> None:
    """Raises OrderRefused where no training could ever come of it; without a base the trainer alone
    is looked at."""
    if trainer not in trainers_of(settings):
        known = f"there are {', '.join(trainers_of(settings))}"
        raise OrderRefused(f"There is no trainer {trainer!r}", known, "Name one")
    if base and not takes(trainer, base, settings):
        every = "; ".join(f"{name} takes {said}" for name, said in BASES.items())
        what = f"{base!r} is no base model for {trainer}"
        raise OrderRefused(what, every, "Name another, or another trainer")


def _read(base: str, _settings: Settings) -> bool:
    provider, _, model = base.partition(":")
    return provider in READERS and bool(model.strip())


def _there(base: str, _settings: Settings) -> bool:
    try:
        return (Path(base) / "config.json").is_file()
    except (OSError, ValueError):
        return False


def _hosted(base: str, settings: Settings) -> bool:
    """What is not OpenAI itself calls its models as it likes."""
    own = settings.openai.base_url is not None or base in settings.training.prices
    return own or FAMILIES.match(base) is not None


TAKES: Final[Mapping[str, Takes]] = {"examples": _read, "local": _there, "openai": _hosted}
