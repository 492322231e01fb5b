"""Figures as people read them: numbers, money, moments and days, in the language of the page."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from functools import cache, lru_cache
from math import ceil

from babel.dates import format_date, get_day_names
from babel.numbers import (
    format_currency,
    get_currency_precision,
    get_decimal_symbol,
    get_group_symbol,
)

from text.prices import UF, written
from web.scales import clock
from web.translating import SOURCE

CENTS = 100_000
"""Millionths of a dollar under which two digits would say too little."""
MOST_DIGITS = 6
NEARLY = 1e-6
"""What binary fractions miss of a whole number by."""
_WHOLE = {"percent": 0.01, "usd": 1_000_000.0, "decimal": 1.0}
"""What is told as one."""
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
    at = there(at, zone)
    return f"{day(at.date(), locale=locale)}, {at:%H:%M}"


def hour(at: datetime, zone: tzinfo = UTC, *, seconds: bool = False) -> str:
    return f"{there(at, zone):{'%H:%M:%S' if seconds else '%H:%M'}}"


def there(at: datetime, zone: tzinfo) -> datetime:
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


def awhile(seconds: float) -> str:
    """How long to wait, never less than it takes. 45 → 45 s; 200 → 4 min; 20000 → 6 h"""
    for unit, length in (("s", 1), ("min", 60)):
        if seconds <= 90 * length:
            return f"{ceil(seconds / length)}\u00a0{unit}"
    return f"{ceil(seconds / 3600)}\u00a0h"


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


def axis(
    values: Sequence[float], unit: str, currency: str = "CLP", *, locale: str = SOURCE
) -> list[str]:
    """What stands beside a chart: in one unit, each with as many digits as tell them apart."""
    if unit in {"count", "money"}:
        return [shown(value, unit, currency, locale=locale) for value in values]
    name, length = clock(max(values, default=0.0)) if unit == "time" else ("", _WHOLE[unit])
    told = [value / length for value in values]
    digits = next(
        (each for each in range(MOST_DIGITS) if all(_is_whole(one * 10**each) for one in told)),
        MOST_DIGITS,
    )
    figures = [decimal(one, digits, locale=locale) for one in told]
    around = {"time": f"{{}}\u00a0{name}", "percent": "{}\u00a0%", "usd": "US${}"}.get(unit, "{}")
    return [around.format(one) for one in figures]


def _is_whole(number: float) -> bool:
    return abs(number - round(number)) < NEARLY


def named(label: str | date, *, locale: str = SOURCE) -> str:
    return label if isinstance(label, str) else day(label, locale=locale)


FILTERS: Mapping[str, Callable[..., str | list[str]]] = {
    "decimal": decimal,
    "percent": percent,
    "money": money,
    "dollars": dollars,
    "day": day,
    "dated": dated,
    "lasting": lasting,
    "shown": shown,
    "axis": axis,
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
