"""What models do for the people of a shop on its pages: propose an answer, and better words."""

from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select

from app.money import models, prompted, purse_of
from app.parts import Parts
from config.settings import Settings
from events.contents import TurnMessage
from events.vocabulary import TurnReady
from handlers.steps import Asked, Situation
from handlers.word import Place
from learning.correcting import Editor, Proposed
from learning.grading import given, known
from learning.proposing import better
from llm.base import Payer
from llm.offline import OFFLINE
from services.clock import now
from store.app import Message
from web.pages.conversations import Suggest
from web.pages.improving import Improve

SAID: Final = 20
LATELY: Final = 10


def templates(settings: Settings) -> tuple[str, ...]:
    """Those by which customers are written to."""
    return (settings.outreach.template,) if settings.outreach.template else ()


def suggesting(parts: Parts) -> Suggest:
    """The bot answers as it would, and nothing comes of it: no event, no note, no sign that
    somebody is writing."""

    async def suggest(place: Place) -> str:
        turn = await _turn(parts, place)
        if turn is None:
            return ""
        reading = await parts.replier.reader.read(turn)
        asked = Asked(turn, reading, Situation(), now())
        return (await parts.replier.answering.answer(asked)).completion.text

    return suggest


def improving(parts: Parts) -> Improve | None:
    """None where no model reads prompts: rules know no better words."""
    settings = parts.settings
    if not prompted(settings):
        return None
    order = tuple(name for name in settings.models.order if name != OFFLINE)
    knobs = settings.models.model_copy(update={"order": order})

    async def improve(editor: Editor, reply: UUID) -> Proposed:
        async with parts.store.lookup() as connection:
            row = await known(connection, editor.shop, reply)
        tags = await editor.library.tags(editor.shop, reply)
        grounds = await editor.library.grounds(editor.shop, row, row["bot_response"], tags)
        said = await given(parts.store, editor.shop, reply, SAID)
        comments = [one["comment"] for one in said if one["comment"]]
        purse = purse_of(settings, parts.store, parts.wire, now)
        chain = models(settings.model_copy(update={"models": knobs}), purse)
        try:
            payer = Payer(str(editor.shop), "corrections")
            return await better(chain, row, comments, grounds, payer=payer)
        finally:
            await chain.close()

    return improve


async def _turn(parts: Parts, place: Place) -> TurnReady | None:
    """What the customer wrote since somebody last answered; None where that is nothing."""
    query = (
        select(Message)
        .where(Message.shop_id == place.shop, Message.conversation_id == place.conversation)
        .order_by(Message.position.desc())
        .limit(LATELY)
    )
    async with parts.store.tenant(place.shop) as session:
        newest = (await session.scalars(query)).all()
    open_ones: list[Message] = []
    for one in newest:
        if one.author != "customer":
            break
        open_ones.append(one)
    said = [one for one in reversed(open_ones) if one.text]
    if not said:
        return None
    here, which = now(), uuid4()
    return TurnReady(
        id=which,
        shop=place.shop,
        account=place.account,
        conversation=place.conversation,
        request_id=which,
        turn=which,
        at=here,
        received_at=here,
        customer=place.customer,
        chat=place.chat,
        revision=1,
        messages=tuple(TurnMessage(id=one.id, text=one.text, at=one.at) for one in said),
    )
