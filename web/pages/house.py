"""What a shop's owner chooses for it: when people are there, how the bot speaks, what is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import AfterValidator, BaseModel, Field
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
Line = Annotated[str, AfterValidator(lambda typed: typed[:120])]


class Manners(BaseModel):
    """`dia` has a line for each day of the week, from Monday on."""

    modo: Mode | None = None
    dia: list[Line] = Field(default=[], max_length=len(DAYS))
    feriados: str = Field(default="", max_length=2_000)
    tono: Literal["", "neutral", "coach", "formal"] | None = None
    intensidad: Literal["0.2", "0.5", "0.9"] = "0.5"


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
            Route("POST", HERE, self.save, Perm.SETTINGS_WRITE),
            Route("GET", KEPT, self.kept, Perm.SETTINGS_READ),
            Route("POST", KEPT, self.keep, Perm.SETTINGS_WRITE),
        ]

    async def show(self, request: Request, hecho: str = "") -> Response:
        return await self._page(request, told=hecho)

    async def save(
        self,
        request: Request,
        given: Annotated[Manners, Form()],
    ) -> Response:
        """Both at once or neither: whoever chose a tone and then pressed the button beside the
        hours would have lost it. What is not sent stays as it is."""
        typed = [given.dia[day] if day < len(given.dia) else "" for day in range(len(DAYS))]
        try:
            week = week_typed(typed) if given.modo == "horario" else {}
            off = days_off(given.feriados)
        except BadHours as error:
            shown = {"days": typed, "holidays": given.feriados, "mode": given.modo}
            way = {"tone": given.tono, "intensity": INTENSITIES[given.intensidad]}
            return await self._page(request, 422, problem=str(error), given=shown, chosen=way)
        by = hand_of(request, self.clock())
        async with self.store.tenant(self.shop) as session:
            if given.modo is not None:
                await open_at(session, None if given.modo == "archivo" else week, off, by)
            if given.tono is not None:
                await speak(session, given.tono or None, INTENSITIES[given.intensidad], by)
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
