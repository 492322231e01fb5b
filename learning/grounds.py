"""Reads what a proposed answer may rest on: the sources of the reply, as they stand today."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from config.packs import Pack
from knowledge.catalogue import Catalogue, vocabulary
from knowledge.dictionary import Dictionary
from knowledge.facts import Facts
from knowledge.leaks import guarded
from knowledge.products import Index
from knowledge.retrieval import Question, retrieve
from knowledge.verify import Evidence
from learning.proofing import Grounds
from llm.base import Source
from nlu.parse import parser_of
from store.corrections import passages_of, tags_of
from store.session import Store
from text.labels import harmless, label


@dataclass(frozen=True, slots=True)
class Library:
    """`links` are the sites that customers may be sent to."""

    store: Store
    pack: Pack
    links: tuple[str, ...] = ()

    async def grounds(
        self, shop: UUID, row: Mapping[str, Any], text: str, tags: Iterable[str]
    ) -> Grounds:
        """What a question and a proposed answer to it speak of, and the passages that the reply
        rested on."""
        catalogue = Catalogue(self.store, vocabulary(self.pack))
        index = catalogue.made(await catalogue.read(shop))
        dictionary = Dictionary(self.store)
        glossary = dictionary.made(await dictionary.read(shop))
        facts = dict(await Facts(self.store).read(shop))
        question = row["user_message"]
        sources = [
            *self._found(question, index, facts),
            *self._found(text, index, facts),
            *await self._passages(shop, row["sources"]),
            *(
                Source("term", f"term:{one.word}", label(one.word), harmless(one.definition))
                for one in glossary.terms_in(f"{question}\n{text}")
            ),
        ]
        evidence = Evidence(
            sources=list({one.id: one for one in sources}.values()),
            question=question,
            quantity=parser_of(self.pack).parse(question).slots.get("quantity", 1),
            peso=self.pack.identity.currency,
            sites=self.links,
            index=index,
            guard=guarded(self.pack),
            glossary=glossary,
        )
        return Grounds(self.pack, evidence, row["locale"], frozenset(tags))

    def _found(self, text: str, index: Index, facts: Mapping[str, str]) -> tuple[Source, ...]:
        parsed = parser_of(self.pack).parse(text)
        asked = Question(text, parsed.locale, parsed.acts, parsed.answers, parsed.slots)
        return retrieve(asked, index, self.pack, facts=facts).sources

    async def _passages(self, shop: UUID, used: Sequence[Mapping[str, Any]]) -> list[Source]:
        """Those that still stand; a document may have been replaced since."""
        wanted = [UUID(one["id"]) for one in used if one["kind"] == "passage"]
        if not wanted:
            return []
        async with self.store.lookup() as connection:
            found = await passages_of(connection, shop, wanted)
        return [Source("passage", str(id_), label(title), text) for id_, title, text in found]

    async def tags(self, shop: UUID, reply: UUID) -> dict[str, str]:
        """What the tags of a reply's row stand for."""
        async with self.store.lookup() as connection:
            return await tags_of(connection, shop, reply)
