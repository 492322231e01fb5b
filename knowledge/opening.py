"""What reading and finding documents needs, by the settings."""

from typing import Final

from config.knowledge import KnowledgeSettings
from config.settings import Settings
from knowledge.extraction import Caps
from llm.embeddings import Embedders, OfflineEmbedder
from services.files import Files

MB: Final = 1024**2


def embedders(settings: Settings) -> Embedders:
    """Raises ModelMisconfigured."""
    if settings.knowledge.embeddings == "offline":
        return Embedders(OfflineEmbedder())
    from llm.hosted_embeddings import open_embedder  # noqa: PLC0415  half a second of imports

    return Embedders(open_embedder(settings.knowledge, settings.openai, settings.ollama))


def caps(knobs: KnowledgeSettings) -> Caps:
    return Caps(knobs.max_mb * MB, knobs.max_pages, knobs.max_letters)


def kept_files(settings: Settings) -> Files:
    return Files(settings.app.var / "documents")
