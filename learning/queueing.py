"""An answer that somebody wants reviewed goes before whatever else waits."""

from datetime import datetime
from typing import Any
from uuid import UUID

from learning.grading import ReplyUnknown, known
from learning.lessons import QUEUE, NothingToUndo, Teacher
from learning.sampling import ADDED, drawn
from store import reviews
from store.session import BatchConnection


async def put_first(teacher: Teacher, turn: UUID) -> UUID:
    """The act that undoes it. One that was decided waits again. Raises ReplyUnknown."""
    async with teacher.store.batch() as connection:
        row = await known(connection, teacher.shop, turn)
        if row["author"] != "bot":
            raise ReplyUnknown(f"a person wrote {turn}")
        before = await reviews.put(connection, teacher.shop, (turn, ADDED, drawn(turn)))
        return await teacher.keep(connection, QUEUE, [str(turn), _told(before)])


async def undo(teacher: Teacher, connection: BatchConnection, before: list[Any]) -> None:
    """Raises NothingToUndo where somebody decided it since."""
    turn, stood = UUID(before[0]), _read(before[1])
    if not await reviews.put_back(connection, teacher.shop, (turn, ADDED), stood):
        raise NothingToUndo("somebody reviewed it meanwhile")


def _told(stood: list[Any] | None) -> list[Any] | None:
    if stood is None:
        return None
    *marks, decided_at = stood
    return [*marks, decided_at.isoformat() if decided_at else None]


def _read(told: list[Any] | None) -> list[Any] | None:
    if told is None:
        return None
    *marks, decided_at = told
    return [*marks, datetime.fromisoformat(decided_at) if decided_at else None]
