"""Answers a conversation that nobody has, as a customer's would be: nothing of it stays.

What the bot's steps write is rolled back, so each transaction begins with what the conversation
has brought about so far. The models are the real ones, and are paid by the shop.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID, uuid4

import structlog

from app.parts import Parts
from app.steps import Ground, after, before, instead
from bot.channels.whatsapp.markup import compose as for_whatsapp
from bot.composing import compose_for, composed
from capture.orders import write as write_orders
from config.manners import UNPACED
from events.contents import Composed, TurnMessage
from events.effects import Effects
from events.manners import OrderChanged
from events.vocabulary import ReplyDrafted, TurnReady
from handlers.answering import VersionOf
from handlers.drafting import Drafter
from handlers.history import History
from handlers.reply import Network, Replier
from handlers.shadow import Apart
from handlers.steps import Asking, Situations
from learning.persons import Persons
from learning.router import Router
from learning.serving import Known
from llm.base import Completion, LanguageModel, Message, Payer, Request
from services.clock import now
from store.base import StoreError
from store.session import BatchConnection
from store.undone import Undone
from store.versions import ModelVersion
from text.folding import clean
from web.rehearsal import Exchange, Heard, Rehearsal, Said, begun

log = structlog.get_logger()
PLACE: Final = "try"
"""Where it is said: an account of no network's, so that nobody sees anybody type."""
SOMEBODY: Final = """
INSERT INTO app.customer (shop_id, id) VALUES ($1, $2) ON CONFLICT DO NOTHING
"""
TALK: Final = """
INSERT INTO app.conversation (shop_id, id, customer_id, account, chat, last_at)
VALUES ($1, $2, $3, $4, '', $5) ON CONFLICT DO NOTHING
"""
MOVED: Final = "UPDATE app.orders SET state = $3 WHERE shop_id = $1 AND id = $2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told(History):
    """Only what was said in the rehearsal."""

    lines: tuple[Message, ...]

    async def before(
        self, shop: UUID, conversation: UUID, current: Sequence[TurnMessage]
    ) -> tuple[Message, ...]:
        del shop, conversation, current
        return self.lines[max(len(self.lines) - self.limit, 0) :]


@dataclass(frozen=True, slots=True)
class Noted(Situations):
    notes: Mapping[str, str]

    def ask(self, conversation: UUID) -> Asking:
        del conversation
        loop = asyncio.get_running_loop()
        silent: asyncio.Future[Any] = loop.create_future()
        notes: asyncio.Future[Any] = loop.create_future()
        silent.set_result(0)
        notes.set_result([one.encode() for pair in self.notes.items() for one in pair])
        return silent, notes


