"""Ollama's routes on this machine, over a real llama.cpp engine: what it answers, a model said.

The engine is the one Ollama carries. Names, blobs, templates and manifests are kept as Ollama
keeps them; what is not understood of a template is refused. Beside them a model may be a script.
"""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import xllamacpp
from aiohttp import web

from learning.trainers.chats import CHATML
from learning.trainers.gguf_files import write_adapter

Messages: TypeAlias = list[dict[str, str]]
Script: TypeAlias = Callable[[str], str]
RANGE = re.compile(r"^\{\{ range \.Messages \}\}(.*?)\{\{ end \}\}(.*)$", re.DOTALL)


@dataclass(frozen=True)
class Model:
    weights: Path
    adapter: Path | None = None
    template: str = CHATML.go
    system: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Refusal(Exception):
    status: int
    message: str


@dataclass
class OllamaServer:
    """`bases` tells the folder that a model's weights were written from; `scripts` answer by rules
    under a model's name, and `heard` is what each of them was asked and said."""

    folder: Path
    url: str = ""
    models: dict[str, Model] = field(default_factory=dict)
    bases: dict[str, Path] = field(default_factory=dict)
    scripts: dict[str, Script] = field(default_factory=dict)
    heard: list[tuple[str, Messages]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    tells_prompts: bool = True
    engines: dict[tuple[Path, Path | None], Any] = field(default_factory=dict)

    def blob(self, digest: str) -> Path:
        return self.folder / digest.replace(":", "-")

    def model(self, name: str) -> Model:
        if (found := self.models.get(_tagged(name))) is None:
            raise Refusal(404, f"model '{name}' not found")
        return found

    async def engine(self, model: Model) -> str:
        """One for each pair of weights and adapter, for as long as the server runs."""
        key = (model.weights, model.adapter)
        if key not in self.engines:
            self.engines[key] = await asyncio.to_thread(open_engine, *key)
        return str(self.engines[key].listening_address)

    async def head_blob(self, request: web.Request) -> web.Response:
        there = self.blob(request.match_info["digest"]).exists()
        return web.Response(status=200 if there else 404)

    async def post_blob(self, request: web.Request) -> web.Response:
        body, digest = await request.read(), request.match_info["digest"]
        if digest != f"sha256:{hashlib.sha256(body).hexdigest()}":
            raise Refusal(400, "digest mismatch")
        self.blob(digest).write_bytes(body)
        return web.Response(status=201)

    async def create(self, request: web.Request) -> web.Response:
        asked = await request.json()
        base = asked.get("from")
        made = self.model(base) if base else Model(self._file(asked.get("files", {})))
        if adapters := asked.get("adapters"):
            made = replace(made, adapter=self._adapter(adapters, str(base)))
        told = {name: asked[name] for name in ("template", "system", "parameters") if name in asked}
        self.models[_tagged(asked["model"])] = replace(made, **told)
        return web.json_response({"status": "success"})

    async def show(self, request: web.Request) -> web.Response:
        found = self.model((await request.json())["model"])
        told = {"template": found.template, "system": found.system}
        return web.json_response({**told, "parameters": str(found.parameters)})

    async def tags(self, _request: web.Request) -> web.Response:
        return web.json_response({"models": [{"name": name} for name in self.models]})

    async def copy(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self.models[_tagged(asked["destination"])] = self.model(asked["source"])
        return web.Response()

    async def delete(self, request: web.Request) -> web.Response:
        name = (await request.json())["model"]
        self.model(name)
        del self.models[_tagged(name)]
        return web.Response()

    async def chat(self, request: web.Request) -> web.Response:
        asked = await request.json()
        model = self.model(asked["model"])
        prompt = rendered(model, asked["messages"])
        if asked.get("_debug_render_only") and self.tells_prompts:
            return web.json_response({"_debug_info": {"rendered_template": prompt}})
        told = await self._complete(model, prompt, asked.get("options", {}))
        said = {"role": "assistant", "content": told["content"]}
        counts = {"prompt_eval_count": told["tokens_evaluated"], "eval_count": 1}
        return web.json_response({"message": said, "done": True, **counts})

    async def completions(self, request: web.Request) -> web.Response:
        asked = await request.json()
        told = await self._told(asked)
        said = {"role": "assistant", "content": told["content"]}
        read, made = told["tokens_evaluated"], told["tokens_predicted"]
        usage = {"prompt_tokens": read, "completion_tokens": made, "total_tokens": read + made}
        choice = {"index": 0, "finish_reason": "stop", "message": said}
        told = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "usage": usage}
        return web.json_response({**told, "model": asked["model"], "choices": [choice]})

    async def _told(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        if script := self.scripts.get(asked["model"]):
            answer = script(asked["messages"][-1]["content"])
            said = {"role": "assistant", "content": answer}
            self.heard.append((asked["model"], [*asked["messages"], said]))
            return {"content": answer, "tokens_evaluated": 1, "tokens_predicted": 1}
        model = self.model(asked["model"])
        limit = asked.get("max_tokens", 64)
        options = {"temperature": asked.get("temperature", 0.7), "num_predict": limit}
        return await self._complete(model, rendered(model, asked["messages"]), options)

    async def _complete(
        self, model: Model, prompt: str, options: Mapping[str, Any]
    ) -> dict[str, Any]:
        wished = {"num_predict": 64, **model.parameters, **options}
        body = {"prompt": prompt, "n_predict": wished.pop("num_predict"), "seed": 7, **wished}
        async with httpx.AsyncClient(timeout=20) as client:
            told = await client.post(f"{await self.engine(model)}/completion", json=body)
        if told.is_error:
            raise Refusal(told.status_code, told.text)
        return dict(told.json())

    def _file(self, files: Mapping[str, str]) -> Path:
        if not files:
            raise Refusal(400, "neither 'from' or 'files' was specified")
        return self._stored(next(iter(files.values())))

    def _adapter(self, adapters: Mapping[str, str], base: str) -> Path:
        """One GGUF as it is; safetensors are converted, as Ollama does for LLaMA."""
        stored = {name: self._stored(digest) for name, digest in adapters.items()}
        if gguf := next((path for name, path in stored.items() if name.endswith(".gguf")), None):
            return gguf
        folder = self.folder / f"converted-{len(self.models)}"
        folder.mkdir(exist_ok=True)
        for name, path in stored.items():
            (folder / name).write_bytes(path.read_bytes())
        return write_adapter(folder, self.bases[base], folder / "adapter.gguf")

    def _stored(self, digest: str) -> Path:
        if not (path := self.blob(digest)).exists():
            raise Refusal(400, f"blob {digest} not found")
        return path


def rendered(model: Model, messages: Messages) -> str:
    """As Ollama's template does, of which this much is understood: a range over messages."""
    found = RANGE.match(model.template)
    if found is None:
        raise Refusal(500, f"template: cannot parse {model.template!r}")
    said = [one for one in messages if one["content"] or one["role"] != "system"]
    if model.system and said[0]["role"] != "system":
        said = [{"role": "system", "content": model.system}, *said]
    turns = [
        found[1].replace("{{ .Role }}", one["role"]).replace("{{ .Content }}", one["content"])
        for one in said
    ]
    return "".join(turns) + found[2]


def open_engine(weights: Path, adapter: Path | None = None) -> xllamacpp.Server:
    """llama.cpp's own server, in this process, at an address of its own."""
    wished = xllamacpp.CommonParams()
    wished.model.path = str(weights)
    wished.port, wished.n_ctx, wished.n_parallel = 0, 4096, 1
    wished.use_jinja, wished.warmup, wished.verbosity = True, False, -1
    wished.cpuparams.n_threads = 1
    if adapter is not None:
        wished.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(str(adapter), 1.0)]
    return xllamacpp.Server(wished)


@asynccontextmanager
async def ollama_server(
    folder: Path, made: type[OllamaServer] = OllamaServer
) -> AsyncIterator[OllamaServer]:
    server = made(folder)
    app = web.Application(middlewares=[_refusals(server)], client_max_size=2**28)
    app.add_routes(
        [
            web.head("/api/blobs/{digest}", server.head_blob),
            web.post("/api/blobs/{digest}", server.post_blob),
            web.post("/api/create", server.create),
            web.post("/api/show", server.show),
            web.get("/api/tags", server.tags),
            web.post("/api/copy", server.copy),
            web.delete("/api/delete", server.delete),
            web.post("/api/chat", server.chat),
            web.post("/v1/chat/completions", server.completions),
        ]
    )
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    server.url = f"http://{host}:{port}"
    try:
        yield server
    finally:
        await runner.cleanup()
        await asyncio.to_thread(server.engines.clear)


def _refusals(server: OllamaServer) -> Any:  # noqa: ANN401  aiohttp's middleware
    @web.middleware
    async def answer(request: web.Request, handler: Any) -> web.StreamResponse:  # noqa: ANN401  aiohttp's
        server.asked.append(f"{request.method} {request.path}")
        try:
            return await handler(request)  # type: ignore[no-any-return]
        except Refusal as refusal:
            return web.json_response({"error": refusal.message}, status=refusal.status)

    return answer


def _tagged(name: str) -> str:
    return name if ":" in name else f"{name}:latest"
