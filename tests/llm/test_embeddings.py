"""Vectors, offline and by the real SDK against a server of ours."""

from collections.abc import AsyncIterator
from typing import Literal, Protocol, TypeAlias

import numpy as np
import pytest
from pydantic import SecretStr

from config.knowledge import KnowledgeSettings
from config.providers import OllamaSettings, OpenAISettings
from llm.base import ModelError, ModelMisconfigured, ModelUnavailable
from llm.embeddings import OFFLINE_DIM, Embedder, Embedders, OfflineEmbedder, hashed
from llm.hosted_embeddings import LONGEST, open_embedder
from tests.servers.embeddings import EmbeddingServer, embedding_server
from tests.servers.models import Turned, garbage, refuses


@pytest.fixture
async def server() -> AsyncIterator[EmbeddingServer]:
    async with embedding_server() as running:
        yield running


Provider: TypeAlias = Literal["openai", "ollama"]


class Opener(Protocol):
    def __call__(
        self, provider: Provider = "openai", /, url: str = "", **knobs: int
    ) -> Embedder: ...


def opened(url: str, provider: Provider, **knobs: int) -> Embedder:
    return open_embedder(
        KnowledgeSettings(embeddings=provider, model="m", dim=knobs.get("dim")),
        OpenAISettings(key=SecretStr("sk-test"), base_url=f"{url}/v1", timeout_s=4.0),
        OllamaSettings(url=url, timeout_s=4.0),
    )


@pytest.fixture
async def at(server: EmbeddingServer) -> AsyncIterator[Opener]:
    """Opens embedders at the server, and closes them."""
    made: list[Embedder] = []

    def one(provider: Provider = "openai", /, url: str = "", **knobs: int) -> Embedder:
        made.append(opened(url or server.url, provider, **knobs))
        return made[-1]

    yield one
    for embedder in made:
        await embedder.close()


@pytest.mark.parametrize("provider", ["openai", "ollama"])
async def test_vectors_come_in_order_and_have_length_one(
    at: Opener, server: EmbeddingServer, provider: Provider
) -> None:
    server.backwards = True
    embedder = at(provider, dim=1024)
    one, other = await embedder.embed(["una boleta", "la garantía"])
    assert (embedder.model, embedder.dim) == ("m", 1024)
    assert float(one @ hashed("una boleta")) == pytest.approx(1, abs=1e-3)
    assert float(np.linalg.norm(other)) == pytest.approx(1, abs=1e-5)
    assert await embedder.embed([]) == []
    assert [(asked["model"], asked["encoding_format"]) for asked in server.asked] == [
        ("m", "float")
    ]


async def test_a_shorter_vector_is_asked_for_and_a_usual_one_is_not(
    at: Opener,
    server: EmbeddingServer,
) -> None:
    server.dim = 512
    await at(dim=512).embed(["x"])
    with pytest.raises(ModelMisconfigured, match="512 numbers, the settings say 1536"):
        await at().embed(["x"])
    assert [asked.get("dimensions") for asked in server.asked] == [512, None]


async def test_what_leaves_the_machine_is_masked_and_what_stays_is_not(
    at: Opener,
    server: EmbeddingServer,
) -> None:
    private = "mi rut es 12.345.678-5 y mi correo ana@example.com"
    await at(dim=1024).embed([private])
    await at(dim=1024).embed_query(private)
    assert len(server.texts) == 2
    assert not any("12.345" in text or "ana@" in text for text in server.texts)
    await at("ollama", dim=1024).embed([private])
    assert server.texts[-1] == private


async def test_texts_without_a_letter_and_without_an_end_are_sent_as_something(
    at: Opener,
    server: EmbeddingServer,
) -> None:
    await at(dim=1024).embed(["", " \n", "palabra " * 10_000])
    assert server.texts[:2] == [".", "."]
    assert 0 < len(server.texts[2]) <= LONGEST


@pytest.mark.parametrize(
    ("turned", "error"),
    [
        (refuses(429), ModelUnavailable),
        (refuses(500), ModelUnavailable),
        (refuses(401), ModelMisconfigured),
        (refuses(404, "model_not_found"), ModelMisconfigured),
        (Turned(hang_s=60), ModelUnavailable),
        (garbage(), ModelError),
        (garbage(b'{"data": []}'), ModelUnavailable),
        (garbage(b'{"data": [{"index": 0, "embedding": [0, 0, 0]}]}'), ModelMisconfigured),
        (garbage(b'{"data": null}'), ModelError),
        (garbage(b'{"data": [{"index": 0, "embedding": "x"}]}'), ModelError),
    ],
)
async def test_every_way_to_fail_is_a_model_s_error(
    at: Opener, server: EmbeddingServer, turned: Turned, error: type[ModelError]
) -> None:
    server.turns.append(turned)
    with pytest.raises(error):
        await at(dim=1024).embed(["una boleta"])


async def test_a_vector_without_a_direction_is_refused(at: Opener, server: EmbeddingServer) -> None:
    zeros = str([0.0] * 1024).encode()
    server.turns.append(garbage(b'{"data": [{"index": 0, "embedding": %s}]}' % zeros))
    with pytest.raises(ModelUnavailable, match="without a direction"):
        await at(dim=1024).embed(["una boleta"])


async def test_nobody_at_the_address_is_unavailable(at: Opener) -> None:
    with pytest.raises(ModelUnavailable):
        await at(url="http://127.0.0.1:1").embed(["x"])


@pytest.mark.parametrize("provider", ["openai", "ollama"])
def test_a_provider_without_key_or_address_is_misconfigured(
    provider: Provider,
) -> None:
    with pytest.raises(ModelMisconfigured):
        open_embedder(
            KnowledgeSettings(embeddings=provider), OpenAISettings(key=None),
            OllamaSettings(url=None),
        )  # fmt: skip


def test_without_a_provider_words_and_their_letters_are_embedded() -> None:
    ours = open_embedder(KnowledgeSettings(), OpenAISettings(), OllamaSettings())
    assert ours == OfflineEmbedder()


async def test_offline_vectors_are_alike_for_texts_that_are() -> None:
    one, alike, other, nothing = await OfflineEmbedder().embed(
        ["préstamos para socias", "un prestamo para la socia", "agua fría y jabón", "¿?"]
    )
    assert float(one @ alike) > 0.6
    assert float(one @ other) < 0.2
    assert (len(one), float(np.linalg.norm(nothing))) == (OFFLINE_DIM, 0)


async def test_vectors_are_compared_with_their_own_model_s_alone(
    at: Opener,
) -> None:
    ours = at(url="http://127.0.0.1:1", dim=512)
    embedders = Embedders(ours)
    assert embedders.of("m", 512) is ours
    assert embedders.of("m", 1536) is None
    assert embedders.of("offline-1", 1024) == OfflineEmbedder()
    assert embedders.of("offline-1", 512) is None
