"""When people are there: the shop's week, its holidays, and how the next opening is said."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from config.manners import HoursSettings
from config.opening import Span, Week, week_of, zone_of

HORIZON_D: Final = 400
"""Nobody is told that the shop opens after more than a year."""
_WEEK_D: Final = 7
_DAYS: Final = {
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS: Final = {
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
        "octubre", "noviembre", "diciembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hours:
    """A span that lasts until the next morning belongs to the day on which it began."""

    zone: ZoneInfo
    week: Week
    holidays: frozenset[date] = frozenset()

    def is_open(self, at: datetime) -> bool:
        return any(opens <= at < closes for opens, closes in self._spells(at, 1))

    def opens_next(self, at: datetime) -> datetime | None:
        """`at` itself while it is open; None where it does not open within a year."""
        for opens, closes in self._spells(at, HORIZON_D):
            if at < closes:
                return max(opens, at)
        return None

    def _spells(self, at: datetime, days: int) -> Iterator[tuple[datetime, datetime]]:
        """Opening and closing, in order, from the day before `at`: its night may still last."""
        today = at.astimezone(self.zone).date()
        for ahead in range(-1, days):
            day = today + timedelta(days=ahead)
            for span in () if day in self.holidays else self.week.get(day.weekday(), ()):
                yield self._spell(day, span)

    def _spell(self, day: date, span: Span) -> tuple[datetime, datetime]:
        """By the clock on the wall: the hour that a change of clocks takes or adds is between."""
        opens, closes = (self._moment(day, minutes) for minutes in span)
        return opens, closes

    def _moment(self, day: date, minutes: int) -> datetime:
        later, minutes = divmod(minutes, 24 * 60)
        wall = datetime.combine(day + timedelta(days=later), time(*divmod(minutes, 60)))
        return wall.replace(tzinfo=self.zone).astimezone(UTC)

    def spoken(self, moment: datetime, seen_from: datetime, locale: str = "es") -> str:
        """ "mañana a las 9:00", "el lunes a las 9:00", "on Monday at 9:00"."""
        local, here = moment.astimezone(self.zone), seen_from.astimezone(self.zone)
        clock = f"{local.hour}:{local.minute:02}"
        day = _day(local.date(), here.date(), "en" if locale == "en" else "es")
        if locale == "en":
            return f"{day} at {clock}"
        return f"{day} a {'la' if local.hour == 1 else 'las'} {clock}"


def _day(day: date, today: date, language: str) -> str:
    spanish = language == "es"
    ahead = (day - today).days
    if ahead in {0, 1}:
        return (("hoy", "mañana") if spanish else ("today", "tomorrow"))[ahead]
    name = _DAYS[language][day.weekday()]
    if 0 < ahead < _WEEK_D:
        return f"el {name}" if spanish else f"on {name}"
    month = _MONTHS[language][day.month - 1]
    return f"el {name} {day.day} de {month}" if spanish else f"on {name} {day.day} {month}"


def hours_of(settings: HoursSettings) -> Hours:
    """Of the shop; what is written there was looked at when the settings were read."""
    return opening(settings, settings.week)


def opening(settings: HoursSettings, week: Mapping[str, str]) -> Hours:
    """Other hours than the shop's own, by its clock and with its holidays."""
    return Hours(zone_of(settings.timezone), week_of(week), frozenset(settings.holidays))
