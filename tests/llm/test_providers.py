"""The real SDKs against a server of ours: what is sent, what comes back, and every way to fail."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import TypeAlias

import pytest
from pydantic import SecretStr

from config.providers import GroqSettings, OllamaSettings, OpenAISettings
from llm.base import (
    FixedPrompt,
    Message,
    ModelError,
    ModelMisconfigured,
    ModelRejected,
    ModelUnavailable,
    Request,
    Tool,
)
from llm.chat import ChatModel
from llm.groq import open_groq
from llm.openai import ollama_url, open_ollama, open_openai
from tests.servers.models import ModelServer, Turned, garbage, model_server, refuses, says

Opener: TypeAlias = Callable[[str], ChatModel]
KEY = SecretStr("sk-test")


class MarkedPrompt:
    """Tells apart what may leave the machine and what may not."""

    def messages(self, *, masked: bool) -> tuple[Message, ...]:
        return (Message("user", "[RUT_1]" if masked else "12.345.678-5"),)


ASK = Request(prompt=FixedPrompt((Message("system", "Eres breve."), Message("user", "hola"))))


def groq_at(url: str) -> ChatModel:
    return open_groq(GroqSettings(key=KEY, base_url=url, model="m", timeout_s=4.0))


def openai_at(url: str) -> ChatModel:
    return open_openai(OpenAISettings(key=KEY, base_url=f"{url}/v1", model="m", timeout_s=4.0))


def ollama_at(url: str) -> ChatModel:
    return open_ollama(OllamaSettings(url=url, model="m", timeout_s=4.0))


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with model_server() as running:
        yield running


@pytest.fixture(params=[groq_at, openai_at, ollama_at], ids=["groq", "openai", "ollama"])
async def model(request: pytest.FixtureRequest, server: ModelServer) -> AsyncIterator[ChatModel]:
    opened: ChatModel = request.param(server.url)
    yield opened
    await opened.close()


async def test_an_answer_comes_with_its_usage_and_the_model_that_gave_it(
    model: ChatModel, server: ModelServer
) -> None:
    server.will(says("  ¡Hola!  ", model="m-2026-05"))

    completion = await model.complete(ASK)

    assert (completion.text, completion.model) == ("¡Hola!", "m")
    assert completion.version == "m-2026-05"
    assert (completion.usage.tokens_in, completion.usage.tokens_out) == (21, 9)
    assert completion.provider == model.name
    (sent,) = server.asked
    assert sent["messages"] == [
        {"role": "system", "content": "Eres breve."},
        {"role": "user", "content": "hola"},
    ]
    assert (sent["model"], sent[model.limit_name], sent["temperature"]) == ("m", 500, 0.3)


async def test_only_a_model_of_ours_reads_what_was_really_said(
    model: ChatModel, server: ModelServer
) -> None:
    await model.complete(Request(prompt=MarkedPrompt()))

    said = server.asked[0]["messages"][0]["content"]
    assert said == ("12.345.678-5" if model.name == "ollama" else "[RUT_1]")


async def test_thoughts_are_not_part_of_an_answer(model: ChatModel, server: ModelServer) -> None:
    server.will(says("<think>¿qué quiere?\nun termo</think>\n\nHola."))

    assert (await model.complete(ASK)).text == "Hola."


async def test_an_option_a_model_refuses_is_not_sent_again(
    model: ChatModel, server: ModelServer
) -> None:
    refusal = refuses(400, "unsupported_value", message="'temperature' does not support 0.3")
    server.will(refusal, says("hola"))

    assert (await model.complete(ASK)).text == "hola"
    assert (await model.complete(ASK)).text == "hola"

    assert ["temperature" in sent for sent in server.asked] == [True, False, False]


@pytest.mark.parametrize(
    "said",
    ["attempted to call tool 'buy' which was not in request.tools", "Failed to call a function."],
)
async def test_a_tool_that_was_called_wrongly_once_is_offered_again(
    model: ChatModel, server: ModelServer, said: str
) -> None:
    server.will(refuses(400, "tool_use_failed", message=said), says("hola"))
    offering = replace(ASK, tools=(Tool("note", "Anota.", {"type": "object"}),))

    assert (await model.complete(offering)).text == "hola"
    assert (await model.complete(offering)).text == "hola"

    assert ["tools" in sent for sent in server.asked] == [True, False, True]


FAILURES: list[tuple[str, Turned, type[ModelError]]] = [
    ("limited", refuses(429, "rate_limit_exceeded"), ModelUnavailable),
    ("broken", refuses(500), ModelUnavailable),
    ("overloaded", refuses(503), ModelUnavailable),
    ("no capacity", refuses(498), ModelUnavailable),
    ("timeout upstream", refuses(408), ModelUnavailable),
    ("wrong key", refuses(401, "invalid_api_key"), ModelMisconfigured),
    ("forbidden", refuses(403), ModelMisconfigured),
    ("unknown model", refuses(404, "model_not_found"), ModelMisconfigured),
    ("decommissioned", refuses(400, "model_decommissioned"), ModelMisconfigured),
    ("too long", refuses(400, "context_length_exceeded"), ModelRejected),
    ("too large", refuses(413), ModelRejected),
    ("unprocessable", refuses(422), ModelRejected),
    ("bad json", garbage(), ModelUnavailable),
    ("empty body", garbage(b""), ModelUnavailable),
    ("a list", garbage(b"[]"), ModelUnavailable),
    ("a number", garbage(b"7"), ModelUnavailable),
    ("null", garbage(b"null"), ModelUnavailable),
    ("no choices", garbage(b'{"choices": []}'), ModelUnavailable),
    ("null choices", garbage(b'{"choices": null}'), ModelUnavailable),
    ("choices of strings", garbage(b'{"choices": ["x"]}'), ModelUnavailable),
    ("an error of a proxy", garbage(b"<html>502</html>", status=502), ModelUnavailable),
    ("an error that is a list", garbage(b"[1]", status=400), ModelRejected),
    ("silence", says(None), ModelRejected),
    ("blanks", says("  \n"), ModelRejected),
    ("filtered", says("", finish="content_filter"), ModelRejected),
    ("cut", Turned(cut=True), ModelUnavailable),
    ("hang", Turned(hang_s=60.0), ModelUnavailable),
]


@pytest.mark.parametrize(("turned", "expected"), [case[1:] for case in FAILURES],
                         ids=[case[0] for case in FAILURES])  # fmt: skip
async def test_every_failure_is_one_of_ours(
    model: ChatModel, server: ModelServer, turned: Turned, expected: type[ModelError]
) -> None:
    server.will(turned)

    with pytest.raises(expected):
        await model.complete(ASK)

    assert len(server.asked) == 1, "trying again is the chain's business"


@pytest.mark.parametrize("headers", [{"retry-after": "7"}, {"retry-after-ms": "7000"}])
async def test_a_provider_says_how_long_to_wait(
    model: ChatModel, server: ModelServer, headers: dict[str, str]
) -> None:
    server.will(refuses(429, headers=headers))

    with pytest.raises(ModelUnavailable) as caught:
        await model.complete(ASK)

    assert caught.value.retry_after == 7


async def test_without_quota_a_provider_rests_for_long(
    model: ChatModel, server: ModelServer
) -> None:
    server.will(refuses(429, "insufficient_quota"))

    with pytest.raises(ModelUnavailable) as caught:
        await model.complete(ASK)

    assert caught.value.retry_after == 600


@pytest.mark.parametrize("opener", [groq_at, openai_at, ollama_at])
@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://no-such-host.invalid"])
async def test_an_address_where_nobody_listens_is_unavailable(opener: Opener, url: str) -> None:
    model = opener(url)

    with pytest.raises(ModelUnavailable):
        await model.complete(ASK)
    await model.close()


@pytest.mark.parametrize("opener", [groq_at, openai_at])
@pytest.mark.parametrize("url", ["nonsense", "http://[bad", "ftp://127.0.0.1"])
async def test_an_address_that_is_none_fails_as_one_of_ours(opener: Opener, url: str) -> None:
    with pytest.raises(ModelError):
        await opener(url).complete(ASK)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("127.0.0.1", "http://127.0.0.1:11434/v1"),
        ("0.0.0.0:8080", "http://127.0.0.1:8080/v1"),
        ("http://gpu.local:11434", "http://gpu.local:11434/v1"),
        ("https://gpu.local/ollama/v1/", "https://gpu.local:11434/ollama/v1"),
        ("[::1]:11434", "http://[::1]:11434/v1"),
    ],
)
def test_an_ollama_host_may_be_written_in_many_ways(given: str, found: str) -> None:
    assert ollama_url(given) == found


async def test_closing_twice_harms_nobody(model: ChatModel) -> None:
    await asyncio.gather(model.close(), model.close())


@pytest.mark.parametrize("status", [301, 307, 308])
async def test_a_redirect_is_not_followed(
    model: ChatModel, server: ModelServer, status: int
) -> None:
    async with model_server() as elsewhere:
        server.will(Turned(status, headers={"Location": f"{elsewhere.url}/v1/chat/completions"}))
        with pytest.raises(ModelError):
            await model.complete(ASK)
    assert len(server.asked) == 1
    assert elsewhere.asked == []
