"""What an import waits as between its preview and the press of a button: masked pairs, in Redis."""

import json
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from learning.incoming import Read
from learning.lessons import Lesson, Teacher
from services.wire import Wire

KEPT_S: Final = 3600


@dataclass(frozen=True, slots=True)
class Waiting:
    origin: str
    whose: str
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True, slots=True)
class Imports:
    wire: Wire
    prefix: str
    shop: UUID
    intents: frozenset[str]

    async def hold(self, teacher: Teacher, found: Read, name: str) -> tuple[str, Waiting]:
        """Under which key it waits, an hour long."""
        masked = [teacher.masked(one.question, one.answer) for one in found.pairs]
        lessons = tuple(
            Lesson(asked, told, self.known(one.intent))
            for one, (asked, told) in zip(found.pairs, masked, strict=True)
        )
        waiting = Waiting(found.origin, name, lessons)
        told = [[one.question, one.answer, one.intent] for one in lessons]
        key = str(uuid4())
        value = json.dumps([waiting.origin, waiting.whose, told], ensure_ascii=False)
        await self.wire.command("SET", self._key(key), value, "EX", str(KEPT_S))
        return key, waiting

    def known(self, intent: str) -> str:
        return intent if intent in self.intents else ""

    async def take(self, key: str) -> Waiting | None:
        """Once."""
        found = await self.wire.command("GETDEL", self._key(key))
        if found is None:
            return None
        origin, whose, told = json.loads(found)
        return Waiting(origin, whose, tuple(Lesson(*one) for one in told))

    def _key(self, key: str) -> str:
        return f"{self.prefix}:web:import:{self.shop}:{key}"
