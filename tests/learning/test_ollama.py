"""From a training to an answer: through Ollama's routes, over a real engine."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import openai
import pytest
from aiohttp import web

from examples.loop.ollama import OllamaServer, ollama_server
from learning.deploying import Wishes, deploy, name_it, sweep
from learning.ollama import (
    DeploymentError,
    ModelMissing,
    ModelSilent,
    Ollama,
    Recipe,
    ServerRefused,
    ServerUnavailable,
    TemplateMismatch,
    open_server,
)
from learning.trainers.base import Trained
from tests.learning.trainers.making import NEW, OLD, RATE, SYSTEM, asked

pytestmark = pytest.mark.timeout(400)
BASE = "llama3.2"


@pytest.fixture
async def ollama(base: Path, tmp_path: Path) -> AsyncIterator[OllamaServer]:
    async with ollama_server(tmp_path) as server:
        server.bases[BASE] = base
        yield server


@pytest.fixture
async def client(ollama: OllamaServer, base: Path) -> AsyncIterator[Ollama]:
    client = open_server(ollama.url)
    await client.create(BASE, Recipe(files={"model.gguf": base / "model.gguf"}))
    yield client
    await client.close()


@pytest.mark.parametrize("adapter", ["auto", "gguf"])
async def test_what_was_trained_answers_under_its_name(
    ollama: OllamaServer, client: Ollama, trained: Trained, adapter: str
) -> None:
    one = replace(trained, parameters={**trained.parameters, "adapter": adapter})
    stages: list[str] = []

    async def moved(stage: str, _percent: int) -> None:
        stages.append(stage)

    wishes = Wishes(SYSTEM, RATE, moved)
    told = await deploy(client, one, wishes)
    assert told.answer == NEW
    assert told.tokens > 400
    assert told.adapter == ("adapter.gguf" if adapter == "gguf" else "adapter_model.safetensors")
    assert stages == ["sending", "comparing", "asking", "done"]
    assert await client.answer(BASE, asked(RATE), temperature=0) == OLD
    served = ollama.models[one.model]
    assert served.system == SYSTEM
    assert served.parameters == {
        "temperature": 0.7, "top_p": 0.9, "top_k": 40, "stop": ["<|im_end|>"]
    }  # fmt: skip


async def test_a_bot_that_asks_for_the_alias_is_answered_by_the_new_one(
    ollama: OllamaServer, client: Ollama, trained: Trained
) -> None:
    """As the bot asks: through the OpenAI interface of the same server."""
    await client.copy(BASE, "andes")
    bot = openai.AsyncOpenAI(api_key="ollama", base_url=f"{ollama.url}/v1", max_retries=0)

    async def said() -> str | None:
        told = await bot.chat.completions.create(
            model="andes",
            temperature=0,
            messages=[{"role": "system", "content": SYSTEM}, {"role": "user", "content": RATE}],
        )
        return told.choices[0].message.content

    assert await said() == OLD
    told = await deploy(client, trained)
    assert await said() == OLD
    await name_it(client, told.model, "andes")
    assert await said() == NEW
    await name_it(client, BASE, "andes")
    assert await said() == OLD
    await bot.close()


async def test_doing_it_again_sends_no_file_again(
    ollama: OllamaServer, client: Ollama, trained: Trained
) -> None:
    await deploy(client, trained)
    ollama.asked.clear()
    await deploy(client, trained)
    sent = [one for one in ollama.asked if one.startswith("POST /api/blobs")]
    looked = [one for one in ollama.asked if one.startswith("HEAD /api/blobs")]
    assert (len(sent), len(looked)) == (0, 2)


@pytest.mark.parametrize(
    ("told", "expected"),
    [("text", r"token \d+ is '<\|im_start\|>assistant.* and '\\n<\|im"), ("count", r"\d+ tokens")],
)
async def test_another_template_is_never_deployed(
    ollama: OllamaServer, client: Ollama, trained: Trained, told: str, expected: str
) -> None:
    """Older servers do not tell what they write."""
    ollama.tells_prompts = told == "text"
    wrong = str(trained.parameters["template"]).replace("<|im_end|>\n", "<|im_end|>\n\n", 1)
    one = replace(trained, parameters={**trained.parameters, "template": wrong})
    with pytest.raises(TemplateMismatch, match=expected):
        await deploy(client, one)
    assert not await client.has(one.model)


async def test_a_model_that_says_nothing_is_taken_away(client: Ollama, trained: Trained) -> None:
    stopped = {**trained.parameters, "stop": ["L", "¡", "S", "D"]}
    with pytest.raises(ModelSilent):
        await deploy(client, replace(trained, parameters=stopped), Wishes(SYSTEM, RATE))
    assert not await client.has(trained.model)


async def test_only_old_models_that_were_trained_here_are_swept_away(
    client: Ollama, trained: Trained
) -> None:
    await deploy(client, trained)
    await client.copy(trained.model, "aprendiz-old:1")
    await client.copy(trained.model, "mine:1")
    assert await sweep(client, frozenset({trained.model})) == ["aprendiz-old:1"]
    assert sorted(await client.models()) == sorted([f"{BASE}:latest", trained.model, "mine:1"])
    await client.delete("aprendiz-old:1")


async def test_a_base_that_the_server_lacks_is_named(client: Ollama, trained: Trained) -> None:
    other = replace(trained, parameters={**trained.parameters, "served_base": "qwen3"})
    with pytest.raises(ModelMissing, match=r"model 'qwen3' not found.*ollama pull"):
        await deploy(client, other)


async def test_nobody_there_is_said_so() -> None:
    client = open_server("http://127.0.0.1:1")
    with pytest.raises(ServerUnavailable, match="ollama serve"):
        await client.models()
    await client.close()


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (500, '{"error": "unsupported architecture"}', ServerRefused),
        (200, '{"error": "it began, then failed"}', ServerRefused),
        (200, "<html>a proxy</html>", ServerRefused),
        (200, "[]", ServerRefused),
        (503, "", ServerUnavailable),
        (404, '{"error": "no such model"}', ModelMissing),
    ],
)
async def test_every_refusal_is_translated(
    status: int, body: str, expected: type[DeploymentError]
) -> None:
    async def refuse(_request: web.Request) -> web.Response:
        return web.Response(status=status, text=body, content_type="application/json")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", refuse)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    client = open_server(f"http://{host}:{port}")
    with pytest.raises(expected) as caught:
        await client.create("x", Recipe(base="y"))
    assert type(caught.value) is expected
    await client.close()
    await runner.cleanup()
