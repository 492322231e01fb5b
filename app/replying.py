"""What reads a turn and what answers it, put together."""

from app.money import prompted
from app.steps import Ground, tools
from config.settings import Settings
from events.stream import Stream
from handlers.answering import Answering
from handlers.history import History
from handlers.learned import Classifiers
from handlers.reading import Reader
from handlers.styles import Styles
from knowledge.catalogue import Catalogue
from knowledge.dictionary import Dictionary
from knowledge.examples import Examples
from knowledge.prompt import own_recognisers
from knowledge.search import Search
from llm.base import LanguageModel
from nlu.parse import build_parser
from store.session import Store


def answering(ground: Ground, model: LanguageModel) -> Answering:
    settings, pack = ground.settings, ground.pack
    return Answering(
        pack,
        model,
        settings.models,
        own_recognisers(pack),
        tools(settings, pack),
        Examples(ground.store) if prompted(settings) else None,
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
    )


def history(settings: Settings, stream: Stream, store: Store) -> History:
    return History(stream.wire, stream.keys, store, limit=2 * settings.models.history_turns)
