"""A step's decision where several things are asked: what it decides of each, and the others'
answers, in one reply and in the order asked."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from handlers.drafting import Answer
from handlers.parting import Part, together
from handlers.steps import Asked, Before, Decision

Rest: TypeAlias = Callable[[Asked], Awaitable[Answer]]
"""Has a model answer what no step decided."""


async def decided(asked: Asked, step: Before, rest: Rest) -> Decision | None:
    """None where the step has nothing to say of any of it."""
    parts = asked.reading.parts
    if not parts:
        return await step(asked)
    found = [await step(_about(asked, (part,))) for part in parts]
    made = [one for one in found if one is not None]
    if not made or sum(bool(one.events) for one in made) > 1:
        return await step(asked)
    left = [part for part, one in zip(parts, found, strict=True) if one is None]
    told = [one.answer if one is not None else None for one in found]
    if left:
        others = _about(asked, left)
        answer = _named(await rest(others), others)
        place = found.index(None)
        told[place] = answer
    return _joined(made, [one for one in told if one is not None])


def _about(asked: Asked, parts: Sequence[Part]) -> Asked:
    """The same turn, as if nothing else had been asked in it."""
    reading, only = asked.reading, parts[0]
    if len(parts) == 1:
        own = replace(reading, text=only.text, parsed=only.parsed, found=only.found, parts=())
    else:
        text = "\n".join(part.text for part in parts)
        own = replace(reading, text=text, found=together(parts), parts=tuple(parts))
    return replace(asked, reading=own)


def _named(answer: Answer, asked: Asked) -> Answer:
    """A hosted model cannot tell what it used, and was given everything."""
    said = answer.completion
    used = said.used or tuple(source.id for source in asked.reading.found.sources)
    return replace(answer, completion=replace(said, used=used))


def _joined(made: Sequence[Decision], told: Sequence[Answer]) -> Decision:
    """What was decided keeps its consequences, and what a model said still costs what it cost."""
    first = next(
        (one for one in made if one.events or (one.answer and one.answer.choices)), made[0]
    )
    texts = dict.fromkeys(one.completion.text.strip() for one in told)
    used = dict.fromkeys(name for one in told for name in one.completion.used)
    by = next((one for one in told if one.completion.provider != "pack"), told[0])
    said = replace(
        (first.answer or told[0]).completion,
        text="\n\n".join(texts),
        used=tuple(used),
        usage=by.completion.usage,
        cost_micros=by.completion.cost_micros,
        served=by.completion.served,
    )
    answer = replace(
        first.answer or told[0],
        completion=said,
        verdict=next((one.verdict for one in told if one.verdict != "ok"), "ok"),
        sources=tuple(source for one in told for source in one.sources),
        trace=by.trace,
    )
    return replace(first, answer=answer)
