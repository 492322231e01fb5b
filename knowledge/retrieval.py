"""Decides which facts a reply may rest on: products named now or before, and pack answers."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, Final

from config.packs import Pack
from config.shapes import Saying
from knowledge.apart import chosen_apart, described, named_apart, siblings
from knowledge.pricing import sober
from knowledge.products import Index, Match, Product
from knowledge.recall import last_named, person_asked, picked_from
from llm.base import Finding, Message, Source
from text.prices import written
from text.stemming import stems

NO_FACTS: Final[Mapping[str, str]] = {}
ABOUT_PRODUCTS: Final = frozenset({"product", "price", "stock", "photo", "buy", "agree"})
YES: Final = ("agree",)
_ASKED: Final = frozenset({"price", "stock", "photo", "buy"})
SHOWN: Final = 5
_POINTING: Final = frozenset(
    stems("ese esa eso este esta otro otra cual it"),
)
_THE: Final = re.compile(r"[¿\s]*(?:y )?(?:el|la|los|las) ", re.IGNORECASE)
_OTHER: Final = frozenset(stems("otro otra otros otras other"))


@dataclass(frozen=True, slots=True)
class Question:
    """What the customer wants, as it was understood, and what was said before."""

    text: str
    locale: str = "es"
    acts: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    slots: Mapping[str, Any] = field(default_factory=dict)
    said: Sequence[Message] = ()


@dataclass(frozen=True, slots=True)
class Retrieved:
    """`products` are those the question is about; the sources may hold others to offer instead."""

    sources: tuple[Source, ...] = ()
    products: tuple[Product, ...] = ()
    finding: Finding = "found"


@dataclass(frozen=True, slots=True)
class Meant:
    """`apart`: named one by one; `guessed`: only described, or not at all."""

    products: tuple[Product, ...] = ()
    apart: bool = False
    guessed: bool = False


def retrieve(
    question: Question,
    index: Index,
    pack: Pack,
    *,
    site: str | None = "",
    facts: Mapping[str, str] = NO_FACTS,
) -> Retrieved:
    """`facts` are what the shop says itself, by the names of the pack's answers."""
    products, finding = _fitting(question, index, _meant(question, index))
    shown = products[:SHOWN]
    shelf = [_product(product, pack, site, role="match") for product in shown]
    if len(products) == 1 and products[0].stock == 0:
        others = _similar(products[0], index)
        shelf += [_product(other, pack, site, role="similar") for other in others]
    return Retrieved((*shelf, *_answers(question, pack, facts)), shown, finding)


def _meant(question: Question, index: Index) -> Meant:
    """The products a text names, or else those it points back to."""
    parts = named_apart(question.text, index)
    if len(parts) > 1:
        return Meant(_unique(parts), apart=True)
    found = index.find(question.text)
    if any(match.strong for match in found):
        return Meant(_products(found))
    found = found if described(question.slots.get("mention"), question.text, found, index) else ()
    if not _looks_back(question, described=bool(found)):
        return Meant()
    last = last_named(question.said, index)
    each = chosen_apart(question.text, last, index)
    if len(each) > 1:
        return Meant(_unique(each), apart=True)
    before = _pointed_at(question, index, last)
    weak = _products(found) if question.acts and not question.answers else ()
    return Meant(before or weak, guessed=not before)


def _unique(parts: Sequence[Sequence[Product]]) -> tuple[Product, ...]:
    """As many as are shown, of every part its best."""
    ranked = [product for row in zip_longest(*parts) for product in row if product is not None]
    shown = list({product.id: product for product in ranked})[:SHOWN]
    together = {product.id: product for found in parts for product in found}
    return tuple(product for name, product in together.items() if name in shown)


def _products(matches: Iterable[Match]) -> tuple[Product, ...]:
    return tuple({match.product.id: match.product for match in matches}.values())


def _looks_back(question: Question, *, described: bool) -> bool:
    """Whether a text that names no product may be about one that was named before. A bare yes is
    to whoever asked: what a person asked is theirs to go on with."""
    if question.acts == YES and person_asked(question.said):
        return False
    if question.answers:
        return not _ASKED.isdisjoint(question.acts)
    if question.acts:
        return not ABOUT_PRODUCTS.isdisjoint(question.acts)
    if described or question.slots or _THE.match(question.text):
        return True
    return not _POINTING.isdisjoint(stems(question.text[:80]))


