"""Vectors from a model behind OpenAI's protocol: OpenAI's own, or Ollama's on a machine of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import openai

from config.knowledge import KnowledgeSettings
from config.providers import OllamaSettings, OpenAISettings
from llm.base import ModelMisconfigured, ModelUnavailable
from llm.chat import translated
from llm.embeddings import Embedder, OfflineEmbedder, Vector, Weight, plainly
from llm.openai import ERRORS, ollama_url, staying
from text.privacy import scrub

MODELS: Final = {"openai": ("text-embedding-3-small", 1536), "ollama": ("nomic-embed-text", 768)}
"""The usual model of each, and how many numbers its vectors have; ids are data."""
LONGEST: Final = 20_000
"""Characters of a text that are embedded: more than any passage has."""


@dataclass(frozen=True, slots=True)
class HostedEmbedder:
    """`masked`: its texts leave this machine, so they hold no personal data."""

    client: openai.AsyncOpenAI
    model: str
    dim: int
    masked: bool
    options: Mapping[str, Any] = field(default_factory=dict)

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        if not texts:
            return []
        wanted = [self._wanted(text) for text in texts]
        with translated(ERRORS):
            answer = await self.client.embeddings.create(
                model=self.model, input=wanted, encoding_format="float", **self.options
            )
            ordered = sorted(answer.data, key=lambda one: one.index)
            vectors = [np.array(one.embedding, np.float32) for one in ordered]
        if len(vectors) != len(texts):
            raise ModelUnavailable(f"{self.model} answered {len(vectors)} of {len(texts)} texts")
        return [self._checked(vector) for vector in vectors]

    async def embed_query(self, text: str, weight: Weight = plainly) -> Vector:  # noqa: ARG002  it knows by itself what words are worth
        return (await self.embed([text]))[0]

    async def close(self) -> None:
        await self.client.close()

    def _wanted(self, text: str) -> str:
        """A text of nothing but space is refused by some."""
        told = scrub(text).text if self.masked else text
        return told[:LONGEST].strip() or "."

    def _checked(self, vector: Vector) -> Vector:
        if len(vector) != self.dim:
            raise ModelMisconfigured(
                f"{self.model} gives vectors of {len(vector)} numbers, the settings say {self.dim}"
            )
        length = float(np.linalg.norm(vector))
        if not np.isfinite(length) or length == 0:
            raise ModelUnavailable(f"{self.model} answered a vector without a direction")
        return vector / length


def open_embedder(
    knobs: KnowledgeSettings, openai_settings: OpenAISettings, ollama: OllamaSettings
) -> Embedder:
    """Raises ModelMisconfigured where the provider has no key or address."""
    if knobs.embeddings == "offline":
        return OfflineEmbedder()
    usual, usual_dim = MODELS[knobs.embeddings]
    model, dim = knobs.model or usual, knobs.dim or usual_dim
    if knobs.embeddings == "ollama":
        if ollama.url is None:
            raise ModelMisconfigured("knowledge.embeddings is ollama, and ollama.url is not set")
        client = openai.AsyncOpenAI(
            api_key="ollama", base_url=ollama_url(ollama.url), timeout=ollama.timeout_s,
            max_retries=0, http_client=staying(),
        )  # fmt: skip
        return HostedEmbedder(client, model, dim, masked=False)
    if openai_settings.key is None:
        raise ModelMisconfigured("knowledge.embeddings is openai, and openai.key is not set")
    client = openai.AsyncOpenAI(
        api_key=openai_settings.key.get_secret_value(),
        base_url=openai_settings.base_url,
        timeout=openai_settings.timeout_s,
        max_retries=0,
        http_client=staying(),
    )
    shorter = {"dimensions": dim} if knobs.dim is not None else {}
    return HostedEmbedder(client, model, dim, masked=True, options=shorter)
