"""How an answer came about, in words for a seller, with the figures for whoever may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import select

from nlu.likely import Likely, led_by
from nlu.parse import GENERAL
from store.app import Product
from store.knowledge import Passage
from store.session import ReadSession
from store.spans import of_request
from web.stages import Stage, stages

PAGES: Final[Mapping[str, str]] = {
    "product": "/catalogo",
    "passage": "/documentos",
    "term": "/glosario",
    "answer": "/ajustes/respuestas",
}
"""Where the source of an answer is mended."""
EXAMPLES: Final = 5


@dataclass(frozen=True, slots=True)
class Ground:
    """`score` is between 0 and 1, or None where a source was looked up by its name."""

    kind: str
    title: str
    score: float | None
    href: str


@dataclass(frozen=True, slots=True)
class Why:
    """`row` is the answer's own, as store/decisions.py reads it. Without a training row a person
    wrote it, or nothing was learned from it. `likely` begins with what was answered."""

    row: Mapping[str, Any]
    grounds: Sequence[Ground] = ()
    examples: int = 0
    verdict: str = ""
    policies: Sequence[str] = ()
    cost_micros: int = 0
    slots: Mapping[str, Any] = field(default_factory=dict)
    likely: Likely = ()

    @property
    def learned(self) -> bool:
        return self.row["intent"] is not None


async def places(session: ReadSession, shop: UUID, row: Mapping[str, Any]) -> Mapping[str, str]:
    """The page of each source by its id: of a product, a document, a word; not where it is gone."""
    ids: dict[str, list[UUID]] = {"product": [], "passage": []}
    found: dict[str, str] = {}
    for source in (row["context"] or {}).get("sources", []):
        kind, name = source["kind"], str(source["id"])
        if kind == "term":
            found[name] = f"/glosario?palabra={quote(name.removeprefix('term:'))}"
        elif kind in ids and (known := _uuid(name)) is not None:
            ids[kind].append(known)
    goods = select(Product.id, Product.sku).where(
        Product.shop_id == shop, Product.id.in_(ids["product"])
    )
    for product, sku in await session.execute(goods):
        found[str(product)] = f"/catalogo/producto/{quote(sku)}"
    read = select(Passage.id, Passage.document_id).where(
        Passage.shop_id == shop, Passage.id.in_(ids["passage"])
    )
    for passage, document in await session.execute(read):
        found[str(passage)] = f"/documentos/{document}"
    return found


def explained(row: Mapping[str, Any], pages: frozenset[str], places: Mapping[str, str] = {}) -> Why:
    """`pages` are those that whoever looks may see, `places` the page of each source."""
    context = row["context"] or {}
    trace = context.get("trace", {})
    hits = {str(hit.get("id")): hit for hit in trace.get("search", {}).get("hits", [])}
    sources = context.get("sources", [])
    return Why(
        row=row,
        grounds=[_ground(one, hits.get(str(one["id"])), pages, places) for one in sources],
        examples=len(trace.get("examples", [])),
        verdict=context.get("verdict") or "",
        policies=trace.get("policies", []),
        cost_micros=context.get("cost_micros", 0),
        slots=row["slots"] or {},
        likely=_likely(row, trace),
    )


def _likely(row: Mapping[str, Any], trace: Mapping[str, Any]) -> Likely:
    """What was understood before others were kept has none beside it."""
    told = tuple((one["intent"], one["confidence"]) for one in trace.get("likely", []))
    if row["intent"] is None or (told and row["intent"] == GENERAL):
        return told
    return led_by(row["intent"], row["confidence"], told)


async def timed(session: ReadSession, shop: UUID, row: Mapping[str, Any]) -> Sequence[Stage]:
    """What each stage of an answer took, while its trace is kept."""
    return stages(await of_request(session, shop, row["request_id"]))


def _ground(
    source: Mapping[str, Any],
    hit: Mapping[str, Any] | None,
    pages: frozenset[str],
    places: Mapping[str, str],
) -> Ground:
    page = PAGES.get(source["kind"], "")
    score = hit.get("cosine") if hit else None
    return Ground(
        kind=source["kind"],
        title=source["title"] or source["id"],
        score=score,
        href=places.get(str(source["id"]), page) if page in pages else "",
    )


def _uuid(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None