def _pointed_at(
    question: Question, index: Index, before: tuple[Product, ...]
) -> tuple[Product, ...]:
    """`el segundo`, `la negra`, `¿y en azul?`, `¿cuánto cuesta?` after products were named."""
    if not before:
        return ()
    place = question.slots.get("ordinal")
    listed = (place and last_named(question.said, index, least=max(place, 2))) or before
    picked = picked_from(question.text, place, listed)
    if picked:
        return picked
    narrowed = index.narrow(question.text, before)
    if narrowed:
        return narrowed
    if "colour" in question.slots:
        head = before[0].name.split()[0]
        return tuple(match.product for match in index.find(f"{head} {question.text}"))
    if _elsewhere(question):
        return ()
    return _around(question, index, before)


def _around(question: Question, index: Index, before: tuple[Product, ...]) -> tuple[Product, ...]:
    """`¿y la otra?`, `¿hay algo más barato?`: what else there is of the same kind."""
    alike = siblings(before[0], index)
    if "extreme" in question.slots and {*before[1:]} <= {*alike}:
        return (before[0], *alike)
    if len(before) > 1 or _OTHER.isdisjoint(stems(question.text[:80])):
        return before
    return alike or before


def _elsewhere(question: Question) -> bool:
    """Whether a text speaks of something new: `¿y venden sillas?`, `algo para leer`."""
    if "mention" in question.slots:
        return True
    searching = set(question.acts) <= {"product"}
    return "topic" in question.slots and searching and _POINTING.isdisjoint(stems(question.text))


def _fitting(question: Question, index: Index, meant: Meant) -> tuple[tuple[Product, ...], Finding]:
    """What fits the colour and the budget asked for, and says so when nothing does."""
    if not index.products:  # a shop that sells no goods: its rules and documents answer
        return (), "found"
    limit, colour = question.slots.get("budget"), question.slots.get("colour")
    extreme = question.slots.get("extreme")
    if limit is not None:
        among = index.products if meant.guessed else meant.products
        return _affordable(limit, among or index.products)
    if meant.apart:
        return meant.products, "each"
    if colour is not None and meant.products:
        coloured = tuple(product for product in meant.products if index.has(product, colour))
        if not coloured:
            return meant.products, "other_colour"
        meant = Meant(coloured)
    if extreme is not None and not question.answers:
        return _extreme(extreme, meant.products or index.products), "found"
    return meant.products, "found"


def _extreme(which: str, among: Sequence[Product]) -> tuple[Product, ...]:
    """The cheapest or the dearest of what is in stock."""
    there = [product for product in among if product.stock > 0] or among
    price = (min if which == "cheapest" else max)(product.price for product in there)
    return tuple(product for product in there if product.price == price)


def _affordable(limit: int, among: Sequence[Product]) -> tuple[tuple[Product, ...], Finding]:
    """What is in stock up to a price, the best first; else the cheapest there is."""
    cheapest = sorted((each for each in among if each.stock > 0), key=lambda each: each.price)
    fitting = [product for product in cheapest if product.price <= limit]
    if fitting:
        return tuple(reversed(fitting)), "within_budget"
    return tuple(cheapest[:3]), "over_budget"


def _similar(product: Product, index: Index) -> tuple[Product, ...]:
    """What is in stock of the same kind, the nearest in price first."""
    others = [other for other in siblings(product, index) if other.stock > 0]
    others.sort(key=lambda other: abs(other.price - product.price))
    return tuple(others[:2])


def _answers(question: Question, pack: Pack, facts: Mapping[str, str]) -> tuple[Source, ...]:
    slots = {"shop": pack.identity.shop.name, **question.slots}
    return tuple(
        Source(kind="answer", id=name, title=pack.answers[name].title or name, text=text)
        for name in dict.fromkeys(question.answers)
        if (text := facts.get(name, _sample(pack.answers[name], question, slots)))
    )


def _sample(saying: Saying, question: Question, slots: Mapping[str, Any]) -> str:
    return saying.say(question.locale, slots, seed=question.text)


def _product(product: Product, pack: Pack, site: str | None, *, role: str) -> Source:
    price = written(product.price, pack.identity.currency)
    stock = f"{product.stock} en stock" if product.stock else "agotado"
    description = sober(product.description, product.price, pack.identity.currency)
    photo = product.photo
    if photo and photo.startswith("/"):
        photo = f"{site}{photo}" if site is not None else None
    return Source(
        kind="product",
        id=str(product.id),
        title=product.name,
        text=f"{product.name}: {price}, {stock}. {description}",
        data={
            "name": product.name,
            "description": description,
            "price": product.price,
            "stock": product.stock,
            "photo": photo,
            "role": role,
        },
    )
