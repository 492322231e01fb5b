"""Whether a lender's clients of today still look like those that a model learned from.

Of instalments those of the next year are compared, as it learned from no others.
"""

from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from prediction import books
from prediction.book import day_of
from prediction.drift import drifted
from prediction.features import FAR
from prediction.foretelling import Chosen, asked
from prediction.shares import SCORE
from prediction.table import Table
from store.session import Store


async def drift(store: Store, shop: UUID, chosen: Chosen, day: date) -> dict[str, float]:
    """The stability index of each feature, and of the probabilities as `score`; nothing where
    nobody can be asked about."""
    columns: dict[str, list[NDArray[Any]]] = {one.name: [] for one in chosen.model.features}
    async for part in books.parts(store, shop):
        seen = asked(chosen, part, day_of(day)).columns
        near = seen["days_to_due"] < FAR if "days_to_due" in seen else slice(None)
        for name, found in columns.items():
            found.append(seen[name][near])
    table = Table({name: np.concatenate(found) for name, found in columns.items() if found})
    if not len(table):
        return {}
    moved = drifted(chosen.model, table)
    return {**moved.features, SCORE.name: moved.score}
