"""Puts catalogue rows and pack answers into sentences: one question and what was found for it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from llm.base import Request, Source
from llm.standing import telling
from text.folding import fold
from text.prices import written

ABOUT_PRODUCTS: Final[tuple[str, ...]] = ("buy", "photo", "stock", "price", "product", "agree")
MANNERS: Final = {
    "greet": "greeting",
    "thank": "thanks",
    "leave": "goodbye",
    "decline": "decline",
    "agree": "agree",
    "help": "help",
}
HEADERS: Final = {
    "found": "several",
    "each": "each",
    "other_colour": "not_in_colour",
    "within_budget": "within_budget",
    "over_budget": "over_budget",
}
MEANING: Final = re.compile(
    r"\b(?:que (?:es|son|significan?|quiere decir|se entiende)|what(?:'s| is| are| does))\b"
)
DOCUMENT: Final = re.compile(
    r"\b(?:que dicen?|segun|what do(?:es)?|according to)\b.{0,12}"
    r"\b(?:documentos?|archivos?|pdf|manual|guia|reglamento|folleto|documents?|guide)\b"
)
FEW, MANY = 5, 100
BRIEF: Final = 2
PUNCTUATION: Final = "¿?¡!.,;:"


@dataclass(frozen=True, slots=True)
class Told:
    text: str
    used: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Speaker:
    request: Request

    def tell(self) -> Told:
        if self._asks_meaning():
            return self._defined()
        told = [part for part in self._parts() if part.text]
        named = DOCUMENT.search(fold(self.request.question)) is not None
        if named or all(not part.used for part in told):
            told = self._quoted() or told
        else:
            told = self._weighed(told)
        if not told:
            return self._manners()
        text = "\n\n".join(part.text for part in told)
        if "greet" in self.request.acts:
            text = self.say("hello") + text
        return Told(text, tuple(dict.fromkeys(used for part in told for used in part.used)))

    def _weighed(self, told: list[Told]) -> list[Told]:
        """With what a document says, or without, or that alone."""
        request = self.request
        how = telling(request.question, " ".join(part.text for part in told), request.sources)
        own = told if how != "passage" else []
        return [*own, *(self._quoted() if how != "own" else [])]

    def _quoted(self) -> list[Told]:
        """What a document says, in its own words, where nothing else is known."""
        passage = next((one for one in self.request.sources if one.kind == "passage"), None)
        if passage is None or not passage.data["excerpt"]:
            return []
        return [Told(self.say("from_document", passage), (passage.id,))]

    def _asks_meaning(self) -> bool:
        """`¿qué es un estuche?`, where the shop's dictionary says it and the catalogue has none."""
        kinds = {source.kind for source in self.request.sources}
        return kinds == {"term"} and MEANING.search(fold(self.request.question)) is not None

    def _defined(self) -> Told:
        terms = [source for source in self.request.sources if source.kind == "term"]
        lines = [f"{source.title[:1].upper()}{source.title[1:]}: {source.text}" for source in terms]
        return Told("\n".join(lines), tuple(source.id for source in terms))

    def _parts(self) -> Iterator[Told]:
        """In the order of the wishes: what is known of products, and the pack's answers."""
        acts = [act for act in self.request.acts if act in ABOUT_PRODUCTS or act == "answer"]
        products = [source for source in self.request.sources if source.kind == "product"]
        answers = [source for source in self.request.sources if source.kind == "answer"]
        if products and not acts:
            acts = ["product"]
        for act in dict.fromkeys("answer" if act == "answer" else "product" for act in acts):
            if act == "answer":
                yield Told(" ".join(each.text for each in answers), tuple(e.id for e in answers))
            elif products:
                yield self._products(products)
            elif not answers:
                yield self._missing()

    def _products(self, products: list[Source]) -> Told:
        matches = [source for source in products if source.data["role"] == "match"]
        if len(matches) == 1 and self.request.finding == "found":
            return self._one(matches[0], [each for each in products if each is not matches[0]])
        header, tail = HEADERS[self.request.finding], "which"
        if self.request.finding == "each" or len(matches) == 1:
            tail = "close"
        elif "buy" in self._wishes() and self._all_of(matches):
            header, tail = "each", "confirm"
        lines = [self.say(header), *map(self._line, matches), self.say(tail)]
        return Told("\n".join(lines), tuple(source.id for source in matches))

    def _all_of(self, matches: list[Source]) -> bool:
        """`los dos`, where two were offered and both are there."""
        there = all(source.data["stock"] for source in matches)
        return there and self.request.slots.get("quantity") == len(matches)

    def _line(self, source: Source) -> str:
        if not source.data["stock"]:
            return self.say("line_sold_out", source)
        detailed = self._in_detail() and source.data["description"]
        return self.say("line_described" if detailed else "line", source)

    def _in_detail(self) -> bool:
        return not {"size", "detail"}.isdisjoint(self.request.slots)

    def _one(self, source: Source, similar: list[Source]) -> Told:
        """Everything asked about one product; when it is sold out, what could serve instead."""
        acts = self._wishes()
        photo = self.say("photo" if source.data["photo"] else "no_photo", source)
        sentences = [f"{photo}\n"] if "photo" in acts else []
        if source.data["stock"] == 0:
            sentences.append(self.say("sold_out", source))
            sentences += [self.say("instead", other) for other in similar[:1]]
            return Told(" ".join(sentences), (source.id, *(other.id for other in similar[:1])))
        sentences += self._available(source, acts)
        return Told(" ".join(sentences).replace("\n ", "\n"), (source.id,))

    def _wishes(self) -> list[str]:
        """What was asked about a product; `quiero 3` is an order."""
        acts = [act for act in ABOUT_PRODUCTS if act in self.request.acts]
        ordered = "quantity" in self.request.slots and not self._in_detail()
        if ordered and set(acts) <= {"product", "agree"}:
            return ["buy"]
        return acts or ["product"]

    def _available(self, source: Source, acts: list[str]) -> Iterable[str]:
        """What there is to say of a product in stock, the strongest wish first."""
        quantity = self.request.slots.get("quantity", 1)
        many = "_many" if quantity > 1 else ""
        if quantity > source.data["stock"]:
            return [self.say("not_so_many", source)]
        if "buy" in acts:
            return [self.say(f"buy{many}", source), self.say("confirm")]
        return self._asked(source, acts, many)

    def _asked(self, source: Source, acts: list[str], many: str) -> Iterable[str]:
        if "size" in self.request.slots:
            return [self._described(source), self.say("per_size")]
        if acts == ["agree"]:
            return [self.say("agree_product", source)]
        if "stock" in acts:
            stock = source.data["stock"]
            known = "few_left" if stock <= FEW else "in_stock" if stock <= MANY else "plenty"
            return [self.say(known, source)]
        if "price" in acts or "photo" in acts:
            return [self.say(f"price{many}", source), self.say("available"), self.say("close")]
        return [self._described(source), self.say("close")]

    def _described(self, source: Source) -> str:
        """Catalogues from price lists hold names and prices, and often nothing else."""
        return self.say("describe" if source.data["description"] else "price", source)

    def _missing(self) -> Told:
        """A product was asked about and none was found."""
        acts = self.request.acts
        polite = next((act for act in acts if act in MANNERS and act != "greet"), None)
        if "mention" in self.request.slots:
            return Told(self.say("not_found"))
        if polite is not None:
            return Told(self.say(MANNERS[polite]), (MANNERS[polite],))
        wish = next(act for act in ABOUT_PRODUCTS if act in acts)
        return Told(self.say("overview" if wish == "product" else f"which_{wish}"))

    def _manners(self) -> Told:
        for act in self.request.acts:
            if act in MANNERS:
                return Told(self.say(MANNERS[act]), (MANNERS[act],))
        return self._named_only() or Told(self.say("unknown"), ("unknown",))

    def _named_only(self) -> Told | None:
        """A word or two and nothing else are the thing that is wanted: `pantalones`, `dame 2`."""
        slots = self.request.slots
        said = self.request.question.split()
        if len(said) > BRIEF:
            return None
        if "quantity" in slots:
            return Told(self.say("which_buy"))
        named = slots.get("topic", "") and said[0].strip(PUNCTUATION) == slots["topic"]
        return Told(self.say("not_found")) if named else None

    def say(self, key: str, source: Source | None = None) -> str:
        saying = self.request.phrases.get(key)
        if saying is None:
            return ""
        slots: dict[str, Any] = dict(self.request.slots)
        currency = slots.get("currency", "CLP")
        if "topic" in slots:
            slots["mention"] = slots["topic"]
        if "budget" in slots:
            slots["budget"] = written(slots["budget"], currency)
        if source is not None:
            slots |= source.data
        if source is not None and source.kind == "product":
            price = source.data["price"]
            slots["price"] = written(price, currency)
            slots["total"] = written(price * slots.get("quantity", 1), currency)
        return saying.say(self.request.locale, slots, seed=self.request.question)
