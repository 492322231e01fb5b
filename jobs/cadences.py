"""What is due by the calendar, as data: the days, weeks and fortnights of a shop that are over.

A period is named by what it covers: `2026-11-20`, `2026-W47`, `2026-11-09/14` (fourteen days from
that Monday). Fortnights are counted on from a fixed Monday, so a year of 53 weeks shifts none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final, Literal, TypeAlias

from config.cadences import CadenceSettings
from config.privacy import PrivacySettings
from config.providers import OpenAISettings
from config.settings import JobSettings
from learning.weeks import week_of

DATASET: Final = "dataset"
FACTS: Final = "facts"
REPORT: Final = "report"
RETENTION: Final = "retention"
RISK: Final = "risk"
RISK_DRIFT: Final = "risk-drift"
EXPIRY: Final = "expiry"
WEEKLY: Final = "weekly"
CALENDAR: Final = (DATASET, FACTS, REPORT, RETENTION, RISK, RISK_DRIFT, EXPIRY, WEEKLY)
Every: TypeAlias = Literal["day", "week", "fortnight"]

DAYS: Final[dict[Every, int]] = {"day": 1, "week": 7, "fortnight": 14}
MONDAY: Final = date(1970, 1, 5)
WEEKS_BACK: Final = 12
DAYS_BACK: Final = 92


@dataclass(frozen=True, slots=True)
class Cadence:
    """A job for each period, due at `hour` of the `weekday` after its end (a day's, of the next
    day). Of those that were missed the newest `most` are made up for. It is of the shops whose bot
    has answered, of those that have a model of `risks` in use, or of those whose `readers` want to
    hear of it."""

    name: str
    every: Every
    hour: int
    weekday: int = 0
    zone: tzinfo = UTC
    most: int = 1
    of: Literal["turns", "risks", "readers"] = "turns"

    def due(self, first: datetime, now: datetime) -> list[str]:
        """The periods since `first` whose hour has come, the oldest first."""
        found: list[str] = []
        for begin in self._backwards(now):
            over = midnight(begin + timedelta(DAYS[self.every]), self.zone) > first
            if len(found) == self.most or not over:
                break
            if self._moment(begin) <= now:
                found.append(self._key(begin))
        return found[::-1]

    def _backwards(self, now: datetime) -> Iterator[date]:
        """The first day of each period, from the one in which we are."""
        length = DAYS[self.every]
        today = now.astimezone(self.zone).date()
        begin = today - timedelta((today - MONDAY).days % length)
        while begin > MONDAY:
            yield begin
            begin -= timedelta(length)

    def _moment(self, begin: date) -> datetime:
        """By the clock on the wall; an hour that a change of clocks takes is the one after it."""
        day = begin + timedelta(DAYS[self.every] + self.weekday)
        return datetime.combine(day, time(self.hour), self.zone).astimezone(UTC)

    def _key(self, begin: date) -> str:
        if self.every == "week":
            return week_of(datetime.combine(begin, time(), UTC))
        return begin.isoformat() + ("/14" if self.every == "fortnight" else "")


def weekly_dataset(settings: JobSettings) -> Cadence:
    """Its weeks are those of UTC, as their names in the files are."""
    return Cadence(DATASET, "week", settings.hour, settings.weekday, most=WEEKS_BACK)


def nightly_retention(settings: PrivacySettings, zone: tzinfo) -> tuple[Cadence, ...]:
    """What is too old tonight was so in every night that was missed."""
    night = Cadence(RETENTION, "day", settings.hour, zone=zone)
    return (night,) if settings.retention else ()


def daily_expiry(settings: OpenAISettings) -> tuple[Cadence, ...]:
    """Which models end is asked where anybody can answer: with a key."""
    return () if settings.key is None else (Cadence(EXPIRY, "day", 0),)


def of_settings(settings: CadenceSettings, zone: tzinfo) -> tuple[Cadence, ...]:
    """Each missed day is counted; of missed reports the newest is told. A week is reported where
    somebody asked for it."""
    facts = Cadence(FACTS, "day", settings.hour, zone=zone, most=DAYS_BACK)
    when = settings.report_hour, settings.report_weekday
    report = Cadence(REPORT, "fortnight", *when, zone=zone)
    risk = Cadence(RISK, "day", settings.hour, zone=zone, of="risks")
    drift = Cadence(RISK_DRIFT, "week", settings.hour, zone=zone, of="risks")
    risks = {risk: settings.risk, drift: settings.risk}
    wanted = {facts: settings.facts, report: settings.report, **risks}
    weekly = Cadence(WEEKLY, "week", settings.report_hour, zone=zone, of="readers")
    return *(cadence for cadence, is_wanted in wanted.items() if is_wanted), weekly


def midnight(day: date, zone: tzinfo) -> datetime:
    """When a day begins there, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def days_of(period: str) -> tuple[date, date]:
    """The first and the last day of a period that is named by days. Raises ValueError."""
    first, _, length = period.partition("/")
    begin = date.fromisoformat(first)
    return begin, begin + timedelta(int(length or 1) - 1)
