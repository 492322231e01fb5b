"""Ollama's own interface: what it takes to put a trained model on a server of one's own.

DeploymentError
├── ServerUnavailable   nobody answers, or it is busy: later it may
├── ServerRefused       it understood, and does not want to; `why` is its own word
│   └── ModelMissing    it has no such model
├── AdapterMissing      what was trained is not on this machine
├── TemplateMismatch    it would ask the model in other tokens than it was trained on
└── ModelSilent         the model answers nothing

Its Python client sends every file each time and cannot ask for a rendered prompt, so this speaks
plain HTTP.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import httpx

from learning.trainers.chats import Messages
from learning.trainers.parity import Heard

CHUNK: Final = 2**20
CONNECT_S: Final = 5.0
ANSWER_S: Final = 120.0
CREATE_S: Final = 1800.0
"""Creating reads the whole model again; on a slow disk that takes its time."""


class DeploymentError(Exception):
    """`what` happened, `why`, and what to do `next`."""

    def __init__(self, what: str, why: str, next: str) -> None:  # noqa: A002  the word for it
        super().__init__(what, why, next)
        self.what, self.why, self.next = what, why, next

    def __str__(self) -> str:
        return f"{self.what}: {self.why}. {self.next}"


class ServerUnavailable(DeploymentError): ...


class ServerRefused(DeploymentError): ...


class ModelMissing(ServerRefused): ...


class AdapterMissing(DeploymentError): ...


class TemplateMismatch(DeploymentError): ...


class ModelSilent(DeploymentError): ...


@dataclass(frozen=True, slots=True)
class Recipe:
    """A model to create: `base` and files by their names, each an adapter or a whole model."""

    base: str | None = None
    adapters: Mapping[str, Path] = field(default_factory=dict)
    files: Mapping[str, Path] = field(default_factory=dict)
    template: str = ""
    system: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ollama:
    url: str
    _client: httpx.AsyncClient

    async def models(self) -> list[str]:
        told = await self._ask("GET", "/api/tags")
        return [str(one["name"]) for one in told["models"]]

    async def has(self, model: str) -> bool:
        try:
            await self._ask("POST", "/api/show", {"model": model})
        except ModelMissing:
            return False
        return True

    async def create(self, model: str, recipe: Recipe) -> None:
        """Sends what the server lacks, then creates; the same recipe again changes nothing."""
        asked: dict[str, Any] = {"model": model, "stream": False}
        if recipe.base:
            asked["from"] = recipe.base
        for kind, files in (("adapters", recipe.adapters), ("files", recipe.files)):
            if files:
                asked[kind] = {name: await self._sent(path) for name, path in files.items()}
        for name in ("template", "system", "parameters"):
            if value := getattr(recipe, name):
                asked[name] = value
        await self._ask("POST", "/api/create", asked, patience_s=CREATE_S)

    async def answer(self, model: str, messages: Messages, **options: Any) -> str:  # noqa: ANN401  Ollama's
        told = await self._chat(model, messages, options=options)
        return str(told["message"]["content"])

    async def heard(self, model: str, messages: Messages) -> Heard:
        """The prompt as the server writes it, where it tells it, and how many tokens that is."""
        shown = await self._chat(model, messages, _debug_render_only=True, truncate=False)
        told = await self._chat(model, messages, options={"num_predict": 1}, truncate=False)
        text = (shown.get("_debug_info") or {}).get("rendered_template")
        count = told.get("prompt_eval_count")
        return Heard(text=text, count=count if isinstance(count, int) else None)

    async def copy(self, source: str, destination: str) -> None:
        await self._ask("POST", "/api/copy", {"source": source, "destination": destination})

    async def delete(self, model: str) -> None:
        """What is gone already may be deleted again."""
        try:
            await self._ask("DELETE", "/api/delete", {"model": model})
        except ModelMissing:
            return

    async def close(self) -> None:
        await self._client.aclose()

    async def _chat(self, model: str, messages: Messages, **more: Any) -> dict[str, Any]:  # noqa: ANN401  Ollama's
        said = [dict(one) for one in messages]
        asked = {"model": model, "messages": said, "stream": False, **more}
        return await self._ask("POST", "/api/chat", asked)

    async def _sent(self, path: Path) -> str:
        digest = await asyncio.to_thread(_digest, path)
        place = f"/api/blobs/{digest}"
        with _translated(self.url):
            known = await self._client.head(place)
            if known.status_code == HTTPStatus.OK:
                return digest
            told = await self._client.post(place, content=_read(path), timeout=CREATE_S)
        _checked(told, self.url)
        return digest

    async def _ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        patience_s: float = ANSWER_S,
    ) -> dict[str, Any]:
        with _translated(self.url):
            told = await self._client.request(method, path, json=body, timeout=patience_s)
        return _checked(told, self.url)


def open_server(url: str) -> Ollama:
    """`url` without /v1."""
    timeout = httpx.Timeout(ANSWER_S, connect=CONNECT_S)
    return Ollama(url, httpx.AsyncClient(base_url=url, timeout=timeout, trust_env=False))


@contextmanager
def _translated(url: str) -> Generator[None]:
    try:
        yield
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
        raise ServerUnavailable(
            f"Ollama at {url} does not answer",
            str(error) or type(error).__name__,
            "Start it (ollama serve), or set APRENDIZ_OLLAMA__URL",
        ) from error


def _checked(told: httpx.Response, url: str) -> dict[str, Any]:
    """Also a 200 may carry an error: it then began before it failed."""
    try:
        body = told.json() if told.content else {}
    except ValueError:
        body = None
    if told.is_success and isinstance(body, dict) and "error" not in body:
        return body
    why = body.get("error") if isinstance(body, dict) else None
    why = str(why or f"status {told.status_code}")
    what = f"Ollama at {url} refused"
    if told.status_code == HTTPStatus.NOT_FOUND:
        raise ModelMissing(what, why, "Fetch it (ollama pull), or create it")
    if told.status_code in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}:
        raise ServerUnavailable(what, why, "Try again in a while")
    raise ServerRefused(what, why, "See its log; an adapter needs the very base it was trained on")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


async def _read(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk
