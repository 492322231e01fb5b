"""From a trained adapter to a model that answers: created, checked, asked, and only then named."""

from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

from learning.ollama import (
    AdapterMissing,
    ModelMissing,
    ModelSilent,
    Ollama,
    Recipe,
    TemplateMismatch,
)
from learning.trainers.base import Trained
from learning.trainers.chats import Messages
from learning.trainers.parity import Probe, difference, kept

OURS: Final = "aprendiz-"
CONVERTED: Final = frozenset({"llama", "gemma2"})
"""Ollama converts adapters of these by itself; of others it takes them as GGUF only."""

ASKED: Final = ("temperature", "top_p", "top_k", "stop")
QUESTION: Final = "hola"

Progress: TypeAlias = Callable[[str, int], Awaitable[None]]


async def _silently(_stage: str, _percent: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Deployed:
    model: str
    adapter: str
    tokens: int
    answer: str

    def summary(self) -> dict[str, Any]:
        return {
            "model": self.model,
            "adapter": self.adapter,
            "parity_tokens": self.tokens,
            "answer": self.answer,
        }


@dataclass(frozen=True, slots=True)
class Wishes:
    """`system` is what the model is told when nobody else tells it; `question` is asked of it."""

    system: str = ""
    question: str = QUESTION
    progress: Progress = _silently


async def deploy(server: Ollama, trained: Trained, wishes: Wishes = Wishes()) -> Deployed:
    """A model that fails a check is taken away again. Nobody is answered by it yet: see `name_it`.

    Raises a DeploymentError; doing it again changes nothing.
    """
    recipe = recipe_of(trained, wishes.system)
    await _based(server, recipe)
    await wishes.progress("sending", 10)
    with _there(trained):
        probes = probes_of(trained, wishes.system)
        await server.create(trained.model, recipe)
    try:
        await wishes.progress("comparing", 60)
        tokens = await agree(server, trained.model, probes)
        await wishes.progress("asking", 90)
        answer = await _asked(server, trained.model, wishes)
    except (TemplateMismatch, ModelSilent):
        await server.delete(trained.model)
        raise
    await wishes.progress("done", 100)
    return Deployed(trained.model, next(iter(recipe.adapters)), tokens, answer)


def recipe_of(trained: Trained, system: str = "") -> Recipe:
    known = trained.parameters
    return Recipe(
        base=known["served_base"],
        adapters=_files(Path(known["folder"]), known["adapter"], known["architecture"]),
        template=known["template"],
        system=system,
        parameters={name: known[name] for name in ASKED if name in known},
    )


def probes_of(trained: Trained, system: str) -> list[Probe]:
    """A model with words of its own puts them before what begins without any."""
    probes = kept(Path(trained.parameters["folder"]))
    return [one for one in probes if not system or one.messages[0]["role"] == "system"]


async def agree(server: Ollama, model: str, probes: list[Probe]) -> int:
    """How many tokens were compared; raises TemplateMismatch with the first that differs."""
    for probe in probes:
        found = difference(probe, await server.heard(model, probe.messages))
        if found is not None:
            raise TemplateMismatch(
                f"{model} is not deployed",
                f"{found}",
                "Serve it with the template that its training left in result.json",
            )
    return sum(len(probe.tokens) for probe in probes)


async def name_it(server: Ollama, model: str, alias: str) -> None:
    """From now on whoever asks for `alias` is answered by `model`; what it named before stays."""
    await server.copy(model, alias)


async def sweep(server: Ollama, keep: frozenset[str]) -> list[str]:
    """Deletes the models that were trained here and that nobody needs any more."""
    old = [one for one in await server.models() if one.startswith(OURS) and one not in keep]
    for model in old:
        await server.delete(model)
    return old


async def _based(server: Ollama, recipe: Recipe) -> None:
    """Ollama would fetch a base that it lacks from its makers, gigabytes without a question."""
    if recipe.base is not None and not await server.has(recipe.base):
        raise ModelMissing(
            "Ollama lacks the base model",
            f"model '{recipe.base}' not found",
            f"ollama pull {recipe.base}, or name it right in local_training.served_base",
        )


async def _asked(server: Ollama, model: str, wishes: Wishes) -> str:
    told: Messages = [{"role": "user", "content": wishes.question}]
    answer = await server.answer(model, told, temperature=0)
    if not answer.strip():
        raise ModelSilent(
            f"{model} is not deployed",
            f"it says nothing to {wishes.question!r}",
            "Train it for longer, or on more rows",
        )
    return answer


@contextmanager
def _there(trained: Trained) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise AdapterMissing(
            f"{trained.model} is not deployed",
            f"{error.strerror}: {error.filename}",
            "Bring back the folder of its training, or train it again",
        ) from error


def _files(folder: Path, wanted: str, architecture: str) -> dict[str, Path]:
    if wanted == "gguf" or (wanted == "auto" and architecture not in CONVERTED):
        return {"adapter.gguf": folder / "adapter.gguf"}
    names = ("adapter_model.safetensors", "adapter_config.json")
    return {name: folder / "adapter" / name for name in names}
