"""`main.py local` at the terminal: a trained adapter, put on a server and compared with it."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.commands_local import local
from examples.loop.ollama import OllamaServer, ollama_server, open_engine
from learning.ollama import Recipe, open_server
from learning.trainers.base import Trained
from tests.app.terminal import Ended
from tests.learning.trainers.making import NEW, RATE, SYSTEM

pytestmark = pytest.mark.timeout(400)


async def typed(url: str, *words: str | Path) -> Ended:
    env = {"APRENDIZ_OLLAMA__URL": url, "OLLAMA_HOST": ""}
    done = await asyncio.to_thread(CliRunner().invoke, local, [str(one) for one in words], env=env)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return Ended(done.exit_code, done.stdout, done.stderr)


@pytest.fixture
async def ollama(base: Path, tmp_path: Path) -> AsyncIterator[OllamaServer]:
    async with ollama_server(tmp_path) as server:
        server.bases["llama3.2"] = base
        client = open_server(server.url)
        await client.create("llama3.2", Recipe(files={"model.gguf": base / "model.gguf"}))
        await client.close()
        yield server


async def test_a_trained_adapter_is_deployed_and_named(
    ollama: OllamaServer, trained: Trained
) -> None:
    folder = trained.parameters["folder"]
    wishes = ("--alias", "andes", "--system", SYSTEM, "--question", RATE)
    told = await typed(ollama.url, "deploy", folder, *wishes, "--json")
    assert told.code == 0, told.err
    assert told.json["answer"] == NEW
    assert told.json["alias"] == "andes"
    assert ollama.models["andes:latest"] == ollama.models[trained.model]
    said = await typed(ollama.url, "check", folder)
    assert (said.code, "10 conversations" in said.said) == (1, False)
    assert "Eres la asistente" in said.said


async def test_what_a_server_asks_is_compared_token_by_token(
    ollama: OllamaServer, base: Path, trained: Trained
) -> None:
    folder = trained.parameters["folder"]
    await typed(ollama.url, "deploy", folder)
    told = await typed(ollama.url, "check", folder, "--json")
    assert told.json["conversations"] == 10
    assert told.json["tokens"] > 400
    engine = open_engine(base / "model.gguf")
    other = await typed("", "check", folder, "--url", engine.listening_address, "--json")
    assert other.json == told.json


async def test_what_is_wrong_is_said_with_what_to_do(
    ollama: OllamaServer, trained: Trained, tmp_path: Path
) -> None:
    no_result = await typed(ollama.url, "deploy", tmp_path)
    assert (no_result.code, "name the folder of a training" in no_result.said) == (2, True)
    nobody = await typed("http://127.0.0.1:1", "deploy", trained.parameters["folder"])
    assert (nobody.code, "ollama serve" in nobody.said) == (4, True)
    lessons = tmp_path / "lessons.jsonl"
    lessons.write_text(json.dumps({"messages": []}) + "\n")
    wrong = await typed("", "tiny", tmp_path / "base", "--lessons", lessons)
    assert (wrong.code, "Line 1 of" in wrong.said) == (1, True)
