"""Finds the products a text speaks of: pure look-ups in an index prepared once per catalogue."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final
from uuid import UUID

from knowledge.spelling import Spelling
from text.folding import tokenise
from text.phrases import Phrases, dictionary
from text.stemming import stem, stems
from text.units import ONE, UNITS

HEAD, NAME, KEYWORD, CATEGORY, DESCRIPTION = 3.5, 2.5, 2.2, 2.0, 0.8
"""How much a word says about a product, by where it stands; the head is the name's first word."""

CUT: Final = 0.8
"""Candidates below this part of the best score are not what was meant."""

READ: Final = 400
TELLING: Final = 3
"""A number of this many digits may stand without its unit: `el de 500`."""
WIDE: Final = 200
"""A word that this many products share ranks the others' candidates; alone it shows the first."""


_PRICE: Final = re.compile(r"\$\s?[0-9.,]+")
_GROUPS: Final = re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))")
"""The dot of `10.000`: its zeros are no number of their own."""


@dataclass(frozen=True, slots=True)
class Product:
    id: UUID
    sku: str
    name: str
    price: int
    stock: int
    description: str = ""
    category: str = ""
    keywords: tuple[str, ...] = ()
    photo: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """`strong`: the text names the product; else it only describes something like it."""

    product: Product
    score: float
    strong: bool


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Stems a shop's customers use: `common` never name a product, `attributes` only describe."""

    common: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Index:
    products: tuple[Product, ...]
    places: Mapping[UUID, int]
    vocabulary: Vocabulary
    postings: Mapping[str, Mapping[int, float]]
    rarity: Mapping[str, float]
    names: Phrases[int]
    terms: Phrases[str]
    categories: tuple[str, ...]
    spelling: Spelling

    def find(self, text: str, *, limit: int = 20) -> tuple[Match, ...]:
        """Best first, only those about as good as the best."""
        words = self.words(text)
        scores = self._scores(words)
        if not scores:
            return ()
        least = max(scores.values()) * CUT
        kept = [item for item in scores.items() if item[1] >= least]
        kept.sort(key=lambda item: (-item[1], item[0]))
        return tuple(
            Match(self.products[place], round(score, 3), self._names(place, words))
            for place, score in kept[:limit]
        )

    def words(self, text: str) -> dict[str, float]:
        """The stems of a text that the catalogue knows, misspelled ones with less weight."""
        text = text[:READ]
        known = {values[0]: 1.0 for _, _, values in self.terms.found(stems(text))}
        for word in _terms(text):
            if word in self.postings:
                if word not in self.vocabulary.common or self._head(word):
                    known[word] = 1.0
            elif word.endswith("it") and word[:-2] in self.postings:
                known[word[:-2]] = 1.0
            elif word not in self.vocabulary.common:
                for guess, closeness in self.spelling.guesses(word):
                    known.setdefault(guess, closeness)
        return known

    def named(self, text: str) -> tuple[Product, ...]:
        """The products whose whole name stands in a text, in its order."""
        return tuple(alike[0] for alike in self.namesakes(text))

    def namesakes(self, text: str) -> tuple[tuple[Product, ...], ...]:
        """The same, each with all the others of its name."""
        found = dict.fromkeys(places for _, _, places in self.names.found(stems(text)))
        return tuple(tuple(self.products[place] for place in places) for places in found)

    def narrow(self, text: str, among: Sequence[Product]) -> tuple[Product, ...]:
        """Of some products, those the text describes best; none when it tells nothing."""
        words = self.words(text)
        scored = [(self._sum(words, product), product) for product in among]
        best = max((score for score, _ in scored), default=0.0)
        if best == 0:
            return ()
        return tuple(product for score, product in scored if score >= best * CUT)

    def sells(self, words: Sequence[str]) -> bool:
        """Whether some product is called so: a word of a description names nothing."""
        return all(
            word in self.postings and _heaviest(self.postings[word]) >= CATEGORY for word in words
        )

    def has(self, product: Product, text: str) -> bool:
        """Whether every word of a short text stands in a product's name or keywords."""
        own = set(stems(f"{product.name} {' '.join(product.keywords)}"))
        return all(word in own for word in stems(text))

    def _sum(self, words: Mapping[str, float], product: Product) -> float:
        place = self.places[product.id]
        return sum(
            self.postings[word].get(place, 0.0) * self.rarity[word] * closeness
            for word, closeness in words.items()
        )

    def _scores(self, words: Mapping[str, float]) -> dict[int, float]:
        """Rare words choose the candidates; words that nearly all products share only rank them."""
        scores: dict[int, float] = {}
        for word in sorted(words, key=lambda known: len(self.postings[known])):
            holders, factor = self.postings[word], self.rarity[word] * words[word]
            if len(holders) > WIDE and scores:
                for place in scores:
                    scores[place] += holders.get(place, 0.0) * factor
            else:
                for place, weight in islice(holders.items(), WIDE):
                    scores[place] = scores.get(place, 0.0) + weight * factor
        return scores

    def _names(self, place: int, words: Iterable[str]) -> bool:
        for word in words:
            weight = self.postings[word].get(place, 0.0)
            telling = word[0].isalpha() and word not in self.vocabulary.attributes
            if weight >= HEAD or (weight >= CATEGORY and telling):
                return True
        return False

    def _head(self, word: str) -> bool:
        return next(iter(self.postings[word].values())) >= HEAD


