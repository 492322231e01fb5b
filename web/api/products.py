"""The catalogue, product by product."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field
from sqlalchemy import select

from events.happened import caused_by
from store.app import Product
from store.session import WriteSession
from store.wares import Ware
from web import catalogue
from web.api.house import ROOT, House
from web.api.problems import Problem
from web.api.shapes import Body as Given
from web.api.shapes import (
    IfMatch,
    IfNoneMatch,
    Line,
    Listed,
    Moment,
    Money,
    Note,
    Paging,
    Shown,
    Word,
)
from web.api.versions import matches, shown, tagged
from web.permissions import Perm
from web.routing import Route

COLUMNS: Final = {"last_sold_on": "last_sale", "mentions_30d": "named"}
"""By what else a list may be sorted."""
AUDITED = {"sku", "name", "price", "stock", "active"}
EXAMPLE: dict[str, Any] = {
    "sku": "MOCH-AZUL",
    "name": "Mochila urbana azul",
    "description": "20 litros, impermeable",
    "category": "mochilas",
    "keywords": ["mochila", "bolso"],
    "price": {"amount": "24990", "currency": "CLP"},
    "stock": 7,
    "active": True,
}


class ProductChange(Given):
    """All that a product is, but for its SKU."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{k: v for k, v in EXAMPLE.items() if k != "sku"}]},
    )

    name: Word
    description: Note = ""
    category: Line = ""
    keywords: list[Word] = Field([], max_length=50)
    price: Money
    stock: int = Field(0, ge=0, le=1_000_000)
    active: bool = True


class NewProduct(ProductChange):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    sku: Word


class ProductShown(Shown):
    id: UUID
    sku: str
    name: str
    description: str
    category: str
    keywords: list[str]
    price: Money
    stock: int
    photo: str | None
    active: bool
    created_at: Moment


class ProductListed(ProductShown):
    """With what became of it, as it was counted some minutes ago: the day of the last paid order
    that holds it, and how many replies of the last 30 days named it. No ETag depends on either."""

    last_sold_on: date | None
    mentions_30d: int


class ProductsWanted(Paging):
    """Each word of `q` stands in a name, a SKU or a category. What never sold comes before what
    did, unless `sort` turns it round."""

    active: bool | None = None
    category: Line | None = None
    q: Word | None = None
    sort: Literal[
        "sku", "-sku", "name", "-name", "price", "-price", "stock", "-stock", "last_sold_on",
        "-last_sold_on", "mentions_30d", "-mentions_30d",
    ] = "sku"  # fmt: skip


