"""Turns, models and repliers for tests."""

from dataclasses import replace
from datetime import UTC, datetime

from config.packs import Pack, load_pack
from events.contents import Composed, Content, TurnMessage
from events.effects import Effects, Outcome
from events.happened import named
from events.vocabulary import ReplyDrafted, TurnReady
from handlers.answering import Answering
from handlers.drafting import Drafter
from handlers.history import History
from handlers.reading import Reader
from handlers.reply import Replier
from knowledge.catalogue import Catalogue, vocabulary
from knowledge.dictionary import Dictionary
from llm.base import (
    Completion,
    LanguageModel,
    ModelError,
    ModelUnavailable,
    Request,
)
from llm.offline import OfflineModel
from nlu.parse import build_parser
from store.session import Store
from text.splitting import split

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
PACK = load_pack("ventas")
PARSER = build_parser(PACK)
SHOP = named("shop", "demo")


class Scripted:
    """A model that says what the test wants, and remembers what it was asked."""

    def __init__(self, *outcomes: str | ModelError) -> None:
        self.name = "scripted"
        self.outcomes = list(outcomes)
        self.asked: list[Request] = []

    async def complete(self, request: Request) -> Completion:
        self.asked.append(request)
        request.prompt.messages(masked=True)
        outcome = self.outcomes.pop(0) if self.outcomes else ModelUnavailable("has no more to say")
        if isinstance(outcome, ModelError):
            raise outcome
        return Completion(outcome, "scripted", "test-1")

    async def close(self) -> None:
        """Nothing is open."""


def turn_of(
    *texts: str, chat: str = "ana", content: Content = "text", revision: int = 1
) -> TurnReady:
    messages = tuple(
        TurnMessage(id=named("message", chat, text, str(place)), text=text, at=NOW, content=content)
        for place, text in enumerate(texts or ("",))
    )
    return TurnReady(
        id=named("ready", chat, *texts),
        shop=SHOP,
        account="memory:test",
        conversation=named("conversation", chat),
        request_id=named("request", chat, *texts),
        turn=named("turn", chat, *texts),
        at=NOW,
        received_at=NOW,
        customer=named("customer", chat),
        chat=chat,
        revision=revision,
        messages=messages,
    )


def replier_for(
    store: Store, history: History, model: LanguageModel | None = None, *, pack: Pack = PACK
) -> Replier:
    catalogue = Catalogue(store, vocabulary(pack))
    return Replier(
        reader=Reader(pack, PARSER, catalogue, Dictionary(store), history),
        answering=Answering(pack, model or OfflineModel()),
        drafter=Drafter(pack, lambda _, text: Composed(parts=split(text, 4096))),
        clock=lambda: NOW,
    )


def with_model(replier: Replier, model: LanguageModel) -> Replier:
    return replace(replier, answering=replace(replier.answering, model=model))


def draft_of(outcome: Outcome) -> ReplyDrafted:
    assert isinstance(outcome, Effects)
    (event,) = outcome.events
    assert isinstance(event, ReplyDrafted)
    return event


async def ask(replier: Replier, *texts: str) -> ReplyDrafted:
    return draft_of(await replier.on_turn(turn_of(*texts)))
