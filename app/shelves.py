"""`catalogue show`: what a shop sells now, as its bot finds it."""

from typing import Any

from rich.markup import escape
from rich.table import Table

from app.console import emit, result
from app.desk import known_shop, opened, pack_of
from config.settings import Settings
from knowledge.catalogue import Catalogue, vocabulary
from knowledge.products import Product
from text.prices import written


async def show(settings: Settings, key: str, find: str, *, as_json: bool) -> None:
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        catalogue = Catalogue(desk.store, vocabulary(pack_of(desk, shop)))
        index = await catalogue.of(shop.id)
        await catalogue.close()
    found = [match.product for match in index.find(find)] if find else list(index.products)
    if as_json:
        emit([_told(product) for product in found])
        return
    if not found:
        result.print("Nothing is found for that." if find else "The catalogue is empty.")
        return
    table = Table("sku", "name", "price", "stock", "category", box=None)
    for product in found:
        price = written(product.price, shop.currency)
        cells = (product.sku, product.name, price, str(product.stock), product.category)
        table.add_row(*(escape(cell) for cell in cells))
    result.print(table)


def _told(product: Product) -> dict[str, Any]:
    return {
        "sku": product.sku,
        "name": product.name,
        "price": product.price,
        "stock": product.stock,
        "category": product.category,
        "keywords": product.keywords,
        "description": product.description,
        "photo": product.photo,
    }
