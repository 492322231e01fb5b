"""What the shop answered well before, to questions like this one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from config.shapes import Example
from knowledge.prompt import Shot
from knowledge.style import Style
from llm.embeddings import OFFLINE_MODEL, hashed
from store import exemplars
from store.session import Store

LIKE: Final = 0.35
"""The least cosine of offline vectors at which two questions are about the same."""
COUNT: Final = 3
APART: Final = 0.25


@dataclass(frozen=True, slots=True)
class Examples:
    store: Store
    count: int = COUNT

    async def like(self, shop: UUID, question: str, version: UUID | None = None) -> list[Shot]:
        """The nearest first; none is better than one about something else. Of the set of a model
        version: the named one, else the active one; of all good answers where that has none.

        Raises StoreUnavailable.
        """
        vector = hashed(question)
        if not self.count or not vector.any():
            return []
        async with self.store.lookup() as connection:
            sought = (OFFLINE_MODEL, vector)
            found = await exemplars.near(connection, shop, sought, self.count, version)
        return [
            Shot(one.question, one.answer, str(one.training)) for one in found if one.cosine >= LIKE
        ]


def of_pack(examples: Sequence[Example], style: Style, count: int = COUNT) -> list[Shot]:
    """Those of the pack that sound as this customer is spoken to."""
    fitting = [one for one in examples if abs(one.intensity - style.intensity) <= APART]
    return [Shot(one.question, one.answer) for one in fitting[:count]]
