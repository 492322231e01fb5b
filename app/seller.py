"""What the seller of a sample shop did in two weeks: answered whoever waited for a person, taught
the bot better words, and looked at what it was unsure of."""

import random
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from app.parts import Parts
from config.settings import Settings
from events.happened import caused_by
from handlers.word import Place
from knowledge.prompt import own_recognisers
from learning.correcting import CorrectionRefused, Editor, Proposed
from learning.grading import Grade, Grader
from learning.grounds import Library
from learning.lessons import Teacher
from learning.reviewing import Reviewer, Said, gather
from nlu.parse import parser_of
from services.clock import now
from store import app, ml
from store.dealings import HandOver
from store.session import Store
from web import conversations, filing

NAME: Final = "Camila"
ROLE: Final = "seller"
GRADED: Final = 45
REVIEWED: Final = 24
WAITING: Final = 3
"""So many came today, and nobody has answered yet; one more is being attended."""
READ: Final = timedelta(hours=20)
BAD: Final = (1, 2)
ANSWERS: Final[Mapping[str, str]] = {
    "asked": "Hola, soy Camila, de la tienda. Aquí estoy: cuéntame en qué te ayudo.",
    "complaint": "Hola, soy Camila. Siento lo que pasó: reviso tu pedido ahora mismo y te cuento.",
    "doubt": "Hola, soy Camila. El bot no estaba seguro y me avisó: lo veo y te respondo.",
    "policy": "Hola, soy Camila. Esto lo vemos las personas: ya tengo tus datos, te escribo hoy.",
}
"""By why the bot asked for a person."""
BETTER: Final[Mapping[str, str]] = {
    "saludo": "¡Hola, qué gusto! ¿Qué andas buscando hoy?",
    "gracias": "¡Gracias a ti! Cualquier duda que te quede, me escribes por aquí mismo.",
    "despedida": "¡Que te vaya muy bien! Aquí estoy cuando me necesites.",
    "reclamo": "Siento mucho lo que pasó. Le aviso ahora a una persona de la tienda.",
    "negacion": "No hay problema. ¿Quieres que te muestre otra cosa?",
    "afirmacion": "¡Súper! Sigamos, entonces.",
}
"""By what the customer meant; none of it says a fact that would have to be looked up."""


def me(shop: UUID) -> UUID:
    """The account that a button of the demo opens."""
    return caused_by(shop, f"demo:{ROLE}")


@dataclass(frozen=True, slots=True)
class Seller:
    parts: Parts
    dice: random.Random

    async def attend(self) -> Sequence[UUID]:
        """Returns conversations that are still open: who came last."""
        asked, talk = HandOver, app.Conversation
        query = (
            select(asked.conversation_id, func.min(asked.reason))
            .join(talk, (talk.shop_id == asked.shop_id) & (talk.id == asked.conversation_id))
            .where(asked.shop_id == self.parts.shop, asked.resolved_at.is_(None))
            .group_by(asked.conversation_id)
            .order_by(asked.conversation_id)
        )
        async with self.parts.store.reading() as session:
            found = (await session.execute(query)).all()
        late, rest = found[: WAITING + 1], found[WAITING + 1 :]
        for which, reason in rest:
            await self._resolve(await self._speak(which, reason))
        if len(late) > WAITING:
            await self._keep(await self._speak(*late[-1]))
        return [which for which, _ in late]

    async def _speak(self, which: UUID, reason: str) -> Place | None:
        at = self.parts
        place = await conversations.place(at.store, at.shop, which)
        if place is not None:
            told = ANSWERS.get(reason, ANSWERS["asked"])
            await at.word.speak(place, told, by=NAME, key=f"sample:{which}", called=NAME)
        return place

    async def _resolve(self, place: Place | None) -> None:
        if place is not None:
            at, who = self.parts, str(me(self.parts.shop))
            await filing.done(at.store, at.word, place, now(), name=NAME, me=who)

    async def _keep(self, place: Place | None) -> None:
        if place is not None:
            who = str(me(place.shop))
            async with self.parts.store.tenant(place.shop) as session:
                await filing.change(
                    session, place.shop, place.conversation, now(), by=who, assigned_to=who
                )

    async def grade(self) -> None:
        row, at = ml.TrainingData, self.parts
        query = select(row.id, row.quality_score).where(
            row.shop_id == at.shop, row.quality_score.is_not(None)
        )
        async with at.store.reading() as session:
            judged = (await session.execute(query.order_by(row.id))).all()
        grader = Grader(at.store, at.shop, NAME, now(), "page")
        for reply, score in self.dice.sample(judged, min(GRADED, len(judged))):
            await grader.give(reply, self._word(score or 0))

    def _word(self, score: int) -> Grade:
        thumb = self.dice.random() < 0.4  # noqa: PLR2004  so many tap, the others give stars
        if score in BAD:
            return Grade(thumb=-1) if thumb else Grade(stars=score)
        return Grade(thumb=1) if thumb else Grade(stars=min(5, score + 1))

    async def look_through(self) -> None:
        """Whatever is older than a day has been read."""
        talk, message, at = app.Conversation, app.Message, self.parts
        here = now()
        query = (
            select(talk.id, func.max(message.position))
            .join(message, (message.shop_id == talk.shop_id) & (message.conversation_id == talk.id))
            .where(talk.shop_id == at.shop, talk.last_at < here - READ)
            .group_by(talk.id)
        )
        async with at.store.tenant(at.shop) as session:
            for which, position in (await session.execute(query)).all():
                await filing.see(session, at.shop, which, here, position)


async def teach(settings: Settings, parts: Parts) -> None:
    """Better words for the worst of what small talk got, then the most urgent cases, as the page
    hands them out."""
    store, shop, own = parts.store, parts.shop, own_recognisers(parts.pack)
    here = now()
    await gather(store, shop, here)
    editor = Editor(
        store, Library(store, parts.pack, settings.knowledge.links), shop, NAME, here, own
    )
    for meant, text in BETTER.items():
        worst = await _worst(store, shop, meant)
        if worst is not None:
            await _correct(editor, worst, text)
    teacher = Teacher(store, shop, NAME, here, parser_of(parts.pack), own)
    reviewer = Reviewer(teacher, editor, Grader(store, shop, NAME, here, "page", own))
    for _ in range(REVIEWED):
        case = await reviewer.next()
        if case is None:
            return
        intent, score = await _understood(store, shop, case)
        await reviewer.save(case, Said(intent=intent, stars=min(5, score + 1) if score else None))


async def _correct(editor: Editor, reply: UUID, text: str) -> None:
    """What code objects to is left as it was."""
    with suppress(CorrectionRefused):
        one = await editor.propose(reply, Proposed(text, NAME))
        await editor.accept(one["id"])


async def _worst(store: Store, shop: UUID, intent: str) -> UUID | None:
    row = ml.TrainingData
    query = (
        select(row.id)
        .where(row.shop_id == shop, row.intent == intent, row.quality_score.is_not(None))
        .order_by(row.quality_score, row.id)
        .limit(1)
    )
    async with store.reading() as session:
        return await session.scalar(query)


async def _understood(store: Store, shop: UUID, case: UUID) -> tuple[str, int | None]:
    row = ml.TrainingData
    query = select(row.intent, row.quality_score).where(row.shop_id == shop, row.id == case)
    async with store.reading() as session:
        return (await session.execute(query)).one()
