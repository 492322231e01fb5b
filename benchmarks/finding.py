"""How well and how fast questions find their passage: public questions, and a large base.

The floor of the latency is the same number of exchanges with Postgres that look up a key each; of
the recall, it is comparing with every vector.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID, uuid5

from benchmarks.filling import MEANT, MEANT_DIM, SMALL_PART, fill, meant, shop_named
from benchmarks.ground import Ground
from benchmarks.load import Load
from benchmarks.texts import Question, Writer, hurried, xquad
from knowledge.documents import File
from knowledge.extraction import opened_reader
from knowledge.ingest import Ingest
from knowledge.search import Search
from llm.embeddings import Vector
from store import finding
from store.passages import CorpusRow
from store.session import Store, open_store
from store.vectors import packed, teach

WANTED: Final = 5
ASIDE: Final = 0.4
"""How far from its passage a question means something."""


async def findings(ground: Ground, load: Load) -> dict[str, Any]:
    store = open_store(ground.database_url, role="pipeline", pool=4)
    try:
        load.told("finding public questions")
        public = await _public(store, load)
        load.told("filling a large base")
        large = await _large(ground, store, load)
    finally:
        await store.close()
    return {"xquad": public, "large": large}


async def _public(store: Store, load: Load) -> dict[str, Any] | None:
    told = xquad()
    if told is None:
        return None
    paragraphs, questions = told
    shop = await shop_named(store, "xquad")
    async with opened_reader() as reader:
        ingest = Ingest(store, reader)
        for place, text in enumerate(paragraphs):
            await ingest.ingest(shop, File(f"{place}.txt", text.encode()))
    asked = questions[: load.questions]
    figures = await _hits(store, shop, asked)
    return {
        "paragraphs": len(paragraphs),
        "questions": len(asked),
        **figures,
        "hurried": await _hits(store, shop, hurried(asked)),
    }


async def _hits(store: Store, shop: UUID, questions: Sequence[Question]) -> dict[str, Any]:
    search = Search(store)
    places: list[int | None] = []
    taken: list[float] = []
    for one in questions:
        begun = time.perf_counter()
        found = await search.search(shop, one.text, count=WANTED)
        taken.append(time.perf_counter() - begun)
        names = [hit.told.file_name for hit in found.hits]
        right = f"{one.paragraph}.txt"
        places.append(names.index(right) if right in names else None)
    return {
        "hit_at_1": round(sum(place == 0 for place in places) / len(places), 4),
        "hit_at_5": round(sum(place is not None for place in places) / len(places), 4),
        **_quantiles(taken),
    }


async def _large(ground: Ground, store: Store, load: Load) -> dict[str, Any]:
    """Most passages are one shop's; every fiftieth is another's."""
    shops = [await shop_named(store, "large"), await shop_named(store, "small")]
    writer = Writer()
    texts = list(writer.passages(load.passages))
    begun = time.perf_counter()
    await fill(ground, shops, texts)
    filled = time.perf_counter() - begun
    load.told("asking a large base")
    places = writer.draw.integers(0, len(texts), load.asked)
    asked = [(writer.question(texts[place]), int(place)) for place in places]
    of_large = [(text, place) for text, place in asked if place % SMALL_PART]
    timed = await _timed(store, shops[0], of_large)
    small = [await Search(store).search(shops[1], text) for text, _ in asked[:50]]
    near = await _neighbours(store, shops[0], [place for _, place in of_large])
    return {
        "passages": len(texts),
        "filled_s": round(filled, 1),
        **timed,
        "vectors_of_a_model": near,
        "small_shop": {
            "passages": len(texts) // SMALL_PART,
            "fewest_hits": min(len(found.hits) for found in small),
        },
        "floor": await _bare(store, shops[0], len(of_large)),
    }


async def _timed(store: Store, shop: UUID, asked: Sequence[tuple[str, int]]) -> dict[str, Any]:
    search, taken, right = Search(store), [], 0
    for text, place in asked:
        begun = time.perf_counter()
        found = await search.search(shop, text, count=WANTED)
        taken.append(time.perf_counter() - begun)
        right += any(hit.told.id == uuid5(shop, str(place)) for hit in found.hits)
    return {**_quantiles(taken), "hit_at_5": round(right / len(asked), 4)}


async def _neighbours(store: Store, shop: UUID, places: Sequence[int]) -> dict[str, Any]:
    """HNSW over vectors as models make them: of the five nearest, the part that it finds; equally
    near ones count."""
    row = CorpusRow(MEANT, MEANT_DIM, ann=True)
    found, taken, compared = 0.0, [], []
    for place in places:
        vector = meant(place, away=ASIDE)
        begun = time.perf_counter()
        ours = await _nearest(store, shop, row, vector)
        taken.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        exact = await _nearest(store, shop, replace(row, ann=False), vector)
        compared.append(time.perf_counter() - begun)
        found += sum(one <= exact[-1] + 1e-4 for one in ours) / len(exact)
    return {
        "recall_at_5": round(found / len(places), 4),
        **_quantiles(taken),
        "floor": {"compared_one_by_one": _quantiles(compared)},
    }


async def _nearest(store: Store, shop: UUID, row: CorpusRow, vector: Vector) -> list[float]:
    """The distances of the five nearest."""
    template = finding.NEAREST if row.ann else finding.EACH
    inner = template.format(dim=row.dim, wide=finding.WIDE, fresh="")
    inner = inner.replace("$5", "$2").replace("$6", "$3")
    async with finding.opened(store, row) as connection:
        await teach(connection)
        found = await connection.fetch(
            f"SELECT distance FROM ({inner}) AS near ORDER BY distance LIMIT {WANTED}",  # noqa: S608  our own statement
            shop,
            row.model,
            packed(vector),
        )
    return [one["distance"] for one in found]


def _quantiles(taken: Sequence[float]) -> dict[str, float]:
    ordered = sorted(taken)
    return {
        "p50_ms": round(ordered[len(ordered) // 2] * 1e3, 3),
        "p99_ms": round(ordered[int(len(ordered) * 0.99)] * 1e3, 3),
    }


async def _bare(store: Store, shop: UUID, times: int) -> dict[str, Any]:
    """Three exchanges that look up a key each."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        async with store.lookup() as connection:
            for _ in range(3):
                await connection.fetchrow("SELECT * FROM ml.corpus WHERE shop_id = $1", shop)
        taken.append(time.perf_counter() - begun)
    return _quantiles(taken)
