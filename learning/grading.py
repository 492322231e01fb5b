"""What people of a shop say of its answers, and what they do about the bad ones.

GradeRefused
├── ReplyUnknown    the shop has no answer of this id
├── NothingSaid     neither stars nor a thumb nor a comment, or what cannot be read as one
└── NoSuchRating    there is nothing of this person to take back
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from events.happened import caused_by
from learning.exemplary import useful
from llm.embeddings import OFFLINE_MODEL, hashed
from store import examples, grading
from store.grading import Order, Word
from store.session import BatchConnection, Store
from text.folding import clean
from text.privacy import Recogniser, scrub

LONGEST: Final = 1_000
MOST: Final = 500
STARS: Final = range(1, 6)


class GradeRefused(Exception):
    """Nothing was changed; the message says why, `hint` what to do."""

    hint = "main.py ratings pending lists answers with their ids"


class ReplyUnknown(GradeRefused): ...


class NothingSaid(GradeRefused):
    hint = "--stars 1 to 5, --up, --down or --comment"


class NoSuchRating(GradeRefused):
    hint = "main.py ratings list shows who said what"


@dataclass(frozen=True, slots=True)
class Grade:
    """What one person says: each part may be left out. `thumb` is 1 or -1."""

    stars: int | None = None
    thumb: int | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Grader:
    """One person of a shop, at one moment. `via` is where they speak: a command, a page."""

    store: Store
    shop: UUID
    by: str
    at: datetime
    via: str = "command"
    own: tuple[Recogniser, ...] = field(default=())

    async def give(self, reply: UUID, grade: Grade) -> dict[str, Any]:
        """The row as it stands then. Of several people the newest word counts: a thumb down keeps
        the row out of every training, a later thumb up lets it in again. Raises GradeRefused."""
        _readable(grade)
        async with self.store.batch() as connection:
            before = await known(connection, self.shop, reply)
            said = None if grade.comment is None else self._masked(grade.comment, before)
            word = self._word(reply, grade.stars, grade.thumb, said)
            await grading.give(connection, self.shop, reply, word)
            await teach(connection, self.shop, reply)
            return await known(connection, self.shop, reply)

    async def take_back(self, reply: UUID) -> dict[str, Any]:
        """As if this person had said nothing. Raises GradeRefused."""
        async with self.store.batch() as connection:
            await known(connection, self.shop, reply)
            which = self._word(reply).id
            if not await grading.take_back(connection, self.shop, reply, which):
                raise NoSuchRating(f"{self.by} has said nothing of {reply}")
            await teach(connection, self.shop, reply)
            return await known(connection, self.shop, reply)

    async def process(self, reply: UUID, notes: str | None = None, *, improved: bool) -> None:
        """Somebody has dealt with what was said of an answer. Raises GradeRefused."""
        async with self.store.batch() as connection:
            before = await known(connection, self.shop, reply)
            kept = None if notes is None else self._masked(notes, before)
            word = self._word(reply)
            await grading.process(connection, self.shop, reply, word, notes=kept, improved=improved)

    def _word(
        self,
        reply: UUID,
        stars: int | None = None,
        thumb: int | None = None,
        comment: str | None = None,
    ) -> Word:
        which = caused_by(reply, f"staff:{self.by}")
        return Word(which, self.by, self.via, self.at, stars, thumb, comment)

    def _masked(self, text: str, row: dict[str, Any]) -> str:
        names = [row["customer"]] if row["customer"] else []
        return scrub(clean(text.strip(), LONGEST), extra=self.own, names=names).text


async def known(connection: BatchConnection, shop: UUID, reply: UUID) -> dict[str, Any]:
    """Locked until the transaction ends. Raises ReplyUnknown."""
    found = await grading.row(connection, shop, reply, lock=True)
    if found is None:
        raise ReplyUnknown(f"the shop has no answer {reply}")
    return found


async def teach(
    connection: BatchConnection, shop: UUID, reply: UUID, most: int = examples.PER_CUSTOMER
) -> bool:
    """Whether an answer serves as an example now: kept when it is good, forgotten when not."""
    found = useful(await examples.good(connection, [(shop, reply)]))
    if not found:
        await examples.forget(connection, [(shop, reply)])
        return False
    await examples.keep(connection, found[0], OFFLINE_MODEL, hashed(found[0].question), most)
    await examples.trim(connection, shop)
    return True


async def pending(store: Store, shop: UUID, order: Order, limit: int) -> Sequence[dict[str, Any]]:
    """Answers that went wrong, and that nobody has dealt with."""
    async with store.lookup() as connection:
        return await grading.pending(connection, shop, order, min(limit, MOST))


async def given(
    store: Store, shop: UUID, reply: UUID | None, limit: int
) -> Sequence[dict[str, Any]]:
    """What customers and people of the shop said, the newest first."""
    async with store.lookup() as connection:
        return await grading.listed(connection, shop, reply, min(limit, MOST))


def _readable(grade: Grade) -> None:
    """Raises NothingSaid."""
    if grade.stars is not None and grade.stars not in STARS:
        raise NothingSaid(f"{grade.stars} stars: 1 to 5 can be given")
    if grade.thumb not in {None, 1, -1}:
        raise NothingSaid(f"a thumb is 1 or -1, not {grade.thumb}")
    if grade.stars is None and grade.thumb is None and not (grade.comment or "").strip():
        raise NothingSaid("nothing was said of the answer")
