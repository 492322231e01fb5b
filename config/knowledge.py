"""What the bot may read, by whose vectors it finds it again, and which links it may pass on."""

from typing import Literal

from pydantic import Field

from config.manners import Section


class KnowledgeSettings(Section):
    """`embeddings` is who turns texts into vectors; changing it takes effect shop by shop, with
    `main.py documents reembed`. `model` and `dim` are those of openai or ollama. A link of a
    document is told only when its site stands in `links`; a document of more than `queue_mb` is
    read by the job worker. `files_a_day`: what people and programs may send a shop within 24 hours;
    `max_rows`: of a file of products. `starter`: a new shop begins with its pack's documents."""

    embeddings: Literal["offline", "openai", "ollama"] = "offline"
    model: str | None = None
    dim: int | None = Field(default=None, ge=1, le=4000)
    passages: int = Field(default=5, ge=1, le=6)
    max_mb: int = Field(default=20, ge=1, le=200)
    max_pages: int = Field(default=300, ge=1)
    max_letters: int = Field(default=2_000_000, ge=1, le=30_000_000)
    max_rows: int = Field(default=20_000, ge=1, le=50_000)
    files_a_day: int = Field(default=50, ge=1)
    queue_mb: int = Field(default=5, ge=0)
    links: tuple[str, ...] = ()
    starter: bool = True
