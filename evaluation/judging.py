"""Asks a model about the replies of which the lexicon is unsure, in batches beside the stream.

Each answer is one transaction with the place it was found at: a run that is killed asks again only
what it had asked and not yet written, and nothing is judged twice.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from config.scoring import ScoringSettings
from evaluation.caching import Judged, keep
from evaluation.combining import JUDGE
from evaluation.exemplars import learn
from evaluation.rubric import (
    SCHEMA,
    VERSION,
    AnswerRefused,
    Heard,
    asked,
    believed,
    refused,
    suspicious,
    worth_asking,
)
from evaluation.scoring import Judgement
from evaluation.words import LEXICON_VERSION, WORDLESS
from llm.base import (
    BudgetSpent,
    LanguageModel,
    ModelEmpty,
    ModelError,
    ModelRejected,
    Payer,
    Request,
)
from store.scoring import Place, move, place_of
from store.session import Store
from store.spoken import Unjudged, judged_since, unjudged

log = structlog.get_logger()

TASK: Final = "judge"
PAGE: Final = 200
AT_ONCE: Final = 4
SETTLED: Final = timedelta(minutes=5)
"""What was written less than so long ago may still be joined by something older."""
LONGEST_WAIT: Final = timedelta(days=7)
"""What nobody could be asked about for so long is left to the lexicon."""
REFUSALS: Final = 5
"""So many in a row that the provider itself refuses are its fault, not the messages'."""
MOST_TOKENS: Final = 300
CUSTOMER: Final = "judge"
"""For whom the judge's money is counted, beside the shop's customers."""


@dataclass(slots=True)
class Tally:
    """`asked` is how often a model was, `refused` of its answers could not be used; `unshown` are
    messages that gave orders to the judge. `stopped` says why it ended before there was no more."""

    looked_at: int = 0
    asked: int = 0
    judged: int = 0
    refused: int = 0
    unshown: int = 0
    cost_micros: int = 0
    stopped: str = ""


class OutOfReach(Exception):
    """Nobody can be asked now; the message says why."""


@dataclass(frozen=True, slots=True)
class Bench:
    """One shop's judge. `day` begins the day whose calls are counted."""

    store: Store
    shop: UUID
    model: LanguageModel
    knobs: ScoringSettings
    moment: datetime
    day: datetime
    step: Callable[[Tally], None] = lambda _: None
    tally: Tally = field(default_factory=Tally)

    async def sit(self) -> Tally:
        """Until there is no more, the day's calls or money are gone, or nobody answers."""
        async with self.store.batch() as connection:
            place = await place_of(connection, self.shop, TASK, VERSION)
            left = self.knobs.judge_per_day - await judged_since(connection, self.shop, self.day)
        place = replace(place, at=max(place.at, self.moment - LONGEST_WAIT))
        try:
            while rows := await self._rows(place):
                for some in portions(rows, [self._wanted(row) for row in rows], AT_ONCE):
                    left = self._within(some, left)
                    place = await self._heard(some, place)
                    self.step(self.tally)
        except OutOfReach as why:
            self.tally.stopped = str(why)
            log.info("judge.stopped", shop=str(self.shop), reason=str(why))
        return self.tally

    def _within(self, rows: Sequence[Unjudged], left: int) -> int:
        wanted = sum(map(self._wanted, rows))
        if wanted > left:
            raise OutOfReach("the day's calls are made")
        return left - wanted

    def _wanted(self, row: Unjudged) -> bool:
        said, heard = row.followed, Heard(row.score, row.label, row.confidence)
        if said.content in WORDLESS:
            return False
        return worth_asking(said.id, said.next, heard, self.knobs.audit) is not None

    async def _rows(self, place: Place) -> list[Unjudged]:
        versions = LEXICON_VERSION, VERSION
        until = self.moment - SETTLED
        async with self.store.batch() as connection:
            return await unjudged(connection, self.shop, place, until, versions, PAGE)

    async def _heard(self, rows: Sequence[Unjudged], place: Place) -> Place:
        """What was answered is written down, also when one of them was not."""
        answers = await asyncio.gather(*(self._judgement(row) for row in rows))
        ended = next((one for one in answers if isinstance(one, OutOfReach)), None)
        judged = [
            Judged(self.shop, row.followed.id, JUDGE, VERSION, answer)
            for row, answer in zip(rows, answers, strict=True)
            if isinstance(answer, Judgement)
        ]
        last = rows[-1].followed
        there = replace(place, at=last.at, id=last.id, done=place.done + len(rows))
        async with self.store.batch() as connection:
            changed = await keep(connection, judged, self.moment)
            await learn(connection, list(changed))
            if ended is None:
                await move(connection, self.shop, TASK, VERSION, there)
        if ended is not None:
            raise ended
        self.tally.looked_at += len(rows)
        return there

    async def _judgement(self, row: Unjudged) -> Judgement | OutOfReach | None:
        """None where nobody need be asked."""
        if not self._wanted(row):
            return None
        said = row.followed
        if (rule := suspicious(said.next)) is not None:
            self.tally.unshown += 1
            return refused(f"it gives orders ({rule})")
        return await self._asked(said.reply, said.next)

    async def _asked(self, reply: str, text: str) -> Judgement | OutOfReach:
        request = Request(
            prompt=asked(reply, text),
            temperature=0.0,
            max_tokens=MOST_TOKENS,
            payer=Payer(str(self.shop), CUSTOMER),
            shape=SCHEMA,
        )
        self.tally.asked += 1
        try:
            completion = await self.model.complete(request)
            self.tally.cost_micros += completion.cost_micros
            judgement = believed(completion.text, text)
        except (AnswerRefused, ModelEmpty) as error:
            return self._unusable(str(error))
        except BudgetSpent as error:
            self.tally.asked -= 1
            return OutOfReach(str(error))
        except ModelRejected as error:
            if self.tally.refused >= REFUSALS and not self.tally.judged:
                return OutOfReach(f"every request is refused: {error}")
            return self._unusable(str(error))
        except ModelError as error:
            return OutOfReach(str(error))
        self.tally.judged += 1
        return judgement

    def _unusable(self, why: str) -> Judgement:
        self.tally.refused += 1
        log.warning("judge.refused", shop=str(self.shop), reason=why)
        return refused(why)


def portions(
    rows: Sequence[Unjudged], wanted: Sequence[bool], most: int
) -> list[Sequence[Unjudged]]:
    """In their order, each with at most so many that are asked about, of which one is the last."""
    found, begin, count = list[Sequence[Unjudged]](), 0, 0
    for place, asks in enumerate(wanted):
        count += asks
        if count == most:
            found.append(rows[begin : place + 1])
            begin, count = place + 1, 0
    return [*found, rows[begin:]] if begin < len(rows) else found
