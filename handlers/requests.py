"""Puts what was understood and found into the shapes that models and checks take."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from config.packs import Pack
from handlers.parting import Part
from handlers.reading import Reading
from knowledge.glossary import Glossary
from knowledge.leaks import guarded
from knowledge.policies import instructions
from knowledge.prompt import BUDGET, Shot, TurnPrompt
from knowledge.verify import Evidence
from llm.base import Request
from text.privacy import Recogniser

NEVER: Final = "La tienda nunca dice estas palabras, ni tú: {words}. Dilo de otra manera."
TOLD: Final = 40
"""Words that one prompt holds; the check knows them all."""


def request_for(reading: Reading, pack: Pack) -> Request:
    """What every model may read; the prompt is composed only for those that want one."""
    known = {
        "shop": pack.identity.shop.name,
        "currency": pack.identity.currency,
        "categories": enumerated(reading.index.categories, reading.parsed.locale),
    }
    whole = Request(
        prompt=prompt_for(reading, pack),
        question=reading.text,
        locale=reading.parsed.locale,
        intent=reading.parsed.intent,
        acts=reading.parsed.acts,
        slots=known | reading.parsed.slots,
        sources=reading.found.sources,
        finding=reading.found.finding,
        phrases=pack.phrases | pack.answers,
    )
    if not reading.parts:
        return whole
    return replace(whole, parts=tuple(_part(whole, part, known) for part in reading.parts))


def _part(whole: Request, part: Part, known: Mapping[str, Any]) -> Request:
    return replace(
        whole,
        question=part.text,
        intent=part.parsed.intent,
        acts=part.parsed.acts,
        slots={**known, **part.parsed.slots},
        sources=part.found.sources,
        finding=part.found.finding,
    )


def prompt_for(
    reading: Reading,
    pack: Pack,
    recognisers: Sequence[Recogniser] = (),
    shots: Sequence[Shot] = (),
    budget: int = BUDGET,
) -> TurnPrompt:
    return TurnPrompt(
        persona=pack.persona,
        rules=(*instructions(pack), *_unsaid(reading.glossary)),
        style=reading.style,
        shots=shots,
        budget=budget,
        question=reading.text,
        locale=reading.parsed.locale,
        sources=reading.found.sources,
        finding=reading.found.finding,
        parts=tuple((part.found.finding, part.found.sources) for part in reading.parts),
        categories=reading.index.categories,
        said=reading.said,
        recognisers=recognisers,
    )


def _unsaid(glossary: Glossary) -> Iterator[str]:
    if glossary.never:
        yield NEVER.format(words=", ".join(f"«{one}»" for one in glossary.never[:TOLD]))


def known_to(reading: Reading, pack: Pack) -> Evidence:
    """What a reply may claim."""
    return Evidence(
        sources=reading.found.sources,
        question=reading.text,
        quantity=reading.parsed.slots.get("quantity", 1),
        counted=tuple(part.parsed.slots.get("quantity", 1) for part in reading.parts),
        peso=pack.identity.currency,
        sites=reading.sites,
        index=reading.index,
        guard=guarded(pack),
        glossary=reading.glossary,
    )


def enumerated(names: Sequence[str], locale: str) -> str:
    """`mochilas, ropa y cursos`."""
    lowered = [name.lower() for name in names]
    if len(lowered) < 2:  # noqa: PLR2004  nothing to join
        return "".join(lowered)
    return f"{', '.join(lowered[:-1])} {'and' if locale == 'en' else 'y'} {lowered[-1]}"
