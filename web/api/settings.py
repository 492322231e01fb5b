"""What a shop chooses for itself: what it says of itself, and when its people are there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Path, Request
from fastapi.responses import Response
from pydantic import AfterValidator, ConfigDict, Field

from config.manners import HoursSettings
from config.opening import week_of
from store import choices
from store.session import ReadSession
from web.api.house import House
from web.api.problems import Problem
from web.api.shapes import NO_NUL, Body, IfMatch, IfNoneMatch, Listed, Shown
from web.api.versions import matches, shown, tagged
from web.hands import hand_of
from web.opening import open_at
from web.permissions import Perm
from web.routing import Route
from web.sayings import LONGEST, facts, say
from web.timetable import DAYS, HOLIDAYS, timetable, week_typed

Name = Annotated[str, Path(min_length=1, max_length=100, pattern=NO_NUL)]
Spans = Annotated[str, Field(max_length=120, pattern=NO_NUL)]
Days = Annotated[str, Field(max_length=40, pattern=NO_NUL)]


def _readable(week: dict[str, str] | None) -> dict[str, str] | None:
    week_of(week or {})
    return week


class FactSaid(Body):
    """An empty `text` says nothing of it; null is the pack's sample again."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"text": "Abrimos de lunes a viernes, de 9 a 18."}]},
    )

    text: Annotated[str, Field(max_length=LONGEST, pattern=NO_NUL)] | None


class FactShown(Shown):
    """`text` is the shop's own; where it is null, `sample` is what the bot says."""

    name: str
    title: str
    text: str | None
    sample: str


class HoursSaid(Body):
    """`week` maps days ("mon-fri") to "09:00-18:00", several spans by commas; a day that is missing
    is closed, none at all is always open. Null leaves both to the configuration."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"week": {"mon-fri": "09:00-18:00"}, "holidays": ["2026-12-25"]}]
        },
    )

    week: Annotated[
        Annotated[dict[Days, Spans], Field(max_length=len(DAYS))] | None, AfterValidator(_readable)
    ]
    holidays: list[date] = Field([], max_length=HOLIDAYS)


class HoursShown(Shown):
    """What holds: chosen by somebody of the shop (`own`), or as the configuration says."""

    own: bool
    timezone: str
    week: dict[str, str]
    holidays: list[date]


@dataclass(frozen=True, slots=True)
class ShopSettings:
    """`hours` are what the configuration says."""

    house: House
    hours: HoursSettings

    def routes(self) -> Sequence[Route]:
        route, one, at = self.house.route, "/settings/facts/{fact}", "/settings/hours"
        read, write = Perm.SETTINGS_READ, Perm.SETTINGS_WRITE
        return [
            route("GET", "/settings/facts", self.list_facts, read, Listed[FactShown]),
            route("GET", one, self.get_fact, read, FactShown),
            route("PUT", one, self.change_fact, write, FactShown),
            route("GET", at, self.get_hours, read, HoursShown),
            route("PUT", at, self.change_hours, write, HoursShown),
        ]

    async def list_facts(self) -> Response:
        """What the bot tells of the shop as it is written here, in the order of its pack."""
        house = self.house
        async with house.store.tenant(house.shop) as session:
            known = await facts(session, house.shop, house.pack)
        return shown(Listed(items=[FactShown.model_validate(one) for one in known]))

    async def get_fact(self, fact: Name, if_none_match: IfNoneMatch = None) -> Response:
        """One of them, with its ETag."""
        async with self.house.store.tenant(self.house.shop) as session:
            return tagged(await self._fact(session, fact), if_none_match)

    async def change_fact(
        self, request: Request, fact: Name, said: FactSaid, if_match: IfMatch = None
    ) -> Response:
        """What the bot says from now on. Needs If-Match."""
        house = self.house
        async with house.store.tenant(house.shop) as session:
            await choices.hold(session, house.shop)
            matches(await self._fact(session, fact), if_match)
            await say(session, house.pack, {fact: said.text}, hand_of(request, house.clock()))
            session.expire_all()
            return tagged(await self._fact(session, fact))

    async def get_hours(self, if_none_match: IfNoneMatch = None) -> Response:
        """When people of the shop are there, with its ETag."""
        async with self.house.store.tenant(self.house.shop) as session:
            return tagged(await self._hours(session), if_none_match)

    async def change_hours(
        self, request: Request, said: HoursSaid, if_match: IfMatch = None
    ) -> Response:
        """When they are from now on. Needs If-Match."""
        house = self.house
        async with house.store.tenant(house.shop) as session:
            await choices.hold(session, house.shop)
            matches(await self._hours(session), if_match)
            by = hand_of(request, house.clock())
            await open_at(session, _spelled(said.week), sorted(set(said.holidays)), by)
            session.expire_all()
            return tagged(await self._hours(session))

    async def _fact(self, session: ReadSession, name: str) -> FactShown:
        """Raises Problem."""
        for one in await facts(session, self.house.shop, self.house.pack):
            if one.name == name:
                return FactShown.model_validate(one)
        raise Problem("not_found")

    async def _hours(self, session: ReadSession) -> HoursShown:
        found = await choices.of_shop(session, self.house.shop)
        hours = await choices.hours(session, self.house.shop, self.hours)
        return HoursShown(
            own=found is not None and found.week is not None,
            timezone=hours.timezone,
            week=_spelled(hours.week) or {},
            holidays=list(hours.holidays),
        )


def _spelled(week: dict[str, str] | None) -> dict[str, str] | None:
    """Day by day, as the page writes it."""
    if not week:
        return week
    return dict(week_typed(timetable(HoursSettings(week=week)).days))
