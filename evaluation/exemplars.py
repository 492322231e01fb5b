"""Keeps good answers as examples for the prompts of later ones, and forgets those that were not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from events.effects import NOTHING, Delivered, Outcome, Retry
from events.vocabulary import ReplyScored
from learning.volatile import templated
from llm.embeddings import OFFLINE_MODEL, hashed
from store import examples
from store.base import StoreUnavailable
from store.examples import Candidate
from store.session import Store
from text.folding import clean
from text.injection import links, suspicions

GOOD: Final = 4
PAUSE_S: Final = 0.5
LEAST_WORDS: Final = 2
LONGEST_QUESTION, LONGEST_ANSWER = 300, 500


@dataclass(frozen=True, slots=True)
class Exemplars:
    store: Store

    async def on_batch(self, deliveries: Sequence[Delivered]) -> Sequence[Outcome]:
        scored = {
            (event.shop, event.training_id): event
            for event in (delivered.event for delivered in deliveries)
            if isinstance(event, ReplyScored)
        }
        try:
            await self._keep(list(scored.values()))
        except StoreUnavailable as down:
            return [Retry(after=PAUSE_S, reason=str(down))] * len(deliveries)
        return [NOTHING] * len(deliveries)

    async def _keep(self, scored: Sequence[ReplyScored]) -> None:
        well = [event for event in scored if (event.score or 0) >= GOOD]
        badly = [(event.shop, event.training_id) for event in scored if event.score in {1, 2, 3}]
        async with self.store.batch() as connection:
            await examples.forget(connection, badly)
            wanted = [(event.shop, event.training_id) for event in well]
            for one in useful(await examples.good(connection, wanted)):
                await examples.keep(connection, one, OFFLINE_MODEL, hashed(one.question))
            for shop in {event.shop for event in well}:
                await examples.trim(connection, shop)


def useful(found: Iterable[Candidate]) -> list[Candidate]:
    """Those that teach: a question of some words, a short answer without links or orders, its
    amounts and dates as placeholders."""
    return [replace(one, answer=templated(one.answer)) for one in found if _teaches(one)]


def _teaches(one: Candidate) -> bool:
    question, answer = clean(one.question), clean(one.answer)
    if not len(question.split()) >= LEAST_WORDS or len(question) > LONGEST_QUESTION:
        return False
    if not answer or len(answer) > LONGEST_ANSWER:
        return False
    return not any(suspicions(text) or links(text) for text in (question, answer))
