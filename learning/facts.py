"""A shop's days and fortnights, gathered from the rows of that time alone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any
from uuid import UUID

from config.settings import CurationSettings
from knowledge.prompt import own_recognisers
from learning.curation import Terms, refusal
from learning.dataset import pack_of
from learning.duplicates import normalised
from learning.errors import ShopUnknown
from learning.figures import Figures, summed
from learning.reading import pages
from llm.providers import PAID
from store import counting, facts
from store.acceptance import demanded
from store.counting import Span
from store.session import Store
from store.shops import shop_by_id

MOST_ASKED = 5
PROVIDERS = sorted(PAID)
"""What others answer is answered here, and costs nothing."""


@dataclass(frozen=True, slots=True)
class Facts:
    """`zone` is the shop's clock, `terms` those by which its rows may teach."""

    store: Store
    shop: UUID
    zone: tzinfo
    terms: Terms

    async def day(self, day: date) -> dict[str, Any]:
        """A row of analytics.daily_fact; nothing is written."""
        span = self._span(day, day)
        found = await counting.counted(self.store, span, PROVIDERS)
        good, refused = await self._judged(span)
        edges = {"began_at": span.began, "ended_at": span.ended}
        preview = {"good": good, "refused": refused}
        return {"shop_id": self.shop, "day": day} | edges | found | preview

    async def _judged(self, span: Span) -> tuple[int, dict[str, int]]:
        """How many of the rows that came in would teach now, and why the others would not."""
        good, refused = 0, Counter[str]()
        async for page in pages(self.store, span.shop, span.ended):
            for row in page:
                if row.at < span.began:
                    return good, dict(sorted(refused.items()))
                reason = refusal(row, self.terms)
                good += reason is None
                refused.update([reason] if reason else [])
        return good, dict(sorted(refused.items()))

    async def missing(self, first: date, last: date) -> list[date]:
        """Days that nobody has counted yet."""
        async with self.store.reading() as session:
            known = {row.day for row in await facts.days(session, self.shop, first, last)}
        every = (first + timedelta(number) for number in range((last - first).days + 1))
        return [day for day in every if day not in known]

    async def keep(self, rows: Sequence[dict[str, Any]]) -> None:
        async with self.store.transaction() as session:
            await facts.keep_days(session, rows)

    async def figures(self, first: date, last: date) -> Figures:
        """What these days came to, of the facts that are kept."""
        span = self._span(first, last)
        trained = await counting.trained(self.store, span)
        asked = often(await counting.unanswered(self.store, span))
        async with self.store.reading() as session:
            days = await facts.days(session, self.shop, first, last)
            price = await facts.last_hosted(session, self.shop, last, PROVIDERS)
        return summed((first, last), days, trained, asked, price)

    def _span(self, first: date, last: date) -> Span:
        return Span(self.shop, self._midnight(first), self._midnight(last + timedelta(1)))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)


def often(asked: Sequence[tuple[UUID, str, UUID]]) -> list[tuple[UUID, int]]:
    """The questions that most people asked, each by the first row where it was: who asks the same
    a hundred times is one of them."""
    first: dict[str, UUID] = {}
    people: dict[str, set[UUID]] = {}
    for row, question, person in asked:
        said = normalised(question)
        first.setdefault(said, row)
        people.setdefault(said, set()).add(person)
    most = sorted(people, key=lambda said: -len(people[said]))[:MOST_ASKED]
    return [(first[said], len(people[said])) for said in most]


async def facts_of(store: Store, shop: UUID, zone: tzinfo, settings: CurationSettings) -> Facts:
    """By the terms on which datasets of the shop are built. Raises DatasetError."""
    async with store.reading() as session:
        found = await shop_by_id(session, shop)
        demands = await demanded(session, shop)
    if found is None:
        raise ShopUnknown(
            f"There is no shop {shop}", "it was never set up", "Start the bot for it once"
        )
    recognisers = own_recognisers(pack_of(found))
    return Facts(store, shop, zone, Terms(settings, recognisers, demands))
