"""Which days a page is about: from its address, by the shop's clock."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Final, Literal, TypeAlias
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from config.manners import HoursSettings
from config.opening import DAY, Week, week_of
from store.reckoning import Bucket, Scope

LONGEST_D: Final = 400
USUAL_D: Final = 30
SPANS: Final = (7, 30, 90, 365)
EARLIEST: Final = date(2000, 1, 1)
"""No shop chatted before; and there is room for what is compared."""
HOUR: Final = 60
WEEK_H: Final = 7 * 24
Grouping: TypeAlias = Literal["", "dia", "semana", "mes"]
GROUPINGS: Final[dict[Grouping, Bucket]] = {"dia": "day", "semana": "week", "mes": "month"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address says; `days` counts back from today unless both ends are named."""

    days: int = USUAL_D
    first: date | None = None
    last: date | None = None
    grouping: Grouping = ""
    channel: str = ""
    only_open: bool = False
    more: dict[str, str] = field(default_factory=dict)

    def span(self, today: date) -> tuple[date, date]:
        """Never more than LONGEST_D days, never the future; turned round where they are swapped."""
        last = max(min(self.last or today, today), EARLIEST)
        first = min(self.first, today) if self.first else last - timedelta(self.days - 1)
        first, last = min(first, last), max(first, last)
        return max(first, last - timedelta(LONGEST_D - 1)), last

    def bucket(self, today: date) -> Bucket:
        """Where nobody chose: so many columns that one can still see them."""
        if self.grouping:
            return GROUPINGS[self.grouping]
        first, last = self.span(today)
        days = (last - first).days + 1
        return "day" if days <= SPANS[1] * 1.5 else "week" if days <= SPANS[2] * 2 else "month"

    def query(self, **changed: object) -> str:
        """The address with these filters, so that it can be shared; "?…" or nothing."""
        now: dict[str, object] = {
            "dias": "" if self.first or self.days == USUAL_D else self.days,
            "desde": self.first or "",
            "hasta": self.last or "",
            "grupo": self.grouping,
            "canal": self.channel,
            "horario": "si" if self.only_open else "",
            **self.more,
        }
        filled = urlencode({name: value for name, value in (now | changed).items() if value})
        return f"?{filled}" if filled else ""


def scope_of(asked: Asked, shop: UUID, now: datetime, hours: HoursSettings) -> Scope:
    zone = ZoneInfo(hours.timezone)
    first, last = asked.span(now.astimezone(zone).date())
    return Scope(
        shop=shop,
        first=first,
        last=last,
        began=midnight(first, zone),
        ended=midnight(last + timedelta(1), zone),
        zone=hours.timezone,
        channel=asked.channel or None,
        open=open_hours(week_of(hours.week)) if asked.only_open else None,
        closed=hours.holidays if asked.only_open else (),
    )


def before(scope: Scope) -> Scope:
    """As many days just before, to compare with."""
    zone, last = ZoneInfo(scope.zone), scope.first - timedelta(1)
    first = last - timedelta(scope.days - 1)
    began, ended = midnight(first, zone), scope.began
    return Scope(
        scope.shop, first, last, began, ended, scope.zone, scope.channel, scope.open, scope.closed
    )


def open_hours(week: Week) -> tuple[int, ...]:
    """The hours of the week in which the shop is open at some time; Monday 0:00 is 0."""
    found = {
        (day * 24 + hour) % WEEK_H
        for day, spans in week.items()
        for start, end in spans
        for hour in range(start // HOUR, -(-end // HOUR))
    }
    return tuple(sorted(found))


def is_always_open(hours: HoursSettings) -> bool:
    spans: Sequence[object] = [spans == ((0, DAY),) for spans in week_of(hours.week).values()]
    return len(spans) == WEEK_H // 24 and all(spans) and not hours.holidays


def bucket_of(day: date, bucket: Bucket) -> date:
    """The day by which its week or month is named."""
    if bucket == "week":
        return day - timedelta(day.weekday())
    return day.replace(day=1) if bucket == "month" else day


def buckets(scope: Scope, bucket: Bucket) -> list[date]:
    """All of a span, those without anything too."""
    return list(dict.fromkeys(bucket_of(day, bucket) for day in scope.every()))


def day_after(day: date) -> date:
    """The calendar ends somewhere, and somebody may ask for its last day."""
    return day if day == date.max else day + timedelta(1)


def midnight(day: date, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
