"""Puts an answer into the draft that the sender claims, with all that is known of its origin."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from config.packs import Pack
from events.contents import Choice, Composed, Extra, Generation, ServedAs, SourceUsed
from events.happened import following
from events.vocabulary import ReplyDrafted, TurnReady
from handlers.reading import Reading
from knowledge.citing import placed
from llm.base import Completion, Served, Source


@dataclass(frozen=True, slots=True)
class Answer:
    """`sources` are facts it rests on beside those that were found for its turn; `trace` is how it
    was decided on, beside what the reading says."""

    completion: Completion
    verdict: str = "ok"
    latency_ms: int = 0
    choices: tuple[Choice, ...] = ()
    menu: str = ""
    extras: tuple[Extra, ...] = ()
    sources: tuple[Source, ...] = ()
    trace: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Drafter:
    """`compose` turns a text into what the network of an account takes."""

    pack: Pack
    compose: Callable[[str, str], Composed]

    def draft(
        self, turn: TurnReady, reading: Reading, answer: Answer, at: datetime
    ) -> ReplyDrafted:
        text = answer.completion.text.strip()
        cause = turn.turn or turn.id
        composed = self.compose(turn.account, text)
        return ReplyDrafted(
            **following(turn, f"reply:{turn.revision}", at, of=cause),
            customer=turn.customer,
            chat=turn.chat,
            thread=turn.thread,
            revision=turn.revision,
            text=text,
            parts=composed.parts,
            question=reading.text,
            answers=tuple(message.id for message in turn.messages),
            asked_at=turn.messages[-1].at if turn.messages else turn.at,
            sensitive=any(self._sensitive(used) for used in answer.completion.used),
            marks=composed.marks,
            choices=answer.choices,
            menu=answer.menu,
            extras=composed.extras + answer.extras,
            generation=self._generation(reading, answer),
        )

    def _sensitive(self, used: str) -> bool:
        saying = self.pack.answers.get(used)
        return saying is not None and saying.sensitive

    def _generation(self, reading: Reading, answer: Answer) -> Generation:
        parsed, completion = reading.parsed, answer.completion
        only = reading.found.products[0] if len(reading.found.products) == 1 else None
        return Generation(
            intent=parsed.intent,
            category=parsed.category,
            slots=dict(parsed.slots),
            confidence=parsed.confidence,
            product_id=only.id if only else None,
            product_name=only.name if only else None,
            provider=completion.provider,
            model=completion.model,
            model_version=completion.version,
            tokens_in=completion.usage.tokens_in,
            tokens_out=completion.usage.tokens_out,
            latency_ms=answer.latency_ms,
            cost_micros=completion.cost_micros,
            intensity=reading.style.intensity,
            tone=reading.style.tone,
            locale=parsed.locale,
            history=tuple(f"{line.role}: {line.content}" for line in reading.said),
            sources=tuple(self._used(reading, answer).values()),
            named=tuple(_named(reading, completion.text)),
            verdict=answer.verdict,
            trace=_trace(reading, answer),
            served=_served(completion.served),
        )

    def _used(self, reading: Reading, answer: Answer) -> Mapping[str, SourceUsed]:
        """What the provider says it used; a hosted model cannot tell, and was given everything."""
        completion = answer.completion
        known = {
            source.id: SourceUsed(
                kind=source.kind,
                id=source.id,
                title=source.title,
                role=str(source.data.get("role", "")),
            )
            for source in (*reading.found.sources, *answer.sources)
        }
        if not completion.used:
            return known
        return {
            used: known.get(used) or SourceUsed(kind="answer", id=used, title=self._title(used))
            for used in completion.used
        }

    def _title(self, used: str) -> str:
        saying = self.pack.answers.get(used) or self.pack.phrases.get(used)
        return (saying.title if saying else "") or used


def _named(reading: Reading, text: str) -> Iterator[UUID]:
    """Of products that share a name, those that were found for the turn are meant, if any."""
    found = {one.id for one in reading.found.products}
    for alike in reading.index.namesakes(text):
        ids = [one.id for one in alike]
        yield from [one for one in ids if one in found] or ids


def _served(served: Served | None) -> ServedAs | None:
    return msgspec.convert(asdict(served), ServedAs) if served is not None else None


def _trace(reading: Reading, answer: Answer) -> dict[str, Any]:
    decided = {name: how for name, how in answer.trace.items() if how}
    return _likely(reading) | _asked(reading) | _searched(reading) | decided


def _likely(reading: Reading) -> dict[str, Any]:
    """What else it might have wanted; nothing where there was no other."""
    parsed = reading.parsed
    told = [{"intent": name, "confidence": sure} for name, sure in parsed.likely]
    others = any(one["intent"] != parsed.intent for one in told)
    return {"likely": told} if others else {}


def _asked(reading: Reading) -> dict[str, Any]:
    """Where several things were asked: what each was understood as, and what was found for it."""
    asked = [
        {
            "intent": part.parsed.intent,
            "finding": part.found.finding,
            "sources": [source.id for source in part.found.sources],
        }
        for part in reading.parts
    ]
    return {"asked": asked} if asked else {}


def _searched(reading: Reading) -> dict[str, Any]:
    """What the documents gave, with the scores by which it was told from what was merely near."""
    searched = reading.searched
    if not searched.hits:
        return {}
    hits = [
        {
            "passage": str(hit.told.id),
            "title": placed(hit),
            "score": round(hit.score, 4),
            "coverage": round(hit.coverage, 2),
            "cosine": None if hit.cosine is None else round(hit.cosine, 3),
            "answers": hit.answers,
        }
        for hit in searched.hits
    ]
    corrected = {word: list(others) for word, others in searched.corrected.items()}
    return {"search": {"model": searched.model, "hits": hits, "corrected": corrected}}
