"""Reads a turn: what the customer said, what was said before, and which facts bear on it."""

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

import structlog

from config.packs import Pack
from config.shapes import Term
from events.vocabulary import TurnReady
from handlers.history import History
from knowledge.catalogue import Catalogue
from knowledge.citing import cited
from knowledge.dictionary import Dictionary
from knowledge.glossary import NO_TERMS, Glossary, Stems
from knowledge.products import Index
from knowledge.retrieval import ABOUT_PRODUCTS, Question, Retrieved, retrieve
from knowledge.search import NOTHING, Search, Searched
from llm.base import Message, Source
from nlu.parse import Parsed, Parser
from store.base import StoreError

log = structlog.get_logger()

COMMANDS: Final = {"/start": "greet", "/help": "help", "/ayuda": "help"}
LONGEST: Final = 4_000
MANNERS: Final = frozenset({"greet", "thank", "leave", "agree", "decline", "help"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A turn as it was understood, with everything its reply may rest on."""

    text: str
    parsed: Parsed
    said: tuple[Message, ...]
    index: Index
    found: Retrieved
    searched: Searched = NOTHING


@dataclass(frozen=True, slots=True)
class Understanding:
    """What one shop's customers mean, by the rules of its pack and the words of its dictionary.

    `site` is where the photos of its catalogue hang: "" is the page itself, None is nowhere.
    """

    pack: Pack
    parser: Parser
    site: str | None = ""
    glossary: Glossary = NO_TERMS

    def read(self, text: str, index: Index, said: tuple[Message, ...] = ()) -> Reading:
        meant = self._meant(text, index)
        parsed = self._parsed(meant)
        question = Question(
            text=meant,
            locale=parsed.locale,
            acts=parsed.acts,
            answers=parsed.answers,
            slots=parsed.slots,
            said=said,
        )
        found = retrieve(question, index, self.pack, site=self.site)
        terms = tuple(_told(term) for term in self.glossary.terms_in(text))
        found = replace(found, sources=(*found.sources, *terms))
        if found.products and not parsed.acts:
            parsed = self._about_product(parsed)
        return Reading(text, parsed, said, index, found)

    def _meant(self, text: str, index: Index) -> str:
        def known(words: Stems) -> bool:
            return self.parser.knows(words) or index.sells(words)

        return self.glossary.meant(text, known)

    def _parsed(self, text: str) -> Parsed:
        first, *_ = text.split(maxsplit=1) or [""]
        command = first.partition("@")[0].lower()
        if command in COMMANDS:
            return Parsed(acts=(COMMANDS[command],))
        return self.parser.parse(text)

    def _about_product(self, parsed: Parsed) -> Parsed:
        """Naming a product is asking about it."""
        rule = next((rule for rule in self.pack.intents if rule.act == "product"), None)
        if rule is None:
            return parsed
        return replace(parsed, intent=rule.name, category=rule.category, confidence=0.5)


@dataclass(frozen=True, slots=True)
class Reader:
    pack: Pack
    parser: Parser
    catalogue: Catalogue
    dictionary: Dictionary
    history: History
    site: str = ""
    search: Search | None = None
    passages: int = 5
    links: tuple[str, ...] = ()

    async def read(self, turn: TurnReady) -> Reading:
        """Raises StoreUnavailable when no catalogue was ever read and Postgres is down."""
        index = await self.catalogue.of(turn.shop)
        glossary = await self.dictionary.of(turn.shop)
        said = await self.history.before(turn.shop, turn.conversation, turn.messages)
        own_page = turn.account.startswith("web:")
        site = self.site or ("" if own_page else None)
        understanding = Understanding(self.pack, self.parser, site, glossary)
        reading = understanding.read(spoken(turn), index, said)
        return await self._with_passages(turn.shop, reading, glossary)

    async def close(self) -> None:
        await self.catalogue.close()
        await self.dictionary.close()

    async def _with_passages(self, shop: UUID, reading: Reading, glossary: Glossary) -> Reading:
        """With what the shop's documents say; the reply goes without when they are not there."""
        if self.search is None or not asks(reading):
            return reading
        try:
            searched = await self.search.search(
                shop, reading.text, count=self.passages, also=glossary.also(reading.text)
            )
        except StoreError as error:
            log.warning("reading.without_documents", reason=str(error))
            return reading
        passages = cited(searched.answering, reading.text, self.links)
        found = replace(reading.found, sources=(*reading.found.sources, *passages))
        return replace(reading, found=found, searched=searched)


def asks(reading: Reading) -> bool:
    """Whether documents may bear on a text: not on manners, nor on what the catalogue tells."""
    wishes = set(reading.parsed.acts)
    if not reading.text or (wishes and wishes <= MANNERS):
        return False
    live = bool(wishes) and wishes <= ABOUT_PRODUCTS | MANNERS
    return not (live and reading.found.products)


def _told(term: Term) -> Source:
    """A fact a reply may rest on."""
    return Source(kind="term", id=f"term:{term.word}", title=term.word, text=term.definition)


def spoken(turn: TurnReady) -> str:
    """All a turn says, in its messages and in their files, a line each."""
    read = {reading.message: reading.text.strip() for reading in turn.readings}
    texts = [text for one in turn.messages for text in (one.text.strip(), read.get(one.id, ""))]
    return "\n".join(text for text in texts if text)[:LONGEST]
