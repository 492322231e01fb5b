"""Whether a turn sold, said by a person: their word goes before an order, words and models."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from evaluation.caching import Judged, follow, settle
from evaluation.combining import SALE
from evaluation.scoring import Evidence, Judgement
from learning import questions, queueing, reviewing
from learning.grading import known, teach
from learning.lessons import (
    ADD,
    ALLOW,
    CORRECT,
    QUEUE,
    NoSuchTurn,
    NothingToUndo,
    Taught,
    Teacher,
)
from learning.questions import QUESTION
from learning.reviewing import REVIEW
from store import acts
from store.acts import Said
from store.session import BatchConnection

SOLD: Final = "sale"
VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Desk:
    """A person at a shop's library, and how any of their acts is undone."""

    teacher: Teacher
    currency: str

    async def sell(self, row: UUID, *, converted: bool, amount: int | None = None) -> Taught:
        """`amount` is in the smallest unit of the currency. Raises ReplyUnknown."""
        teacher = self.teacher
        async with teacher.store.batch() as connection:
            await known(connection, teacher.shop, row)
            act = await self._sold(connection, row, self._said(amount, converted=converted))
            await self._tie(connection, row)
        return Taught(act, (row,))

    async def sell_all(self, rows: list[UUID], *, converted: bool) -> list[Taught]:
        return [await self.sell(row, converted=converted) for row in rows]

    async def conclude(
        self, conversation: UUID, *, converted: bool, amount: int | None = None
    ) -> Taught:
        """Of a whole conversation: its answer that led there. Raises NoSuchTurn."""
        async with self.teacher.store.batch() as connection:
            row = await acts.leading(connection, self.teacher.shop, conversation)
            if row is None:
                raise NoSuchTurn(f"nobody answered anything in conversation {conversation}")
            await self._mean(connection, conversation, converted=converted)
            act = await self._sold(connection, row, self._said(amount, converted=converted))
        return Taught(act, (row,))

    async def mark(self, conversation: UUID, *, converted: bool | None) -> None:
        """The same of one in which nobody may have answered yet; None leaves it to its orders."""
        async with self.teacher.store.batch() as connection:
            agree = await self._mean(connection, conversation, converted=converted)
            if converted is None or agree:
                return
            row = await acts.leading(connection, self.teacher.shop, conversation)
            if row is not None:
                await self._sold(connection, row, self._said(None, converted=converted))

    async def undo(self, act: UUID) -> str:
        """The kind of what was undone. Raises NothingToUndo."""
        teacher = self.teacher
        async with teacher.store.batch() as connection:
            taken = await acts.take(connection, teacher.shop, act, teacher.by, teacher.at)
            if taken is None:
                raise NothingToUndo("this is undone already")
            kind, before = taken
            if kind == ALLOW:
                await teacher.undo_allow(connection, before)
            elif kind == ADD:
                await teacher.undo_add(connection, before)
            elif kind == CORRECT:
                await teacher.undo_correct(connection, before)
            elif kind == REVIEW:
                await reviewing.undo(teacher, connection, before)
            elif kind == QUEUE:
                await queueing.undo(teacher, connection, before)
            elif kind == QUESTION:
                await questions.undo(teacher, connection, before)
            elif kind == SOLD:
                await self._say(connection, UUID(before[0]), _read(before[1]))
                await self._tie(connection, UUID(before[0]))
            if kind != REVIEW:
                await teacher.note(connection, "example.undone", act)
        return kind

    async def _mean(
        self, connection: BatchConnection, conversation: UUID, *, converted: bool | None
    ) -> bool:
        """The conversation's mark, and nothing said of its answers that denies it. Whether
        something still agrees."""
        teacher = self.teacher
        told = (converted, teacher.by, teacher.at)
        await acts.convert(connection, teacher.shop, conversation, told)
        said = await acts.said_of(connection, teacher.shop, conversation)
        for row in (row for row, was in said.items() if was is not converted):
            await self._sold(connection, row, None)
        return converted in said.values()

    async def _tie(self, connection: BatchConnection, row: UUID) -> None:
        """The conversation's mark follows from what was said of its answers: one sale is enough,
        and without any only the answer that led there can deny it."""
        teacher = self.teacher
        conversation = await acts.conversation_of(connection, teacher.shop, row)
        if conversation is None:
            return
        said = await acts.said_of(connection, teacher.shop, conversation)
        led = await acts.leading(connection, teacher.shop, conversation)
        converted = True if any(said.values()) else said.get(led) if led else None
        told = (converted, teacher.by, teacher.at)
        await acts.convert(connection, teacher.shop, conversation, told)

    def _said(self, amount: int | None, *, converted: bool) -> Said:
        return Said(converted, amount, self.currency, self.teacher.by, self.teacher.at)

    async def _sold(self, connection: BatchConnection, row: UUID, said: Said | None) -> UUID:
        """The act that undoes it."""
        teacher = self.teacher
        before = await acts.outcome(connection, teacher.shop, row)
        await self._say(connection, row, said)
        return await teacher.keep(connection, SOLD, [str(row), _told(before)])

    async def _say(self, connection: BatchConnection, row: UUID, said: Said | None) -> None:
        teacher = self.teacher
        await acts.say_outcome(connection, teacher.shop, row, said)
        if said is None:
            await settle(connection, [(teacher.shop, row)], teacher.at)
        else:
            judged = Judged(teacher.shop, row, SALE, VERSION, judgement(said))
            await follow(connection, [judged], teacher.at)
        await teach(connection, teacher.shop, row)


def judgement(said: Said) -> Judgement:
    """That nothing was sold says nothing of how good the answer was."""
    clue = Evidence("sale", said.by, 1.0 if said.converted else 0.0)
    if said.converted:
        return Judgement(5, "sold", 1.0, successful=True, evidence=(clue,))
    return Judgement(None, "unsold", 1.0, successful=False, evidence=(clue,))


def _told(said: Said | None) -> dict[str, Any] | None:
    return None if said is None else asdict(said) | {"at": said.at.isoformat()}


def _read(told: dict[str, Any] | None) -> Said | None:
    return None if told is None else Said(**told | {"at": datetime.fromisoformat(told["at"])})
