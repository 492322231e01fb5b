"""Figures as people read them: numbers, money, moments and days, in the language of the page."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from functools import cache, lru_cache

from babel.dates import format_date, get_day_names
from babel.numbers import (
    format_currency,
    get_currency_precision,
    get_decimal_symbol,
    get_group_symbol,
)

from text.prices import UF, written
from web.translating import SOURCE

CENTS = 100_000
"""Millionths of a dollar under which two digits would say too little."""
REGIONS = {"es": "es_CL", "en": "en"}
"""Whose figures are shown: $24.990 and 0,96 in Spanish."""


def decimal(number: float, digits: int = 2, *, locale: str = SOURCE) -> str:
    """1234.5 → 1.234,50"""
    return f"{number:,.{digits}f}".translate(_symbols(locale))


def as_written(figure: str, locale: str = SOURCE) -> str:
    """A figure of our own English, with as many digits. 0.8123 → 0,8123"""
    return decimal(float(figure), len(figure.partition(".")[2]), locale=locale)


@cache
def _symbols(locale: str) -> dict[int, str]:
    """Looked up once: a page of charts has a thousand numbers, and a pattern takes long to read."""
    region = REGIONS[locale]
    return str.maketrans({".": get_decimal_symbol(region), ",": get_group_symbol(region), "-": "-"})


def percent(part: float, digits: int = 0, *, locale: str = SOURCE) -> str:
    """0.075 → 7,5 %"""
    return f"{decimal(part * 100, digits, locale=locale)}\u00a0%"


def money(amount: int, currency: str = "CLP", *, locale: str = SOURCE) -> str:
    """`amount` is in the smallest unit the currency has."""
    if currency == "CLP":
        return f"${decimal(amount, 0, locale=locale)}"
    if currency == UF:
        return written(amount, currency)
    digits = get_currency_precision(currency)
    value = Decimal(amount).scaleb(-digits)
    return format_currency(
        value, currency, "¤¤ #,##0.00" if digits else "¤¤ #,##0", REGIONS[locale]
    )


def editable(amount: int, currency: str = "CLP") -> str:
    """As it stands in a field to be changed: no sign of money, no thousands."""
    digits = 4 if currency == UF else get_currency_precision(currency)
    return str(Decimal(amount).scaleb(-digits))


def dollars(micros: int, digits: int = 2, *, locale: str = SOURCE) -> str:
    """What models cost: millionths of a US dollar. 1840000 → US$1,84"""
    return f"US${decimal(micros / 1_000_000, digits, locale=locale)}"


def moment(at: datetime, zone: tzinfo = UTC, *, locale: str = SOURCE) -> str:
    """By the shop's clock, as a list or a page without JavaScript shows it; with it, pages show the
    visitor's own time."""
    at = _there(at, zone)
    return f"{day(at.date(), locale=locale)}, {at:%H:%M}"


def hour(at: datetime, zone: tzinfo = UTC, *, seconds: bool = False) -> str:
    return f"{_there(at, zone):{'%H:%M:%S' if seconds else '%H:%M'}}"


def _there(at: datetime, zone: tzinfo) -> datetime:
    """At the ends of what a column may hold no other zone can be told."""
    try:
        return at.astimezone(zone)
    except OverflowError:
        return at


@lru_cache(maxsize=2048)
def day(on: date, *, locale: str = SOURCE) -> str:
    return format_date(on, "d MMM", REGIONS[locale]).rstrip(".")


@lru_cache(maxsize=2048)
def dated(on: date, *, locale: str = SOURCE) -> str:
    """Of another year, or in a letter that is read in one. 1 dic 2028"""
    return format_date(on, "d MMM y", REGIONS[locale])


def lasting(ms: float, *, locale: str = SOURCE) -> str:
    """640 → 640 ms; 2300 → 2,3 s"""
    for unit, length, digits in (("h", 3_600_000, 1), ("min", 60_000, 0), ("s", 1000, 1)):
        if ms >= length:
            return f"{decimal(ms / length, digits, locale=locale)} {unit}"
    return f"{decimal(ms, 0, locale=locale)} ms"


def shown(
    value: float | None, unit: str = "count", currency: str = "CLP", *, locale: str = SOURCE
) -> str:
    """A value of a chart, by its unit (web/charts.py)."""
    if value is None:
        return "—"
    match unit:
        case "money":
            return money(round(value), currency, locale=locale)
        case "usd":
            small = 0 < value < CENTS
            return dollars(round(value), 4 if small else 2, locale=locale)
        case "time":
            return lasting(value, locale=locale)
        case "percent":
            return percent(value, 1, locale=locale)
    return decimal(value, 2 if unit == "decimal" else 0, locale=locale)


def named(label: str | date, *, locale: str = SOURCE) -> str:
    return label if isinstance(label, str) else day(label, locale=locale)


FILTERS: Mapping[str, Callable[..., str]] = {
    "decimal": decimal,
    "percent": percent,
    "money": money,
    "dollars": dollars,
    "day": day,
    "dated": dated,
    "lasting": lasting,
    "shown": shown,
    "named": named,
}


def plain(value: float | None, unit: str, currency: str) -> float | Decimal | None:
    """For a file: dollars and the currency itself instead of their smallest units."""
    if value is None or unit not in {"usd", "money"}:
        return value
    digits = 6 if unit == "usd" else 0 if currency == UF else get_currency_precision(currency)
    return Decimal(round(value)).scaleb(-digits)


def weekdays(locale: str) -> list[str]:
    """Monday first, as short as a table needs them."""
    names = get_day_names("abbreviated", locale=REGIONS[locale])
    return [names[day].rstrip(".") for day in range(7)]
