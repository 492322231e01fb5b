"""Takes people's labels of replies: whoever says what a message told decides the reply's score."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from evaluation.caching import Judged, follow
from evaluation.combining import HUMAN
from evaluation.exemplars import learn
from evaluation.signs import labelled
from events.happened import named
from store.batches import Row
from store.labels import keep_labels, may_be_labelled, said_of
from store.session import BatchConnection, Store
from text.folding import clean
from text.privacy import Recogniser, scrub

VERSION = 1


class LabelRefused(Exception):
    """These labels were not taken, none of them; the message says why."""


@dataclass(frozen=True, slots=True)
class Given:
    """Of a reply of the shop by its id, or of two texts that come from elsewhere."""

    score: int | None
    by: str
    training: UUID | None = None
    reply: str | None = None
    next: str | None = None
    note: str = ""
    frozen: bool = False


@dataclass(frozen=True, slots=True)
class Clerk:
    """One shop's labels; `recognisers` are its pack's own."""

    store: Store
    shop: UUID
    recognisers: Sequence[Recogniser] = ()

    async def take(self, given: Sequence[Given], moment: datetime) -> int:
        """All of them or none. Raises LabelRefused. How many there are, copies counted once."""
        ids = sorted({one.training for one in given if one.training is not None})
        rows = {row[1]: row for row in (self._row(one, moment) for one in given)}
        async with self.store.batch() as connection:
            await self._refuse_unknown(connection, ids)
            await keep_labels(connection, list(rows.values()))
            judged = [
                Judged(self.shop, id_, HUMAN, VERSION, labelled(scores))
                for id_, scores in (await said_of(connection, self.shop, ids)).items()
            ]
            changed = await follow(connection, judged, moment)
            await learn(connection, list(changed))
        return len(rows)

    async def _refuse_unknown(self, connection: BatchConnection, ids: Sequence[UUID]) -> None:
        known = await may_be_labelled(connection, self.shop, ids)
        unknown = [str(one) for one in ids if one not in known]
        if unknown:
            raise LabelRefused(
                f"the shop has no reply {unknown[0]} of the bot's that a customer answered"
            )

    def _row(self, one: Given, moment: datetime) -> Row:
        reply, said = (
            None if text is None else self._masked(text) for text in (one.reply, one.next)
        )
        about = str(one.training) if one.training else f"{reply or ''}\n{said}"
        id_ = named("reply label", str(self.shop), about, one.by)
        texts = (None, None) if one.training else (reply, said)
        return (
            self.shop, id_, one.training, *texts, one.score, clean(one.by), self._masked(one.note),
            one.frozen, moment,
        )  # fmt: skip

    def _masked(self, text: str) -> str:
        return scrub(clean(text), extra=self.recognisers).text
