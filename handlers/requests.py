"""Puts what was understood and found into the shapes that models and checks take."""

from collections.abc import Sequence

from config.packs import Pack
from handlers.reading import Reading
from knowledge.leaks import guarded
from knowledge.policies import instructions
from knowledge.prompt import BUDGET, Shot, TurnPrompt
from knowledge.verify import Evidence
from llm.base import Request
from text.privacy import Recogniser


def request_for(reading: Reading, pack: Pack) -> Request:
    """What every model may read; the prompt is composed only for those that want one."""
    parsed = reading.parsed
    known = {
        "shop": pack.identity.shop.name,
        "currency": pack.identity.currency,
        "categories": enumerated(reading.index.categories, parsed.locale),
    }
    return Request(
        prompt=prompt_for(reading, pack),
        question=reading.text,
        locale=parsed.locale,
        acts=parsed.acts,
        slots=known | parsed.slots,
        sources=reading.found.sources,
        finding=reading.found.finding,
        phrases=pack.phrases | pack.answers,
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
        rules=tuple(instructions(pack)),
        style=reading.style,
        shots=shots,
        budget=budget,
        question=reading.text,
        locale=reading.parsed.locale,
        sources=reading.found.sources,
        finding=reading.found.finding,
        categories=reading.index.categories,
        said=reading.said,
        recognisers=recognisers,
    )


def known_to(reading: Reading, pack: Pack) -> Evidence:
    """What a reply may claim."""
    return Evidence(
        sources=reading.found.sources,
        question=reading.text,
        quantity=reading.parsed.slots.get("quantity", 1),
        peso=pack.identity.currency,
        sites=reading.sites,
        index=reading.index,
        guard=guarded(pack),
    )


def enumerated(names: Sequence[str], locale: str) -> str:
    """`mochilas, ropa y cursos`."""
    lowered = [name.lower() for name in names]
    if len(lowered) < 2:  # noqa: PLR2004  nothing to join
        return "".join(lowered)
    return f"{', '.join(lowered[:-1])} {'and' if locale == 'en' else 'y'} {lowered[-1]}"
