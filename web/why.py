"""How an answer came about, in words for a seller, with the figures for whoever may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

PAGES: Final[Mapping[str, str]] = {
    "product": "/catalogo",
    "passage": "/documentos",
    "term": "/glosario",
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
    wrote it, or nothing was learned from it."""

    row: Mapping[str, Any]
    grounds: Sequence[Ground] = ()
    examples: int = 0
    verdict: str = ""
    policies: Sequence[str] = ()
    cost_micros: int = 0
    slots: Mapping[str, Any] = field(default_factory=dict)

    @property
    def learned(self) -> bool:
        return self.row["intent"] is not None


def explained(row: Mapping[str, Any], pages: frozenset[str]) -> Why:
    """`pages` are those that are mounted."""
    context = row["context"] or {}
    trace = context.get("trace", {})
    hits = {str(hit.get("id")): hit for hit in trace.get("search", {}).get("hits", [])}
    sources = context.get("sources", [])
    return Why(
        row=row,
        grounds=[_ground(one, hits.get(str(one["id"])), pages) for one in sources],
        examples=len(trace.get("examples", [])),
        verdict=context.get("verdict") or "",
        policies=trace.get("policies", []),
        cost_micros=context.get("cost_micros", 0),
        slots=row["slots"] or {},
    )


def _ground(
    source: Mapping[str, Any], hit: Mapping[str, Any] | None, pages: frozenset[str]
) -> Ground:
    page = PAGES.get(source["kind"], "")
    score = hit.get("cosine") if hit else None
    return Ground(
        kind=source["kind"],
        title=source["title"] or source["id"],
        score=score,
        href=page if page in pages else "",
    )
