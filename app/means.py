"""What programs may have done by a running bot: everything the API needs beside the store."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from uuid import UUID, uuid4

from app.money import models, prompted, purse_of
from app.parts import Parts
from app.rehearsing import once
from events.contents import TurnMessage
from events.effects import Effects
from events.vocabulary import ReplyDrafted, TurnReady
from handlers.reply import Replier
from knowledge.extraction import Reader
from knowledge.ingest import Ingest
from knowledge.opening import MB, caps, kept_files
from llm.offline import OFFLINE
from services.clock import Clock, now
from text.folding import clean
from web.api.means import Means, Offer

PLACE = "web:try"
"""The account of questions that are answered and sent to nobody."""


@asynccontextmanager
async def means(parts: Parts, offer: Offer) -> AsyncIterator[Means]:
    """Closed again afterwards."""
    settings, store = parts.settings, parts.store
    reader, kept = Reader(caps(settings.knowledge)), kept_files(settings)
    at_once, a_day = settings.knowledge.queue_mb * MB, settings.knowledge.files_a_day
    order = tuple(name for name in settings.models.order if name != OFFLINE)
    knobs = settings.models.model_copy(update={"order": order})
    purse = purse_of(settings, store, parts.wire, now)
    hosted = models(settings.model_copy(update={"models": knobs}), purse)
    try:
        yield Means(
            settings=settings,
            ingest=Ingest(
                store, reader, parts.search.embedders, kept, at_once=at_once, a_day=a_day
            ),
            offer=offer,
            ask=partial(once, parts),
            hosted=hosted if prompted(settings) else None,
        )
    finally:
        await hosted.close()
        await reader.close()


async def asked(
    replier: Replier, shop: UUID, question: str, clock: Clock = now
) -> ReplyDrafted | None:
    """As a customer who never wrote before would be answered; None when there is no answer."""
    outcome = await replier.on_turn(_turn(shop, clean(question), clock))
    drafts = outcome.events if isinstance(outcome, Effects) else ()
    return next((one for one in drafts if isinstance(one, ReplyDrafted)), None)


def _turn(shop: UUID, question: str, clock: Clock) -> TurnReady:
    one, at = uuid4(), clock()
    return TurnReady(
        id=one,
        shop=shop,
        account=PLACE,
        conversation=uuid4(),
        request_id=one,
        turn=uuid4(),
        at=at,
        received_at=at,
        customer=uuid4(),
        chat="try",
        revision=1,
        messages=(TurnMessage(id=one, text=question, at=at),),
    )
