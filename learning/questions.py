"""Groups questions that nobody could answer, by their words and what they mean, and lets a person
answer all of a group at once.

QuestionRefused    nothing was changed; the message says why
└── NoSuchQuestion
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from knowledge.documents import File, document_id
from knowledge.ingest import Ingest
from learning.correcting import CheckFailed
from learning.grading import known
from learning.grounds import Library
from learning.lessons import Lesson, Teacher
from learning.proofing import failed, proofread
from llm.embeddings import OFFLINE_MODEL, hashed
from nlu.parse import GENERAL
from nlu.questions import asks
from store import questions, scoring
from store.questions import Standing
from store.session import BatchConnection, Store
from text.folding import fold

TASK: Final = "questions"
QUESTION: Final = "question"
ALIKE: Final = 0.65
"""The least cosine of offline vectors at which one answer serves two questions."""
PAGE: Final = 200
SETTLED: Final = timedelta(minutes=2)
FILE: Final = "preguntas-frecuentes.md"
TITLE: Final = "Preguntas frecuentes"
MOST: Final = 500


class QuestionRefused(Exception): ...


class NoSuchQuestion(QuestionRefused): ...


def digest(text: str) -> str:
    """Of the words alone: accents, case and signs mean nothing here."""
    words = "".join(sign if sign.isalnum() else " " for sign in fold(text)).split()
    return hashlib.md5(" ".join(words).encode(), usedforsecurity=False).hexdigest()


async def gather(store: Store, shop: UUID, now: datetime) -> int:
    """Everything since last time, page after page. How many turns there were; those that neither
    ask nor were understood to want anything ("ok, te confirmo mañana") are left out."""
    count = 0
    while True:
        async with store.batch() as connection:
            found = await _walk(connection, shop, now)
        count += found
        if found < PAGE:
            return count


async def _walk(connection: BatchConnection, shop: UUID, now: datetime) -> int:
    place = await scoring.place_of(connection, shop, TASK, 1)
    found = await questions.new(connection, shop, (place.at, place.id), PAGE)
    for row, at, text, intent in found:
        if intent == GENERAL and not asks(text):
            continue
        cluster = await _cluster(connection, shop, row, at, text)
        await questions.join(connection, shop, cluster, (row, digest(text), at))
    if len(found) == PAGE:
        place = replace(place, at=found[-1][1], id=found[-1][0])
    else:
        place = replace(place, at=max(place.at, now - SETTLED), id=scoring.NOBODY)
    await scoring.move(connection, shop, TASK, 1, place)
    return len(found)


async def _cluster(
    connection: BatchConnection, shop: UUID, row: UUID, at: datetime, text: str
) -> UUID:
    same = await questions.same_words(connection, shop, digest(text))
    if same is not None:
        return same
    vector = hashed(text)
    near = await questions.nearest(connection, shop, OFFLINE_MODEL, vector)
    if near is not None and vector.any() and near[1] >= ALIKE:
        return near[0]
    cluster = uuid5(row, "question")
    await questions.begin(connection, shop, cluster, at, (OFFLINE_MODEL, vector))
    return cluster


@dataclass(frozen=True, slots=True)
class Desk:
    """A person at the questions; `ingest` takes the answers among the shop's documents."""

    teacher: Teacher
    library: Library
    ingest: Ingest

    async def answer(self, cluster: UUID, text: str) -> UUID:
        """Found at once by whoever asks so, and an example from now on. Returns the act that undoes
        it. Raises NoSuchQuestion, CheckFailed and DocumentError."""
        who = self.teacher
        async with who.store.lookup() as connection:
            turn = await questions.spokesman(connection, who.shop, cluster)
        if turn is None:
            raise NoSuchQuestion(f"nobody asked question {cluster}")
        async with who.store.lookup() as connection:
            row = await known(connection, who.shop, turn)
        question, masked = who.masked(row["user_message"], text)
        grounds = await self.library.grounds(who.shop, row, masked, {})
        wrong = failed(proofread(masked, grounds), vouched=True)
        if wrong:
            raise CheckFailed(wrong)
        taught = await who.add([Lesson(question, masked)], origin="hand", accepted=True)
        example = taught.rows[0] if taught.rows else None
        act = await self._decide(cluster, Standing("answered", masked, None, example))
        await self._publish()
        return act

    async def missing(self, cluster: UUID, wanted: str) -> UUID:
        """A product that the shop does not have. Raises NoSuchQuestion."""
        product, _ = self.teacher.masked(wanted, "")
        return await self._decide(cluster, Standing("missing", None, product))

    async def ignore(self, cluster: UUID) -> UUID:
        """Raises NoSuchQuestion."""
        return await self._decide(cluster, Standing("ignored"))

    async def undone(self) -> None:
        """After an act was undone: the document follows. Raises DocumentError."""
        await self._publish()

    async def _decide(self, cluster: UUID, to: Standing) -> UUID:
        who = self.teacher
        async with who.store.batch() as connection:
            before = await questions.standing(connection, who.shop, cluster)
            if before is None:
                raise NoSuchQuestion(f"there is no question {cluster}")
            await questions.decide(connection, who.shop, cluster, to, who.by, who.at)
            example = str(to.example) if to.example else None
            return await who.keep(connection, QUESTION, [str(cluster), before.state, example])

    async def _publish(self) -> None:
        """All answers are one document, written anew."""
        shop = self.teacher.shop
        async with self.teacher.store.lookup() as connection:
            told = await questions.answered(connection, shop, MOST)
        if not told:
            await self.ingest.remove(shop, document_id(shop, FILE))
            return
        await self.ingest.ingest(shop, File(FILE, page(told), TITLE))


def page(told: Sequence[tuple[str, str]]) -> bytes:
    """Each question is the heading of its answer."""
    parts = [f"## {' '.join(question.split())}\n\n{answer}\n" for question, answer in told]
    return "\n".join([f"# {TITLE}\n", *parts]).encode()


async def undo(teacher: Teacher, connection: BatchConnection, before: list[Any]) -> None:
    """As if nobody had decided. `before` is what Desk keeps of it."""
    cluster, state, example = before
    if example:
        await teacher.undo_add(connection, [example])
    to = Standing(state if state != "answered" else "open")
    await questions.decide(connection, teacher.shop, UUID(cluster), to, teacher.by, teacher.at)
