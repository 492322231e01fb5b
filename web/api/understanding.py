"""How well messages are understood: on labels that were held back, on the pack's own messages, and
on turns of the shop that were drawn by chance."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Annotated, Any, Literal

from fastapi import Query
from fastapi.responses import Response
from pydantic import Field

from learning.quality import Measured
from learning.sampling import LEAST
from store import nlu
from web.api.house import House
from web.api.problems import Problem
from web.api.shapes import Body, Shown
from web.api.versions import tagged
from web.permissions import Perm
from web.routing import Route
from web.yardstick import Yardstick, whole

Set = Literal["held-out", "fixed", "live"]


class SetWanted(Body):
    """`held-out` are labels that the classifier did not see when it was trained. `fixed` are
    messages to which nothing was ever fitted, read by rules and classifier as in the bot. `live`
    are turns of the last `days` that were drawn by chance and reviewed: as they were understood
    then, and so without a `model`."""

    model: int | None = Field(None, ge=1, le=2**31 - 1)
    set: Set = "held-out"
    days: int = Field(30, ge=1, le=365)


class MetricsShown(Shown):
    """Each with its bounds at 95 %. A `model` of null is the one that comes with the business;
    `labels` are what it was trained on, `messages` what it was measured on."""

    model: int | None
    active: bool
    set: Set
    labels: int
    messages: int
    macro_f1: dict[str, float]
    accuracy: dict[str, float]
    ece: dict[str, float]
    f1: dict[str, dict[str, float]]


class ConfusionShown(Shown):
    """How often what was meant (rows) was taken for what (columns)."""

    model: int | None
    set: Set
    intents: list[str]
    rows: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Understanding:
    house: House
    yardstick: Yardstick = field(init=False)

    def __post_init__(self) -> None:
        at = self.house
        object.__setattr__(self, "yardstick", Yardstick(at.store, at.shop, at.pack, at.clock))

    def routes(self) -> Sequence[Route]:
        route, quality = self.house.route, Perm.QUALITY_READ
        matrix = self.get_confusion_matrix
        return [
            route("GET", "/nlu/metrics", self.get_nlu_metrics, quality, MetricsShown),
            route("GET", "/nlu/confusion-matrix", matrix, quality, ConfusionShown),
        ]

    async def get_nlu_metrics(self, wanted: Annotated[SetWanted, Query()]) -> Response:
        """F1 of each intent; of the classifier in use, or of a `model` by its number."""
        one = await self._model(wanted.model)
        told = await self._figures(one, wanted)
        names = ("messages", "macro_f1", "accuracy", "ece", "f1")
        return tagged(
            MetricsShown(
                model=one["version"],
                active=one["active"],
                set=wanted.set,
                labels=one["header"].get("count", 0),
                **{name: told[name] for name in names},
            )
        )

    async def get_confusion_matrix(self, wanted: Annotated[SetWanted, Query()]) -> Response:
        """What is taken for what."""
        one = await self._model(wanted.model)
        rows = (await self._figures(one, wanted))["confusion"]
        names = sorted({*rows, *(name for row in rows.values() for name in row)})
        return tagged(
            ConfusionShown(model=one["version"], set=wanted.set, intents=names, rows=rows)
        )

    async def _figures(self, one: Mapping[str, Any], wanted: SetWanted) -> Mapping[str, Any]:
        """Raises Problem."""
        match wanted.set:
            case "fixed":
                self._of_this_business(one)
                _, found = await self.yardstick.fixed(one["version"])
                return _there(found, "This business brings no messages to measure on.")
            case "live":
                return await self._live(wanted)
            case _:
                return _measured(one)

    def _of_this_business(self, one: Mapping[str, Any]) -> None:
        """Raises Problem."""
        pack = one.get("pack", self.house.pack.name)
        if pack != self.house.pack.name:
            raise Problem("conflict", f"Classifier {one['version']} is of the business {pack}.")

    async def _live(self, wanted: SetWanted) -> Mapping[str, Any]:
        """Raises Problem."""
        if wanted.model is not None:
            why = "The live set was understood by whatever was in use then: leave model out."
            raise Problem("refused", why)
        judged, found, _ = await self.yardstick.live(wanted.days)
        few = f"{len(judged)} of the {LEAST} turns drawn by chance that it takes are reviewed: GET"
        return _there(found, f"{few} /api/v1/review has those that wait.")

    async def _model(self, wanted: int | None) -> dict[str, Any]:
        """Raises Problem."""
        async with self.house.store.tenant(self.house.shop) as session:
            every = await nlu.models(session, self.house.shop)
        right = (one["active"] if wanted is None else one["version"] == wanted for one in every)
        found = [one for one, is_it in zip(every, right, strict=True) if is_it]
        if found:
            return found[0]
        own = await asyncio.to_thread(whole, self.house.pack) if wanted is None else None
        if own is None:
            raise Problem("not_found", "No classifier was trained yet: main.py nlu train.")
        return {"version": None, "active": True, "header": asdict(own.header)}


def _there(found: Measured | None, why: str) -> Mapping[str, Any]:
    """Raises Problem."""
    if found is None:
        raise Problem("not_found", why)
    return found.figures


def _measured(one: Mapping[str, Any]) -> Mapping[str, Any]:
    """Raises Problem."""
    found: dict[str, Any] = one["header"].get("metrics") or {}
    if not found:
        raise Problem("not_found", "This classifier was never measured: main.py nlu train.")
    return found