@dataclass(frozen=True, slots=True)
class Products:
    house: House

    def routes(self) -> Sequence[Route]:
        route, many, one = self.house.route, "/products", "/products/{product}"
        read, write = Perm.CATALOGUE_READ, Perm.CATALOGUE_WRITE
        return [
            route("GET", many, self.list_products, read, Listed[ProductListed]),
            route("POST", many, self.create_product, write, ProductShown, status_code=201),
            route("GET", one, self.get_product, read, ProductShown),
            route("PUT", one, self.replace_product, write, ProductShown),
            route("DELETE", one, self.remove_product, write, status_code=204),
        ]

    async def list_products(self, wanted: Annotated[ProductsWanted, Query()]) -> Response:
        """Products by SKU, or as `sort` says; those that were removed are not active."""
        sought = catalogue.filters(catalogue.Wanted(text=wanted.q or ""))
        query = select(Ware).where(Ware.shop_id == self.house.shop, *sought)
        if wanted.active is not None:
            query = query.where(Ware.active.is_(wanted.active))
        if wanted.category is not None:
            query = query.where(Ware.category == wanted.category)
        first, rising = wanted.sort.lstrip("-"), not wanted.sort.startswith("-")
        columns = dict.fromkeys((COLUMNS.get(first, first), "sku"))
        by = [getattr(Ware, name) for name in columns]
        async with self.house.store.tenant(self.house.shop) as session:
            rows, cursor = await self.house.page(session, query, by, wanted, rising=rising)
        return shown(Listed(items=[self._listed(row) for row in rows], next_cursor=cursor))

    async def create_product(self, request: Request, given: NewProduct) -> Response:
        """A product the bot may speak of from now on."""
        shop = self.house.shop
        async with self.house.store.tenant(shop) as session:
            same = select(Product.id).where(Product.shop_id == shop, Product.sku == given.sku)
            if await session.scalar(same) is not None:
                raise Problem("conflict", f"There is a product with the SKU {given.sku} already.")
            row = Product(
                shop_id=shop,
                id=caused_by(shop, f"product:{given.sku}"),
                sku=given.sku,
                **self._fields(given),
            )
            session.add(row)
            await session.flush()
            await session.refresh(row)
            made = self._shown(row)
            await self._note(session, request, "created", made)
        answer = tagged(made, status=201)
        answer.headers["Location"] = f"{ROOT}/products/{made.id}"
        return answer

    async def get_product(self, product: UUID, if_none_match: IfNoneMatch = None) -> Response:
        """One product, with its ETag."""
        async with self.house.store.tenant(self.house.shop) as session:
            row = await self._found(session, product)
        return tagged(self._shown(row), if_none_match)

    async def replace_product(
        self, request: Request, product: UUID, given: ProductChange, if_match: IfMatch = None
    ) -> Response:
        """What the bot says of it from now on. Needs If-Match."""
        async with self.house.store.tenant(self.house.shop) as session:
            row = await self._found(session, product, lock=True)
            before = self._shown(row)
            matches(before, if_match)
            for name, value in self._fields(given).items():
                setattr(row, name, value)
            now = self._shown(row)
            await self._note(session, request, "changed", now, before)
        return tagged(now)

    async def remove_product(
        self, request: Request, product: UUID, if_match: IfMatch = None
    ) -> Response:
        """Off the shelf: orders and answers still point to it. Needs If-Match."""
        async with self.house.store.tenant(self.house.shop) as session:
            row = await self._found(session, product, lock=True)
            before = self._shown(row)
            matches(before, if_match)
            row.active = False
            await self._note(session, request, "removed", self._shown(row), before)
        return Response(status_code=204)

    async def _note(
        self,
        session: WriteSession,
        request: Request,
        done: str,
        now: ProductShown,
        before: ProductShown | None = None,
    ) -> None:
        was = before.model_dump(mode="json", include=AUDITED) if before else None
        told = now.model_dump(mode="json", include=AUDITED)
        what, action = f"product:{now.id}", f"product.{done}"
        await self.house.note(session, request, action, what, before=was, after=told)

    async def _found(self, session: WriteSession, which: UUID, *, lock: bool = False) -> Product:
        """Raises Problem."""
        row = await session.get(Product, (self.house.shop, which), with_for_update=lock)
        if row is None:
            raise Problem("not_found")
        return row

    def _fields(self, given: ProductChange) -> dict[str, object]:
        """Raises Problem."""
        currency, units = self.house.pack.identity.currency, given.price.units()
        if given.price.currency != currency or units is None:
            detail = f"Prices of this shop are in {currency}, no finer than it is paid in."
            raise Problem("refused", detail)
        plain = given.model_dump(include={"name", "description", "category", "keywords"})
        return plain | {"price": units, "stock": given.stock, "active": given.active}

    def _listed(self, row: Ware) -> ProductListed:
        told = dict(self._shown(row))
        return ProductListed(**told, last_sold_on=row.sold_on, mentions_30d=row.named)

    def _shown(self, row: Product | Ware) -> ProductShown:
        names = ProductShown.model_fields.keys() - {"price"}
        price = Money.of(row.price, self.house.pack.identity.currency)
        return ProductShown(**{name: getattr(row, name) for name in names}, price=price)