def build_index(products: Sequence[Product], vocabulary: Vocabulary) -> Index:
    postings: dict[str, dict[int, float]] = {}
    for place, product in enumerate(products):
        for word, weight in _weights(product).items():
            if weight >= KEYWORD or word not in vocabulary.common:
                postings.setdefault(word, {})[place] = weight
    ranked = {
        word: dict(sorted(holders.items(), key=lambda item: -item[1]))
        for word, holders in postings.items()
    }
    return Index(
        products=tuple(products),
        places={product.id: place for place, product in enumerate(products)},
        vocabulary=vocabulary,
        postings=ranked,
        rarity={word: math.log1p(len(products) / len(held)) for word, held in ranked.items()},
        names=dictionary((product.name, place) for place, product in enumerate(products)),
        terms=dictionary((term, _joined(term)) for shelved in products for term in _long(shelved)),
        categories=tuple(
            dict.fromkeys(shelved.category for shelved in products if shelved.category)
        ),
        spelling=Spelling.of(word for word in ranked if _heaviest(ranked[word]) >= CATEGORY),
    )


def _weights(product: Product) -> dict[str, float]:
    weights: dict[str, float] = {}
    name = _terms(product.name)
    keywords = [_terms(keyword) for keyword in product.keywords]
    weights |= {_joined(term): KEYWORD for term in _long(product)}
    for words, weight in (
        (name[:1], HEAD),
        (name, NAME),
        *((words, KEYWORD / len(words)) for words in keywords if words),
        (_terms(product.category), CATEGORY),
        (_terms(product.description), DESCRIPTION),
    ):
        for word in words:
            weights[word] = max(weight, weights.get(word, 0.0))
    return weights


def _long(product: Product) -> list[str]:
    """Keywords of several words: together they name the product, apart they only describe it."""
    return [keyword for keyword in product.keywords if " " in keyword.strip()]


def _joined(term: str) -> str:
    return " ".join(stems(term))


def _terms(text: str) -> list[str]:
    """Stems, where a number belongs to its unit: `1 litro` has nothing to do with `1 termo`."""
    found: list[str] = []
    number = said = ""
    text = _PRICE.sub(" ", text) if "$" in text else text
    for token in tokenise(_GROUPS.sub("", text) if "." in text else text):
        if token.isdecimal():
            number, said = token, ""
            if len(token) >= TELLING:
                found.append(token)
        elif token[0].isalnum():
            unit = UNITS.get(token, "")
            word = unit or stem(token)
            counted = number or (unit and said)
            found += [counted + word] if counted else []
            found += [word] if len(token) > 1 else []
            number, said = "", "1" if token in ONE else ""
    return found


def _heaviest(holders: Mapping[int, float]) -> float:
    return next(iter(holders.values()))
