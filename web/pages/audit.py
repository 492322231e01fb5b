"""Who did what: the audit of a shop, filtered, as a file, and checked for tampering."""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from store.audit import AuditEvent, Wanted, check, events
from store.people import names_of, page
from web import csv
from web.identity import identity_of
from web.permissions import Perm
from web.ranges import day_after, midnight
from web.reasons import reason_of
from web.rendering import Pages
from web.routing import Route
from web.sessions import Sessions
from web.views import of_page
from web.wording import LISTS, say
from web.wording_deeds import APART, VALUES

AUDIT: Final = "/admin/auditoria"
PAGE: Final = 50
OFFERED: Final = 100
"""People to choose from; whoever is not among them is a line's link."""
CHECKED: Final = 500
"""How many of the newest entries a look at the page checks; the command checks them all."""
KINDS: Final = tuple(act for act in LISTS["action"] if act.endswith("."))
ALIKE: Final = ("shop", "controller", "key:", "terminal:", "chat:")
"""Actors to choose from beside people: one, or all of a kind."""
NAMELESS: Final = "terminal:command line"
"""A terminal that does not say who types."""
MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")
"""Moments are kept to the microsecond; a person reads them to the minute."""
HEADER: Final = (
    "number",
    "at",
    "actor",
    "name",
    "action",
    "object",
    "before",
    "after",
    "request_id",
)


@dataclass(frozen=True, slots=True)
class Audit:
    pages: Pages
    sessions: Sessions

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", AUDIT, self.show, Perm.AUDIT_READ),
            Route("GET", f"{AUDIT}.csv", self.file, Perm.AUDIT_READ),
        ]

    async def show(
        self,
        request: Request,
        quien: str = "",
        que: str = "",
        desde: str = "",
        hasta: str = "",
        antes: int | None = None,
    ) -> Response:
        shop = identity_of(request).shop
        wanted = _wanted(quien, que, desde, hasta)
        async with self.sessions.store.tenant(shop) as session:
            found = await events(session, shop, wanted, before=antes, limit=PAGE + 1)
            chosen = [one] if (one := _person(quien)) else []
            names = await names_of(session, shop, [*_persons(found), *chosen])
            staff = await page(session, shop, "", None, OFFERED)
            checked = await check(session, shop, newest=CHECKED)
            views = await of_page(session, request, AUDIT)
        query = {"quien": quien, "que": que, "desde": desde, "hasta": hasta}
        values: dict[str, Any] = {
            "listed": [(one, changes(one)) for one in found[:PAGE]],
            "names": {
                text: _named(text, names)
                for text in {*ALIKE, quien, *(end for one in found for end in _ends(one))}
            },
            "people": {one: names[one] for one in chosen if one in names}
            | {one.id: one.name for one in staff},
            "by": {one.actor: _address(query | {"quien": one.actor}) for one in found},
            "views": views,
            "kinds": KINDS,
            "alike": (*ALIKE, *([quien] if _other(quien) else [])),
            "reason_of": reason_of,
            "checked": checked,
            "query": query,
            "first": _address(query) if antes else "",
            "more": _address(query | {"antes": str(found[PAGE - 1].number)})
            if len(found) > PAGE
            else "",
            "file": _address(query, ".csv"),
        }
        return self.pages.answer(request, "auditoria.html", **values)

    async def file(
        self, request: Request, quien: str = "", que: str = "", desde: str = "", hasta: str = ""
    ) -> Response:
        shop = identity_of(request).shop
        return csv.answer("auditoria", HEADER, self._rows(shop, _wanted(quien, que, desde, hasta)))

    async def _rows(self, shop: UUID, wanted: Wanted) -> AsyncIterator[Sequence[Any]]:
        before: int | None = None
        while True:
            async with self.sessions.store.tenant(shop) as session:
                found = await events(session, shop, wanted, before=before, limit=500)
                names = await names_of(session, shop, _persons(found))
            for one in found:
                at, name = one.at.astimezone(UTC).isoformat(), _named(one.actor, names)
                told = (one.action, one.object, one.before, one.after, one.request_id)
                yield (one.number, at, one.actor, name, *map(_text, told))
            if not found:
                return
            before = found[-1].number


def changes(event: AuditEvent) -> list[tuple[str, str, str, str]]:
    """What was before and what after, field by field, where they differ, and by which words a
    value is read; text of somebody's own is read as it is."""
    before, after = event.before or {}, event.after or {}
    area = event.action.partition(".")[0]
    fields = [
        (name, _text(before.get(name)), _text(after.get(name)), _kind(area, name))
        for name in before | after
    ]
    return [field for field in fields if field[1] != field[2]]


def _kind(area: str, field: str) -> str:
    """The rules of rollouts say themselves why they moved one."""
    if (area, field) == ("rollout", "reason"):
        return "because"
    return APART.get((area, field)) or VALUES.get(field, "")


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    if isinstance(value, dict):
        return "; ".join(f"{say(name, 'field')}: {_word(one)}" for name, one in value.items())
    text = "" if value is None else str(value)
    return f"{text[:10]} {text[11:16]}" if MOMENT.fullmatch(text) else text


def _word(value: object) -> str:
    return say(str(value), "said") if isinstance(value, bool) else _text(value)


def _persons(found: Sequence[AuditEvent]) -> list[UUID]:
    return sorted({person for one in found for text in _ends(one) if (person := _person(text))})


def _ends(one: AuditEvent) -> tuple[str, str]:
    """Who did it, and to what."""
    return one.actor, one.object


def _person(actor: str) -> UUID | None:
    kind, _, one = actor.partition(":")
    try:
        return UUID(one) if kind == "person" else None
    except ValueError:
        return None


def _named(text: str, names: dict[UUID, str]) -> str:
    """Empty where the code word itself has to do: the shop's key, people who are gone."""
    kind, _, one = text.partition(":")
    if kind == "key" and one:
        return f"bk_live_{one.replace('-', '')[:8]}…"
    person = _person(text)
    if person is not None:
        return names.get(person, "")
    return one if kind in {"terminal", "chat"} and text != NAMELESS else ""


def _other(who: str) -> bool:
    """One that was chosen by a line's link and is not among those offered."""
    return bool(who) and who not in ALIKE and _person(who) is None


def _wanted(who: str, what: str, since: str, until: str) -> Wanted:
    """A date that is none filters nothing; `until` is that day's end."""
    wanted = Wanted(actor=who, action=what, since=_day(since))
    last = _day(until)
    return replace(wanted, until=midnight(day_after(last.date()), UTC)) if last else wanted


def _day(text: str) -> datetime | None:
    try:
        return midnight(date.fromisoformat(text), UTC)
    except ValueError:
        return None


def _address(query: dict[str, str], ending: str = "") -> str:
    filled = urlencode({name: value for name, value in query.items() if value})
    return f"{AUDIT}{ending}?{filled}" if filled else f"{AUDIT}{ending}"
