"""Calidad: how well messages are understood, what is taken for what, and with what certainty."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Literal, TypeAlias

from fastapi import Query, Request
from fastapi.responses import Response

from learning.quality import ENOUGH, Judged, Measured
from learning.sampling import LEAST
from web import charts, csv, gauges, quality, tabs
from web.permissions import Perm
from web.quality import Sample
from web.rendering import Pages
from web.routing import Route
from web.teaching import Lectern
from web.yardstick import Yardstick

HERE: Final = "/admin/calidad"
PATIENCE_S: Final = 20.0
SPANS: Final = (7, 30, 90, 365)
SHOWN: Final = 100
Which: TypeAlias = Literal["fija", "vivo"]
Channel: TypeAlias = Annotated[str, Query(max_length=40)]
COLUMNS: Final = ("intencion", "f1", "desde", "hasta", "mensajes")


@dataclass(frozen=True)
class Quality:
    pages: Pages
    lectern: Lectern
    yardstick: Yardstick = field(init=False)

    def __post_init__(self) -> None:
        at = self.lectern
        made = Yardstick(at.store, at.shop, at.pack, at.clock)
        object.__setattr__(self, "yardstick", made)

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", HERE, self.show, Perm.QUALITY_READ),
            Route("GET", f"{HERE}.csv", self.table, Perm.QUALITY_READ),
            Route("GET", f"{HERE}/mensajes", self.messages, Perm.QUALITY_READ),
        ]

    async def show(
        self, request: Request, conjunto: Which = "fija", dias: int = 30, canal: Channel = ""
    ) -> Response:
        days = dias if dias in SPANS else 30
        _, found, sample = await self._found(conjunto, days, canal)
        shop = self.lectern.shop
        async with self.lectern.store.tenant(shop) as session:
            versions = await quality.versions(session, shop)
            trained = await gauges.when_trained(session, shop, self.lectern.pack)
            channels = await tabs.channels(session, shop)
        names, lines = quality.confusion(found.figures["confusion"]) if found else ([], [])
        return self.pages.answer(
            request,
            "calidad.html",
            found=found,
            sample=sample,
            names=names,
            lines=lines,
            which=conjunto,
            days=days,
            spans=SPANS,
            enough=ENOUGH,
            least=LEAST,
            evolution=_evolution(versions),
            trained=trained,
            channel=canal,
            channels=channels,
        )

    async def table(
        self, conjunto: Which = "fija", dias: int = 30, canal: Channel = ""
    ) -> Response:
        _, found, _ = await self._found(conjunto, dias if dias in SPANS else 30, canal)
        rows = [] if found is None else _rows(found)
        return csv.answer("calidad", COLUMNS, csv.each(rows))

    async def messages(
        self,
        request: Request,
        conjunto: Which = "fija",
        dias: int = 30,
        quiso: str = "",
        entendio: str = "",
        canal: Channel = "",
    ) -> Response:
        judged, _, _ = await self._found(conjunto, dias if dias in SPANS else 30, canal)
        shown = [one for one in judged if (one.wanted, one.found) == (quiso, entendio)]
        return self.pages.answer(
            request,
            "calidad_mensajes.html",
            messages=shown[:SHOWN],
            count=len(shown),
            wanted=quiso[:100],
            found=entendio[:100],
            which=conjunto,
        )

    async def _found(
        self, which: Which, days: int, channel: str
    ) -> tuple[Sequence[Judged], Measured | None, Sample | None]:
        if which == "fija":
            return *await self.yardstick.fixed(), None
        return await self.yardstick.live(days, channel)


def _rows(found: Measured) -> list[tuple[Any, ...]]:
    f1 = found.figures["f1"]
    return [
        (name, one["value"], one["low"], one["high"], found.support[name])
        for name, one in f1.items()
    ]


def _evolution(versions: Sequence[quality.Version]) -> charts.Drawing | None:
    if len(versions) < 2:  # noqa: PLR2004  one point is no line
        return None
    labels = tuple(f"v{one.version}" for one in versions)
    values = tuple(one.value for one in versions)
    chart = charts.Chart("F1", labels, (charts.Series("F1", values),), "decimal")
    return charts.lines(chart)
