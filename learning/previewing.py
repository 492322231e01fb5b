"""What a dataset would be made of, told of the newest rows alone: nobody waits for a million."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from config.settings import CurationSettings
from knowledge.prompt import own_recognisers
from learning.curation import Example, Terms, settled
from learning.dataset import pack_of
from learning.reading import example_of
from learning.sieve import Sieve
from learning.spilling import spill
from learning.splits import SPLITS
from services.clock import now
from store import acceptance, app, curating
from store.session import Store

NEWEST: Final = 1_000


@dataclass(frozen=True, slots=True)
class Preview:
    """`read` are the rows looked at, at most NEWEST; `dropped` why the others would not teach."""

    read: int = 0
    kept: int = 0
    dropped: Mapping[str, int] | None = None
    intents: tuple[tuple[str, int], ...] = ()
    splits: tuple[tuple[str, int], ...] = ()
    customers: int = 0
    sold: int = 0

    @property
    def is_all(self) -> bool:
        return self.read < NEWEST


async def previewed(store: Store, shop: UUID, settings: CurationSettings) -> Preview:
    async with store.reading() as session:
        found = await session.get_one(app.Shop, shop)
        demands = await acceptance.demanded(session, shop)
    rows = await curating.page(store, shop, curating.before(None), NEWEST)
    recognisers = own_recognisers(pack_of(found))
    terms = Terms(settings, recognisers, demands, settled(settings, now()))
    return await asyncio.to_thread(_told, shop, [example_of(row) for row in rows], terms)


def _told(shop: UUID, rows: list[Example], terms: Terms) -> Preview:
    with spill() as aside:
        sieve = Sieve(shop, terms, aside)
        if rows:
            sieve.take(rows)
        result = sieve.result()
        kept = list(result.kept)
    intents = Counter(one.example.intent for one in kept)
    splits = Counter(one.split for one in kept)
    return Preview(
        result.read,
        len(kept),
        result.dropped,
        tuple(intents.most_common()),
        tuple((name, splits[name]) for name in SPLITS),
        len({one.example.customer for one in kept}),
        sum(one.example.successful for one in kept),
    )
