"""Which classifier understands a shop's messages: activated, and taken back."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, NoReturn

from fastapi import Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from nlu.classifier import ClassifierInvalid, unpacked
from store import nlu
from store.session import WriteSession
from web.api.house import House
from web.api.problems import Problem
from web.api.rolling import Rollback
from web.api.shapes import Body, IfMatch, IfNoneMatch, Moment, Note, Shown
from web.api.versions import matches, tagged
from web.permissions import Perm
from web.routing import Route

NLU: Final = "nlu"
UNTRIED: Final = (
    "A classifier is not tried on customers but on messages whose meaning is known: read GET"
    " /api/v1/nlu/metrics?model=VERSION, then PUT /api/v1/deployments/nlu."
)


class ClassifierWanted(Body):
    """The `active` version; null is the classifier that comes with the business."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"active": 3, "reason": "entiende más"}]}
    )

    active: Annotated[int, Field(ge=1, le=2**31 - 1)] | None
    reason: Note = ""


class ClassifierShown(Shown):
    """`macro_f1` is on labelled messages that it did not see; null where nobody measured it."""

    version: int
    pack: str
    labels: int
    macro_f1: float | None
    created_at: Moment


class ClassifiersShown(Shown):
    """`active` is null while the classifier of the business itself, or its rules alone, understand.
    `versions` are what main.py nlu train made, the newest first."""

    task: str
    active: int | None
    versions: list[ClassifierShown]


@dataclass(frozen=True, slots=True)
class Classifying:
    house: House

    def routes(self) -> Sequence[Route]:
        route, one, shape = self.house.route, f"/deployments/{NLU}", ClassifiersShown
        write, canary, back = Perm.MODEL_ACTIVATE, f"{one}/canary", self.roll_classifier_back
        return [
            route("GET", one, self.get_classifier, Perm.MODEL_READ, shape),
            route("PUT", one, self.activate_classifier, write, shape),
            route("PUT", canary, self.try_classifier, write, shape),
            route("DELETE", canary, self.stop_classifier, write, shape),
            route("POST", f"{one}/rollbacks", back, write, shape, status_code=201),
        ]

    async def get_classifier(self, if_none_match: IfNoneMatch = None) -> Response:
        """Which one understands messages now, and those there are; with its ETag."""
        async with self.house.store.tenant(self.house.shop) as session:
            return tagged(await self._standing(session), if_none_match)

    async def activate_classifier(
        self, request: Request, given: ClassifierWanted, if_match: IfMatch = None
    ) -> Response:
        """It understands every message within seconds. Needs If-Match."""
        async with self.house.store.tenant(self.house.shop) as session:
            await nlu.hold(session, self.house.shop)
            before = await self._standing(session)
            matches(before, if_match)
            if given.active is not None:
                await self._usable(session, before, given.active)
            return tagged(await self._put(session, request, before, given.active, given.reason))

    async def try_classifier(self) -> NoReturn:
        """Always refused: a classifier is activated for everybody."""
        raise Problem("conflict", UNTRIED)

    async def stop_classifier(self) -> NoReturn:
        """Always refused: there is nothing to stop."""
        raise Problem("conflict", UNTRIED)

    async def roll_classifier_back(self, request: Request, given: Rollback) -> Response:
        """Back to the version trained before, or to what the business brings."""
        house = self.house
        async with house.store.tenant(house.shop) as session:
            await nlu.hold(session, house.shop)
            now = await self._standing(session)
            if now.active is None:
                raise Problem("conflict", "No version of your own is in use: there is none before.")
            before = await nlu.version_before(session, house.shop, now.active, house.pack.name)
            told = await self._put(session, request, now, before, given.reason)
        return tagged(told, status=201)

    async def _put(
        self,
        session: WriteSession,
        request: Request,
        before: ClassifiersShown,
        version: int | None,
        reason: str,
    ) -> ClassifiersShown:
        house = self.house
        await nlu.activate(session, house.shop, version)
        what = f"classifier:{version or house.pack.name}"
        await house.note(
            session, request, "classifier.activated", what,
            before={"version": before.active}, after={"version": version, "reason": reason},
        )  # fmt: skip
        return await self._standing(session)

    async def _usable(self, session: WriteSession, known: ClassifiersShown, version: int) -> None:
        """Raises Problem."""
        found = next((one for one in known.versions if one.version == version), None)
        data = await nlu.model_data(session, self.house.shop, version)
        if found is None or data is None:
            there = ", ".join(str(one.version) for one in known.versions) or "none yet"
            hint = f"those there are: {there}; main.py nlu train makes one"
            raise Problem("refused", f"There is no classifier {version}: {hint}.")
        if found.pack != self.house.pack.name:
            raise Problem("conflict", f"Classifier {version} is of the business {found.pack}.")
        try:
            await asyncio.to_thread(unpacked, data)
        except ClassifierInvalid as error:
            raise Problem("conflict", str(error)) from error

    async def _standing(self, session: WriteSession) -> ClassifiersShown:
        every = await nlu.models(session, self.house.shop)
        active = (one["version"] for one in every if one["active"])
        versions = [_told(one) for one in every]
        return ClassifiersShown(task=NLU, active=next(active, None), versions=versions)


def _told(row: Mapping[str, Any]) -> ClassifierShown:
    header = row["header"]
    measured = (header.get("metrics") or {}).get("macro_f1") or {}
    return ClassifierShown(
        version=row["version"],
        pack=row["pack"],
        labels=header.get("count", 0),
        macro_f1=measured.get("value"),
        created_at=row["created_at"],
    )
