"""What reads a turn and what answers it, put together."""

import asyncio
from datetime import timedelta

from app.money import models, opener, prompted, purse_of
from app.steps import Ground, tools
from config.settings import Settings
from events.stream import Stream
from handlers.answering import Answering
from handlers.history import History
from handlers.learned import Classifiers
from handlers.reading import Reader
from handlers.reply import Replier
from handlers.shadow import Candidates, Shadow
from handlers.steps import Situations
from handlers.styles import Styles
from knowledge.catalogue import Catalogue
from knowledge.dictionary import Dictionary
from knowledge.examples import Examples
from knowledge.facts import Facts
from knowledge.prompt import own_recognisers
from knowledge.search import Search
from learning.persons import Persons
from learning.router import Models, Router
from learning.serving import Versions
from llm.base import LanguageModel
from nlu.parse import build_parser
from services.clock import Clock
from services.wire import Wire
from store.session import Store


def router(settings: Settings, wire: Wire, store: Store, clock: Clock) -> Router:
    """The models of the settings, with the registered versions before them."""
    watch = timedelta(hours=settings.rollout.watch_h)
    purse = purse_of(settings, store, wire, clock)
    return Router(
        models(settings, purse),
        Versions(store, watch, clock),
        Models(opener(settings, purse)),
        Persons(store),
    )


def answering(ground: Ground, model: LanguageModel | Router) -> Answering:
    settings, pack = ground.settings, ground.pack
    return Answering(
        pack,
        model,
        settings.models,
        own_recognisers(pack),
        tools(settings, pack),
        Examples(ground.store, settings.models.examples) if prompted(settings) else None,
        model.version_of if isinstance(model, Router) else None,
    )


def reader(ground: Ground, catalogue: Catalogue, history: History, search: Search) -> Reader:
    settings, pack = ground.settings, ground.pack
    return Reader(
        pack,
        build_parser(pack),
        catalogue,
        Dictionary(ground.store),
        history,
        site=settings.web.public_url or "",
        search=search,
        passages=settings.knowledge.passages,
        links=settings.knowledge.links,
        classifiers=Classifiers(ground.store, pack),
        styles=Styles(ground.store),
        facts=Facts(ground.store),
    )


def history(settings: Settings, stream: Stream, store: Store) -> History:
    return History(stream.wire, stream.keys, store, limit=2 * settings.models.history_turns)


def shadow(ground: Ground, replier: Replier, model: Router, clock: Clock) -> Shadow:
    """A candidate reads and is checked as whoever answers is."""
    knobs = ground.settings.rollout
    return Shadow(
        replier.reader,
        replier.answering,
        Situations(ground.wire, ground.stream.keys),
        Candidates(model.versions, model.models, ground.store),
        knobs,
        asyncio.Semaphore(knobs.shadow_at_once),
        clock,
    )
