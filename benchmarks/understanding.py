"""Microseconds until a message is understood: by rules, by a classifier, and what it names."""

import time
from collections.abc import Callable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from benchmarks.load import Load
from config.packs import Pack, load_pack
from knowledge.catalogue import sample, vocabulary
from knowledge.products import Index, Product, build_index
from nlu.brought import brought
from nlu.parse import build_parser
from text.folding import tokenise

TEXTS = (
    "hola, quería saber cuánto sale el despacho a viña del mar",
    "cuánto cuesta el termo de 500 ml?",
    "haudifonos bluetoth",
    "hacen envíos a Temuco?",
    "la mochila negra",
)
SYLLABLES = [one + other for one in "bcdfglmnprst" for other in "aeiou"]


def understanding(load: Load) -> dict[str, Any]:
    load.told("understanding messages")
    pack = load_pack("ventas")
    classifier, index = brought(pack), large(pack, load.products)
    ways: dict[str, Callable[[str], object]] = {
        "parse": build_parser(pack).parse,
        "find": index.find,
    }
    if classifier is not None:
        ways["classify"] = classifier.predict
    figures = {f"{name}_us": _each(read, load.starts) for name, read in ways.items()}
    floor = _each(tokenise, load.starts)
    ratios = {key.replace("_us", "_ratio"): round(us / floor, 1) for key, us in figures.items()}
    return {"products": len(index.products), **figures, "floor": {"words_us": floor}, **ratios}


def large(pack: Pack, count: int) -> Index:
    """The products of the pack among `count` whose invented words are shared by many."""
    words = [a + b + c for a in SYLLABLES[:20] for b in SYLLABLES[20:40] for c in SYLLABLES[40:]]
    products = [
        Product(
            id=uuid5(NAMESPACE_URL, str(number)),
            sku=f"S-{number}",
            name=" ".join(
                words[nth % len(words)] for nth in (number % 97, number * 31, number * 7)
            ),
            price=number,
            stock=number % 5,
            description=f"{words[number % 50]} {words[number % 51]} de calidad",
            category=words[number % 3],
        )
        for number in range(count)
    ]
    return build_index([*products, *sample(pack).products], vocabulary(pack))


def _each(read: Callable[[str], object], times: int) -> float:
    """The fastest of several rounds: a round can only be slowed down by others."""
    return round(min(_round(read) for _ in range(10 * times)) * 1e6, 1)


def _round(read: Callable[[str], object]) -> float:
    begun = time.perf_counter()
    for text in TEXTS:
        read(text)
    return (time.perf_counter() - begun) / len(TEXTS)
