"""The jobs about documents: reading one that was left, other vectors, the index of neighbours."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import structlog

from config.settings import Settings
from jobs.attempts import Attempt
from jobs.schedule import VECTORS, Run
from knowledge.extraction import opened_reader
from knowledge.ingest import Ingest
from knowledge.left import read_left
from knowledge.opening import caps, embedders, kept_files
from knowledge.reembedding import index_neighbours, reembed
from llm.embeddings import Embedder, Embedders

log = structlog.get_logger()


class OtherSettings(Exception):
    """The job was asked for under settings that this process does not have."""


def vectors_of(shop: UUID, embedder: Embedder) -> Run:
    return Run(VECTORS, shop, f"{embedder.model}:{embedder.dim}")


async def read_document(attempt: Attempt, settings: Settings) -> None:
    """A file that is refused is an end, too: the document says why."""
    document, _, asked = attempt.run.period.partition("@")
    async with _embedders(settings) as ours, opened_reader(caps(settings.knowledge)) as reader:
        ingest = Ingest(attempt.store, reader, ours, kept_files(settings))
        result = await read_left(ingest, attempt.run.shop, UUID(document), asked)
    async with attempt.store.transaction() as session:
        await attempt.end(session, result)


async def change_vectors(attempt: Attempt, settings: Settings) -> None:
    async with _embedders(settings) as ours:
        if vectors_of(attempt.run.shop, ours.ours) != attempt.run:
            raise OtherSettings(f"{attempt.run.period} was asked for; ours is {ours.ours.model}")
        made = await reembed(attempt.store, attempt.run.shop, ours.ours, _told)
    async with attempt.store.transaction() as session:
        await attempt.end(session, {"vectors": made})


async def build_index(attempt: Attempt, _settings: Settings) -> None:
    built = await index_neighbours(attempt.store, attempt.run.shop, _told)
    async with attempt.store.transaction() as session:
        await attempt.end(session, {"indexed": built})


@asynccontextmanager
async def _embedders(settings: Settings) -> AsyncIterator[Embedders]:
    ours = embedders(settings)
    try:
        yield ours
    finally:
        await ours.ours.close()


def _told(done: int, of: int) -> None:
    log.info("job.progress", done=done, of=of)
