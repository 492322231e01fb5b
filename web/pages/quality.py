"""Calidad: how well messages are understood, what is taken for what, and with what certainty."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any, Final, Literal, TypeAlias

from fastapi import Query, Request
from fastapi.responses import Response

from config.packs import Pack
from learning.quality import ENOUGH, Judged, Measured, fixed, measured
from learning.sampling import LEAST
from nlu.brought import brought
from nlu.classifier import ClassifierInvalid, unpacked
from store import nlu
from web import charts, csv, quality, tabs
from web.limits import soon
from web.permissions import Perm
from web.quality import Sample
from web.rendering import Pages
from web.routing import Route
from web.teaching import Lectern

HERE: Final = "/admin/calidad"
PATIENCE_S: Final = 20.0
SPANS: Final = (7, 30, 90, 365)
SHOWN: Final = 100
Which: TypeAlias = Literal["fija", "vivo"]
Channel: TypeAlias = Annotated[str, Query(max_length=40)]
COLUMNS: Final = ("intencion", "f1", "desde", "hasta", "mensajes")


@dataclass(slots=True)
class Kept:
    """What was measured last of each set, and of what: measuring again takes a second."""

    figures: dict[str, tuple[str, Sequence[Judged], Measured | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Quality:
    pages: Pages
    lectern: Lectern
    kept: Kept = field(default_factory=Kept)

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
            return *await soon(self._fixed(), PATIENCE_S), None
        shop, since = self.lectern.shop, self.lectern.clock() - timedelta(days=days)
        async with self.lectern.store.tenant(shop) as session:
            stamp = await quality.stamp(session, shop)
            sample = await quality.sample(session, shop, since, channel)
        if len(sample.judged) < LEAST:
            return sample.judged, None, sample
        mark = f"{stamp}:{days}:{channel}:{len(sample.judged)}"
        return *await self._measured("vivo", mark, sample.judged), sample

    async def _fixed(self) -> tuple[Sequence[Judged], Measured | None]:
        shop, pack = self.lectern.shop, self.lectern.pack
        async with self.lectern.store.tenant(shop) as session:
            version = await nlu.active_version(session, shop)
            mark = str(version)
            held = self.kept.figures.get("fija")
            if held is not None and held[0] == mark:
                return held[1], held[2]
            model = await nlu.active_model(session, shop) if version is not None else None
        judged = await asyncio.to_thread(judged_by, pack, model[1] if model else None)
        if not judged:
            return judged, None
        return await self._measured("fija", mark, judged)

    async def _measured(
        self, which: str, mark: str, judged: Sequence[Judged]
    ) -> tuple[Sequence[Judged], Measured | None]:
        held = self.kept.figures.get(which)
        if held is None or held[0] != mark:
            found = await soon(asyncio.to_thread(measured, judged), PATIENCE_S)
            held = mark, judged, found
            self.kept.figures[which] = held
        return held[1], held[2]


def judged_by(pack: Pack, data: bytes | None) -> Sequence[Judged]:
    """With what the pack brings where a shop has no classifier, or none that fits."""
    try:
        learned = unpacked(data) if data is not None else None
    except ClassifierInvalid:
        learned = None
    if learned is None or learned.header.pack != pack.name:
        learned = brought(pack)
    return fixed(pack, learned)


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
