"""What a new shop begins with: the products and the records of its pack's sample."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from app.portfolio import Reader
from config.folders import PackError
from config.packs import Pack
from events.happened import named
from services.clock import now
from store import fields, portfolio
from store.session import Store
from store.shops import ProductRow

SAMPLE: Final = "records"
"""The folder of a pack with its sample."""


def sample_products(pack: Pack, shop: str) -> Sequence[ProductRow]:
    return [
        ProductRow(
            id=named("product", shop, article.sku),
            sku=article.sku,
            name=article.name,
            description=article.description,
            category=article.category,
            keywords=list(article.keywords),
            price=article.price,
            stock=article.stock,
            photo=article.photo,
            active=True,
        )
        for article in pack.products
    ]


async def set_up_records(store: Store, shop: UUID, pack: Pack, zone: ZoneInfo) -> None:
    """The catalogue of fields follows the database; a new shop starts with its pack's sample."""
    async with store.transaction() as session:
        await fields.sync(session, shop)
        await fields.describe_new(session, shop, _said(pack))
        if not await portfolio.count_clients(session, shop):
            sample = Reader(pack.folder / SAMPLE, now().astimezone(zone).date())
            given = sample.read()
            if sample.faults:
                one = sample.faults[0]
                raise PackError(f"{pack.folder / SAMPLE / one.file}: line {one.line}: {one.why}")
            await portfolio.replace(session, shop, given)


def _said(pack: Pack) -> list[tuple[str, str, str, list[str]]]:
    """What the glossary says of fields."""
    return [
        (term.table, term.field, term.definition, list(term.examples))
        for term in pack.glossary
        if term.table is not None and term.field is not None
    ]
