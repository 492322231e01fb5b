"""Reads a turn: what the customer said, what was said before, and which facts bear on it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

import structlog

from config.packs import Pack
from config.shapes import Term
from events.vocabulary import TurnReady
from handlers.history import History
from handlers.learned import Classifiers
from handlers.parting import Part, Parting, together
from handlers.styles import Styles
from knowledge.catalogue import Catalogue
from knowledge.citing import cited
from knowledge.dictionary import Dictionary
from knowledge.facts import Facts
from knowledge.glossary import NO_TERMS, Glossary, Stems
from knowledge.pricing import Shelf
from knowledge.products import Index
from knowledge.retrieval import ABOUT_PRODUCTS, NO_FACTS, Question, Retrieved, retrieve
from knowledge.search import NOTHING, Search, Searched, merged
from knowledge.style import PLAIN, Style
from llm.base import Message, Source
from nlu.classifier import Classifier
from nlu.combining import about_product, combined, only_named
from nlu.parse import Parsed, Parser
from services.spans import spanned
from store.base import StoreError
from text.injection import suspicions
from text.labels import harmless, label
from text.links import site as host

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
    style: Style = PLAIN
    glossary: Glossary = NO_TERMS
    sites: tuple[str, ...] = ()
    """Where links in its reply may lead, besides those of the pack's own answers."""
    parts: tuple[Part, ...] = ()
    """The questions of a text that asks several, in their order; `found` holds what all of them
    found."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What one shop's customers mean: the rules of its pack, its dictionary, what it was taught.

    `site` is where the photos of its catalogue hang: "" is the page itself, None is nowhere.
    `sites` are those that customers may be sent to.
    """

    pack: Pack
    parser: Parser
    site: str | None = ""
    glossary: Glossary = NO_TERMS
    learned: Classifier | None = None
    sites: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)

    def read(self, text: str, index: Index, said: tuple[Message, ...] = ()) -> Reading:
        whole = self._read(text, index, said)
        parts = self._parts(whole, index, said)
        return Reading(
            text,
            whole.parsed,
            said,
            index,
            together(parts) if parts else whole.found,
            glossary=self.glossary,
            sites=self.sites,
            parts=parts,
        )

    def _parts(self, whole: Part, index: Index, said: tuple[Message, ...]) -> tuple[Part, ...]:
        def read(text: str, before: Sequence[str]) -> Part:
            earlier = (*said, *(Message("user", line) for line in before))
            return self._read(text, index, earlier, whole.parsed.locale)

        return Parting(whole.text, index, self.parser.alone, read).parts()

    def _read(
        self, text: str, index: Index, said: tuple[Message, ...], locale: str | None = None
    ) -> Part:
        meant = self._meant(text, index)
        parsed = self._parsed(meant)
        parsed = parsed if locale is None else replace(parsed, locale=locale)
        question = Question(
            text=meant,
            locale=parsed.locale,
            acts=parsed.acts,
            answers=parsed.answers,
            slots=parsed.slots,
            said=said,
        )
        found = retrieve(question, index, self.pack, site=self.site, facts=self.facts)
        terms = (_told(term) for term in self.glossary.terms_in(text))
        found = replace(found, sources=(*found.sources, *(term for term in terms if term.text)))
        if found.products and only_named(parsed):
            parsed = about_product(parsed, self.parser.intents)
        return Part(text, parsed, found)

    def _meant(self, text: str, index: Index) -> str:
        def known(words: Stems) -> bool:
            return self.parser.knows(words) or index.sells(words)

        return self.glossary.meant(text, known)

    def _parsed(self, text: str) -> Parsed:
        first, *_ = text.split(maxsplit=1) or [""]
        command = first.partition("@")[0].lower()
        if command in COMMANDS:
            return Parsed(acts=(COMMANDS[command],))
        parsed = self.parser.parse(text)
        if self.learned is None:
            return parsed
        return combined(text, parsed, self.parser.intents, self.learned)


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
    classifiers: Classifiers | None = None
    styles: Styles | None = None
    facts: Facts | None = None

    async def read(self, turn: TurnReady) -> Reading:
        """Raises StoreUnavailable when no catalogue was ever read and Postgres is down."""
        with spanned("understand") as span:
            reading, glossary = await self._understood(turn)
            span.note(
                intent=reading.parsed.intent,
                confidence=round(reading.parsed.confidence, 3),
                locale=reading.parsed.locale,
                suspected=bool(suspicions(reading.text)),
            )
        return await self._with_passages(turn.shop, reading, glossary)

    async def _understood(self, turn: TurnReady) -> tuple[Reading, Glossary]:
        index = await self.catalogue.of(turn.shop)
        glossary = await self.dictionary.of(turn.shop)
        said = await self.history.before(turn.shop, turn.conversation, turn.messages)
        own_page = turn.account.startswith("web:")
        site = self.site or ("" if own_page else None)
        learned = (await self.classifiers.of(turn.shop)).classifier if self.classifiers else None
        facts = await self.facts.of(turn.shop) if self.facts else NO_FACTS
        understanding = Understanding(
            self.pack, self.parser, site, glossary, learned, self._sites(), facts
        )
        reading = understanding.read(spoken(turn), index, said)
        if self.styles is not None:
            style = await self.styles.of(turn.shop, turn.customer)
            reading = replace(reading, style=style)
        return reading, glossary

    async def close(self) -> None:
        await self.catalogue.close()
        await self.dictionary.close()
        if self.facts is not None:
            await self.facts.close()
        if self.classifiers is not None:
            await self.classifiers.close()

    def _sites(self) -> tuple[str, ...]:
        own = host(self.site) if self.site else ""
        return (*self.links, own) if own else self.links

    def _priced(self, reading: Reading) -> Shelf:
        return Shelf(reading.index, self.pack.identity.currency)

    async def _with_passages(self, shop: UUID, reading: Reading, glossary: Glossary) -> Reading:
        """With what the shop's documents say of each question; the reply goes without when they
        are not there."""
        asked = [one for one in reading.parts or (reading,) if asks(one)]
        if self.search is None or not asked:
            return reading
        search, shelf = self.search, self._priced(reading)
        count = -(-self.passages // len(asked))

        async def told(one: Reading | Part) -> tuple[Searched, Retrieved]:
            also = glossary.also(one.text)
            searched = await search.search(shop, one.text, count=count, also=also)
            passages = cited(searched.answering, one.text, self.links, shelf)
            return searched, replace(one.found, sources=(*one.found.sources, *passages))

        try:
            with spanned("search") as span:
                found = await asyncio.gather(*map(told, asked))
                searched = merged([each for each, _ in found])
                span.note(hits=len(searched.hits), answering=len(searched.answering))
        except StoreError as error:
            log.warning("reading.without_documents", reason=str(error))
            return reading
        if not reading.parts:
            return replace(reading, found=found[0][1], searched=searched)
        known = {id(one): each for one, (_, each) in zip(asked, found, strict=True)}
        parts = tuple(replace(one, found=known.get(id(one), one.found)) for one in reading.parts)
        return replace(reading, parts=parts, found=together(parts), searched=searched)


def asks(reading: Reading | Part) -> bool:
    """Whether documents may bear on a text: not on manners, nor on what the catalogue tells."""
    wishes = set(reading.parsed.acts)
    if not reading.text or (wishes and wishes <= MANNERS):
        return False
    live = bool(wishes) and wishes <= ABOUT_PRODUCTS | MANNERS
    return not (live and reading.found.products)


def _told(term: Term) -> Source:
    """A fact a reply may rest on; nothing is left of one that only gives orders."""
    definition = harmless(term.definition)
    return Source(kind="term", id=f"term:{term.word}", title=label(term.word), text=definition)


def spoken(turn: TurnReady) -> str:
    """All a turn says, in its messages and in their files, a line each."""
    read = {reading.message: reading.text.strip() for reading in turn.readings}
    texts = [text for one in turn.messages for text in (one.text.strip(), read.get(one.id, ""))]
    return "\n".join(text for text in texts if text)[:LONGEST]
