"""What it all cost: per day, by what it was spent on, and what another model would have cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeAlias

from fastapi import Query, Request
from fastapi.responses import Response

from llm.budget import Purse
from store import reckoning
from store.session import Store
from store.spending import Group
from web import charts, csv
from web.amounts import plain
from web.asked import Wanted
from web.caps import caps
from web.charts import Chart, Series
from web.costs import Costs, costs, spent, supposed
from web.identity import identity_of
from web.limits import soon
from web.pages.reports import PATIENCE_S, Books, answer
from web.permissions import Perm
from web.ranges import USUAL_D, Asked
from web.rendering import Pages
from web.routing import Route

By: TypeAlias = Literal["intencion", "cliente", "canal", "modelo", "proveedor"]
GROUPS: Final[dict[By, Group]] = {
    "intencion": "intent",
    "cliente": "customer",
    "canal": "channel",
    "modelo": "model",
    "proveedor": "provider",
}
SHOWN: Final = 50
FILE_ROWS: Final = 10_000
Price: TypeAlias = Annotated[float | None, Query(ge=0, le=10_000, allow_inf_nan=False)]


@dataclass(frozen=True)
class CostsPage:
    """`prices` of the budget are dollars of a million tokens read and written."""

    pages: Pages
    store: Store
    books: Books
    purse: Purse

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", "/admin/costos", self.show, Perm.COST_READ),
            Route("GET", "/admin/costos/dias.csv", self.download_days, Perm.COST_READ),
            Route("GET", "/admin/costos/tabla.csv", self.download, Perm.COST_READ),
        ]

    async def show(
        self,
        request: Request,
        asked: Wanted,
        por: By = "intencion",
        leidos: Price = None,
        escritos: Price = None,
    ) -> Response:
        price = None if leidos is None or escritos is None else (leidos, escritos)
        values = await soon(self._values(asked, por, price), PATIENCE_S)
        return self.pages.answer(
            request,
            "costos.html",
            **values,
            by=por,
            groups=tuple(GROUPS),
            price=price,
            named=identity_of(request).may(Perm.CUSTOMER_READ),
            can_bound=identity_of(request).may(Perm.SETTINGS_WRITE),
            told=request.query_params.get("hecho") == "guardado",
            models={name: each for name, each in self.purse.knobs.prices.items() if len(each) > 1},
        )

    async def download(self, request: Request, asked: Wanted, por: By = "intencion") -> Response:
        found = await soon(self._costs(asked, por, FILE_ROWS), PATIENCE_S)
        named = identity_of(request).may(Perm.CUSTOMER_READ)
        rows = [
            (
                (row.get("called") if named else None) or row["name"] or row["kind"],
                row["replies"], row["tokens_in"], row["tokens_out"],
                plain(row["cost_micros"], "usd", ""),
            )
            for row in found.rows
        ]  # fmt: skip
        header = [por, "replies", "tokens_in", "tokens_out", "usd"]
        return csv.answer(f"costos-{por}", header, csv.each(rows))

    async def download_days(self, asked: Wanted, por: By = "intencion") -> Response:
        return answer("costos", _chart(await soon(self._costs(asked, por, 1), PATIENCE_S)))

    async def _costs(self, asked: Asked, by: By, limit: int) -> Costs:
        async with self.store.tenant(self.books.shop) as session:
            books = await self.books.chosen(session)
            scope, bucket = books.scope(asked), books.bucket(asked)
            return await costs(session, scope, GROUPS[by], bucket, limit)

    async def _values(
        self, asked: Asked, by: By, price: tuple[float, float] | None
    ) -> dict[str, Any]:
        async with self.store.tenant(self.books.shop) as session:
            books = await self.books.chosen(session)
            scope, bucket = books.scope(asked), books.bucket(asked)
            month, today = books.scope(Asked(USUAL_D)), books.scope(Asked(1))
            found = await costs(session, scope, GROUPS[by], bucket, SHOWN)
            return {
                **books.filters(asked, await reckoning.channels(session, scope)),
                "has_hours": False,
                "costs": found,
                "drawn": charts.stacked(_chart(found)),
                "spent": await spent(session, today, self.purse),
                "caps": await caps(session, books.shop, self.purse.knobs),
                "supposed": await supposed(session, month, price) if price else None,
            }


def _chart(found: Costs) -> Chart:
    series = tuple(
        Series(name, tuple(values[place] for _, values in found.days))
        for place, name in enumerate(found.names)
    )
    days = tuple(day for day, _ in found.days)
    kind = "provider" if found.group == "customer" else found.group
    return Chart("cost", days, series, "usd", words=f"cost-{kind}")
