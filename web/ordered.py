"""The form of a new training: what was typed, how it is read, and where its problem stands."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, cast
from uuid import UUID

from pydantic import BaseModel, Field

from learning.trainers.base import Method
from learning.trainers.opening import OPENERS
from store.versions import TrainingJob

FORM: Final = frozenset({"base", "examples-base", "parameters", "dataset"})
"""Problems of what was typed, before anybody looked at the dataset."""
FIELDS: Final[Mapping[str, str]] = {
    "base": "base", "examples-base": "base", "OrderRefused": "base",
    "parameters": "parametros",
    "dataset": "conjunto", "NothingToLearn": "conjunto", "DatasetUnknown": "conjunto",
    "DatasetStale": "conjunto", "DatasetChanged": "conjunto", "DatasetUnfit": "conjunto",
}  # fmt: skip
"""The field that a problem stands beside; any other stands above the form."""


class Order(BaseModel):
    entrenador: str = Field(max_length=100)
    conjunto: UUID | None = None
    base: Annotated[str, Field(max_length=200)] = ""
    metodo: Method = "supervised"
    parametros: Annotated[str, Field(max_length=2000)] = ""

    def problem(self, base: str) -> str:
        """What is wrong with it by itself, were `base` trained; empty where nothing is."""
        if self.entrenador not in OPENERS or not base:
            return "base"
        provider, _, model = base.partition(":")
        if self.entrenador == "examples" and not (provider and model):
            return "examples-base"
        if options(self.parametros) is None:
            return "parameters"
        return "" if self.conjunto else "dataset"


def like(job: TrainingJob) -> Order:
    """An order like that of a training that there was."""
    knobs = "\n".join(f"{name}={value}" for name, value in job.parameters.items())
    return Order(
        entrenador=job.trainer, conjunto=job.dataset_id, base=job.base_model,
        metodo=cast("Method", job.method), parametros=knobs,
    )  # fmt: skip


def options(text: str) -> dict[str, Any] | None:
    """One `name=value` a line; numbers are numbers. None where a line is no such thing."""
    found: dict[str, Any] = {}
    for line in filter(None, (one.strip() for one in text.splitlines())):
        name, equals, value = (part.strip() for part in line.partition("="))
        if not (name.isidentifier() and equals and value):
            return None
        found[name] = _number(value)
    return found


def _number(text: str) -> int | float | str:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