@dataclass(frozen=True, slots=True)
class Paid:
    """At the shop's cost: a trial spends no customer's own budget."""

    model: LanguageModel
    payer: UUID
    name: str = "trial"

    async def complete(self, request: Request) -> Completion:
        payer = Payer(request.payer.shop, str(self.payer)) if request.payer else None
        return await self.model.complete(replace(request, payer=payer))

    async def close(self) -> None:
        """It belongs to the parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing(Persons):
    """Whoever pays, the version is chosen for this customer."""

    customer: UUID

    async def of(self, shop: UUID, customer: UUID) -> UUID:
        del customer
        return await Persons.of(self, shop, self.customer)


async def rehearsed(parts: Parts, said: Said) -> Heard | None:
    """None when there is no answer now."""
    model = await _model(parts, said)
    if model is None:
        return None
    turn = _turn(parts.shop, said)
    try:
        outcome = await _replier(parts, said, turn, *model).on_turn(turn)
    except StoreError as error:
        log.warning("rehearsal.failed", reason=str(error))
        return None
    if not isinstance(outcome, Effects):
        return None
    drafts = [one for one in outcome.events if isinstance(one, ReplyDrafted)]
    draft = drafts[0] if drafts else None
    notes = {**said.before.notes, **outcome.notes, **(draft.notes if draft else {})}
    return Heard(
        draft,
        {name: value for name, value in notes.items() if value},
        tuple(one for one in outcome.events if isinstance(one, OrderChanged)),
    )


async def once(parts: Parts, question: str) -> ReplyDrafted | None:
    """As a customer who never wrote before would be answered."""
    heard = await rehearsed(parts, Said(begun(), clean(question), now()))
    return heard.draft if heard else None


async def _model(parts: Parts, said: Said) -> tuple[LanguageModel, VersionOf] | None:
    """Whoever answers this customer, or one version; None where that one cannot be opened."""
    if said.version is None:
        persons = Standing(parts.store, customer=said.before.customer)
        router: Router = replace(parts.model, persons=persons)
        return Paid(router, said.before.conversation), router.version_of
    async with parts.store.reading() as session:
        row = await session.get(ModelVersion, (parts.shop, said.version))
    known = Known(row.id, row.name, row.provider, row.model, row.parameters) if row else None
    link = parts.model.models.link(known) if known else None
    if link is None:
        return None

    async def itself(_shop: UUID, _customer: UUID) -> UUID | None:
        return said.version

    return Apart(link.model), itself


def _replier(
    parts: Parts, said: Said, turn: TurnReady, model: LanguageModel, version: VersionOf
) -> Replier:
    usual = parts.replier
    store = Undone(parts.store.engine, _so_far(said.before, turn))
    settings = parts.settings.model_copy(update={"pace": UNPACED})
    ground = Ground(
        settings, parts.pack, parts.wire, parts.stream, store, parts.reach, parts.openings
    )
    history = usual.reader.history
    lines = tuple(_lines(said.before.exchanges))
    told = Told(
        wire=history.wire, keys=history.keys, store=store, limit=history.limit, lines=lines
    )  # fmt: skip
    return replace(
        usual,
        reader=replace(usual.reader, history=told),
        answering=replace(usual.answering, model=model, version=version),
        drafter=Drafter(parts.pack, compose_as),
        clock=lambda: said.at,
        network=Network(),
        situations=Noted(parts.wire, parts.stream.keys, said.before.notes),
        before=before(ground),
        instead=instead(ground),
        after=after(ground),
    )


def compose_as(account: str, text: str) -> Composed:
    """As the network of the account would write it, whether the shop has one or not."""
    match account.partition(":")[0]:
        case "telegram":
            return composed(text)
        case "whatsapp_cloud":
            return for_whatsapp(text)
        case _:
            return compose_for(None, text)


def _lines(exchanges: Sequence[Exchange]) -> list[Message]:
    said: list[Message] = []
    for one in exchanges:
        said.append(Message("user", one.asked))
        if one.draft is not None:
            said.append(Message("assistant", one.draft.text))
    return said


def _turn(shop: UUID, said: Said) -> TurnReady:
    one, past = uuid4(), said.before
    message = TurnMessage(
        id=one, text=said.text, at=said.at, content="action" if said.action else "text",
        action=said.action or None,
    )  # fmt: skip
    return TurnReady(
        id=one, shop=shop, account=f"{said.network}:{PLACE}", conversation=past.conversation,
        request_id=one, turn=uuid4(), at=said.at, received_at=said.at, customer=past.customer,
        chat=PLACE, revision=1, messages=(message,),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SoFar:
    """What Postgres would hold of the rehearsal by now."""

    turn: TurnReady
    orders: tuple[OrderChanged, ...]
    known: bool

    async def __call__(self, connection: BatchConnection) -> None:
        turn = self.turn
        if not self.known:
            await connection.execute(SOMEBODY, turn.shop, turn.customer)
        whose = (turn.shop, turn.conversation, turn.customer, turn.account, turn.at)
        await connection.execute(TALK, *whose)
        for one in self.orders:
            if one.state == "draft":
                await write_orders(connection, [(one, 0)])
            else:
                await connection.execute(MOVED, one.shop, one.order, one.state)


def _so_far(past: Rehearsal, turn: TurnReady) -> SoFar:
    orders = tuple(order for one in past.exchanges for order in one.orders)
    return SoFar(turn, orders, past.known)
