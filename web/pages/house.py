"""What a shop's owner chooses for it: when people are there, how the bot speaks, what is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from config.manners import HoursSettings
from config.privacy import PrivacySettings
from services.clock import Clock, now
from store import choices
from store.audit import record
from store.choices import ShopChoice
from store.privacy import requests, retention
from store.session import Store
from text.folding import clean
from web.fixed import Fixed
from web.hands import hand_of
from web.identity import actor_of, identity_of
from web.opening import open_at
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route
from web.timetable import DAYS, NAMES, BadHours, days_off, timetable, week_typed
from web.tones import speak

HERE: Final = "/ajustes/tienda"
KEPT: Final = "/ajustes/privacidad"
NOTICE: Final = 1_000
LONGEST_D: Final = 3_650
SHOWN: Final = 50
TONES: Final = ("neutral", "coach", "formal")
INTENSITIES: Final = {"0.2": 0.2, "0.5": 0.5, "0.9": 0.9}
Mode = Literal["archivo", "siempre", "horario"]
LINE: Final = 120


@dataclass(frozen=True)
class HousePages:
    """`hours` and `keeping` are what the configuration says, `fixed` what it alone can say."""

    pages: Pages
    store: Store
    shop: UUID
    hours: HoursSettings
    keeping: PrivacySettings
    fixed: Sequence[Fixed] = ()
    clock: Clock = now

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", HERE, self.show, Perm.SETTINGS_READ),
            Route("POST", f"{HERE}/horario", self.open_at, Perm.SETTINGS_WRITE),
            Route("POST", f"{HERE}/tono", self.speak, Perm.SETTINGS_WRITE),
            Route("GET", KEPT, self.kept, Perm.SETTINGS_READ),
            Route("POST", KEPT, self.keep, Perm.SETTINGS_WRITE),
        ]

    async def show(self, request: Request, hecho: str = "") -> Response:
        return await self._page(request, told=hecho)

    async def open_at(
        self,
        request: Request,
        modo: Annotated[Mode, Form()] = "archivo",
        dia: Annotated[Sequence[str], Form(max_length=len(DAYS))] = (),
        feriados: Annotated[str, Form(max_length=2_000)] = "",
    ) -> Response:
        """`dia` has a line for each day of the week, from Monday on."""
        typed = [dia[day][:LINE] if day < len(dia) else "" for day in range(len(DAYS))]
        try:
            week = week_typed(typed) if modo == "horario" else {}
            off = days_off(feriados)
        except BadHours as error:
            given = {"days": typed, "holidays": feriados, "mode": modo}
            return await self._page(request, 422, problem=str(error), given=given)
        async with self.store.tenant(self.shop) as session:
            by = hand_of(request, self.clock())
            await open_at(session, None if modo == "archivo" else week, off, by)
        return RedirectResponse(f"{HERE}?hecho=guardado", 303)

    async def speak(
        self,
        request: Request,
        tono: Annotated[Literal["", "neutral", "coach", "formal"], Form()] = "",
        intensidad: Annotated[Literal["0.2", "0.5", "0.9"], Form()] = "0.5",
    ) -> Response:
        async with self.store.tenant(self.shop) as session:
            by = hand_of(request, self.clock())
            await speak(session, tono or None, INTENSITIES[intensidad], by)
        return RedirectResponse(f"{HERE}?hecho=guardado", 303)

    async def kept(self, request: Request, hecho: str = "") -> Response:
        return await self._keeping(request, told=hecho)

    async def keep(
        self,
        request: Request,
        conversaciones: Annotated[str, Form(max_length=8)] = "",
        archivos: Annotated[str, Form(max_length=8)] = "",
        aviso: Annotated[str, Form(max_length=4 * NOTICE)] = "",
    ) -> Response:
        """An empty field is what the configuration says."""
        days = [_days(one) for one in (conversaciones, archivos)]
        if 0 in days:
            return await self._keeping(request, 422, problem="days")
        wanted = {"chat_days": days[0], "media_days": days[1], "notice": clean(aviso, NOTICE)}
        async with self.store.tenant(self.shop) as session:
            rule = await retention.rule_of(session, self.shop)
            before = {name: getattr(rule, name, None) for name in wanted}
            by = identity_of(request).name
            await retention.decree(session, self.shop, wanted | {"by": by, "at": self.clock()})
            changed = {name: now for name, now in wanted.items() if now != before[name]}
            await self._note(session, request, "settings.privacy", before, changed)
        return RedirectResponse(f"{KEPT}?hecho=guardado", 303)

    async def _note(
        self,
        session: AsyncSession,
        request: Request,
        action: str,
        before: Mapping[str, object],
        after: Mapping[str, object],
    ) -> None:
        actor, what = actor_of(request), f"shop:{self.shop}"
        was = {name: before.get(name) for name in after}
        await record(session, self.shop, actor, action, what, before=was, after=after)

    async def _page(self, request: Request, status: int = 200, **values: Any) -> Response:  # noqa: ANN401  what the page shows
        async with self.store.tenant(self.shop) as session:
            chosen = await choices.of_shop(session, self.shop)
            hours = await choices.hours(session, self.shop, self.hours)
        table = timetable(hours)
        shown: dict[str, Any] = {
            "told": "",
            "problem": "",
            "given": {
                "days": table.days,
                "holidays": "\n".join(f"{day:%d-%m-%Y}" for day in table.holidays),
                "mode": _mode(chosen, always=table.always),
            },
            "names": NAMES,
            "chosen": chosen,
            "usual": timetable(self.hours),
            "tones": TONES,
            "fixed": self.fixed,
            "can_write": identity_of(request).may(Perm.SETTINGS_WRITE),
        }
        return self.pages.answer(request, "tienda.html", status=status, **(shown | values))

    async def _keeping(self, request: Request, status: int = 200, **values: Any) -> Response:  # noqa: ANN401  what the page shows
        async with self.store.tenant(self.shop) as session:
            rule = await retention.rule_of(session, self.shop)
            asked = await requests.waiting(session, self.shop)
        shown: dict[str, Any] = {
            "told": "",
            "problem": "",
            "rule": rule,
            "usual": self.keeping,
            "asked": asked[:SHOWN],
            "now": self.clock(),
            "longest": NOTICE,
            "can_write": identity_of(request).may(Perm.SETTINGS_WRITE),
        }
        return self.pages.answer(request, "guardado.html", status=status, **(shown | values))


def _mode(chosen: ShopChoice | None, *, always: bool) -> Mode:
    if chosen is None or chosen.week is None:
        return "archivo"
    return "siempre" if always else "horario"


def _days(typed: str) -> int | None:
    """None where nothing is typed; 0 is no number of days."""
    if not typed.strip():
        return None
    known = typed.strip().isascii() and typed.strip().isdigit()
    return int(typed) if known and 1 <= int(typed) <= LONGEST_D else 0
