"""The shops' products in memory."""

from dataclasses import dataclass
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import select

from config.packs import Pack
from knowledge.products import Index, Product, Vocabulary, build_index
from knowledge.shelves import Shelves
from store import app
from text.labels import label
from text.money import amounts
from text.stemming import stems


@dataclass(frozen=True, slots=True)
class Catalogue(Shelves[Product, Index]):
    vocabulary: Vocabulary

    async def read(self, shop: UUID) -> tuple[Product, ...]:
        query = (
            select(app.Product)
            .where(app.Product.shop_id == shop, app.Product.active)
            .order_by(app.Product.sku)
        )
        async with self.store.reading() as session:
            return tuple(_product(row) for row in await session.scalars(query))

    def made(self, rows: tuple[Product, ...]) -> Index:
        return build_index(rows, self.vocabulary)


def vocabulary(pack: Pack) -> Vocabulary:
    """What the pack's words mean to a search: what never names a product, what only describes."""
    words = pack.words
    spoken = [text for rule in pack.intents for text in rule.words]
    listed = [value for values in words.slots.values() for value in values.words]
    return Vocabulary(
        common=frozenset(
            stem for text in (*words.stopwords.words, *spoken) for stem in stems(text)
        ),
        attributes=frozenset(
            stem for text in (*words.attributes.words, *listed) for stem in stems(text)
        ),
    )


def sample(pack: Pack) -> Index:
    """The products that a pack brings, as a new shop has them."""
    shelved = (
        Product(
            id=uuid5(NAMESPACE_OID, one.sku),
            sku=one.sku,
            name=named(one.name, one.price) or one.sku,
            price=one.price,
            stock=one.stock,
            description=one.description,
            category=label(one.category),
            keywords=one.keywords,
            photo=one.photo,
        )
        for one in pack.products
    )
    return build_index(tuple(shelved), vocabulary(pack))


def named(name: str, price: int) -> str:
    """A product's name as it may be said: no order, no link, no price but its own."""
    plain = label(name)
    for amount in reversed(amounts(plain)):
        if price not in {amount.value, amount.value * 100}:
            start, end = amount.span
            plain = f"{plain[:start]}{plain[end:]}"
    return " ".join(plain.split())


def _product(row: app.Product) -> Product:
    return Product(
        id=row.id,
        sku=row.sku,
        name=named(row.name, row.price) or row.sku,
        price=row.price,
        stock=row.stock,
        description=row.description,
        category=label(row.category),
        keywords=tuple(row.keywords),
        photo=row.photo,
    )
