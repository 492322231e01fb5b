"""Examples and corpora for the tests of what is learned."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import numpy as np

from learning.curation import Example, changed
from tests.builders import wording

SHOP = UUID(int=1)
START = datetime(2026, 11, 2, tzinfo=UTC)


def an_example(number: int = 0, /, **changes: object) -> Example:
    """Good enough to be learned from, and like no other number's."""
    example = Example(
        id=uuid5(SHOP, str(number)),
        shop=SHOP,
        customer=uuid5(SHOP, f"customer {number}"),
        at=START + timedelta(minutes=number),
        question=f"Hola, quisiera {wording(number)}",
        answer=f"Claro, aquí tienes {wording(number + 10_000)}",
        score=5,
        latency_ms=100,
    )
    return changed(example, **changes)


def misspelt(text: str, seed: int, *, share: float = 0.02) -> str:
    """Some letters changed, left out or doubled."""
    random = np.random.default_rng(seed)
    letters: list[str] = []
    for letter in text:
        if random.random() > share:
            letters.append(letter)
            continue
        letters.append(["", "x", letter * 2][random.integers(3)])
    return "".join(letters)
