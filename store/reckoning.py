"""Reads roll-ups: every statement is bounded by its days, none of them touches what was said.

Asked inside a shop's own transaction, where row-level security binds it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from store.gathering import HOURS
from store.histograms import LATENCY_MS, WAIT_MS, summed
from store.rollups import HourFact

Bucket: TypeAlias = Literal["day", "week", "month"]
BUCKETS: Final[Mapping[Bucket, str]] = {
    name: f"date_trunc('{name}', hour AT TIME ZONE :zone)::date"
    for name in ("day", "week", "month")
}
DAYS: Final[Mapping[Bucket, str]] = {
    "day": "day", "week": "date_trunc('week', day)::date", "month": "date_trunc('month', day)::date"
}  # fmt: skip
SUMS: Final = tuple(
    one.name
    for one in HourFact.__table__.columns
    if one.name not in {"shop_id", "hour", "channel", "latency", "wait"}
)
_ADDED: Final = ", ".join(f"coalesce(sum({name}), 0)::bigint AS {name}" for name in SUMS)
_HISTOGRAMS: Final = (
    f"{summed('latency', LATENCY_MS)} AS latency, {summed('wait', WAIT_MS)} AS wait"
)
_LOCAL: Final = "hour AT TIME ZONE :zone"
_DOW: Final = f"(extract(isodow FROM {_LOCAL})::int - 1)"
_HOUR: Final = f"extract(hour FROM {_LOCAL})::int"
_EACH_HOUR: Final = ", ".join(
    f"coalesce(sum(replies) FILTER (WHERE {_HOUR} = {hour}), 0)::bigint" for hour in range(HOURS)
)
_BY_DAY: Final = f"""
SELECT extract(isodow FROM day)::int - 1 AS dow, {summed("by_hour", range(HOURS - 1))} AS replies
FROM analytics.day_fact {{where}} GROUP BY 1
"""  # noqa: S608  our own text
_BY_HOUR: Final = f"""
SELECT {_DOW} AS dow, ARRAY[{_EACH_HOUR}] AS replies
FROM analytics.hour_fact {{where}} GROUP BY 1
"""  # noqa: S608  our own text
_PEOPLE: Final = """
SELECT count(*) AS customers, count(*) FILTER (WHERE h.first_day < :first) AS returning
FROM (SELECT DISTINCT customer_id FROM analytics.customer_day
      WHERE shop_id = :shop AND day BETWEEN :first AND :last {channel}) one
JOIN analytics.user_health h ON h.shop_id = :shop AND h.customer_id = one.customer_id
"""
# Whoever was last answered on one of the days until now was answered on one of them.
_PEOPLE_SINCE: Final = """
SELECT count(*) AS customers, count(*) FILTER (WHERE first_day < :first) AS returning
FROM analytics.user_health WHERE shop_id = :shop AND last_day >= :first
"""
_statement: Final = lru_cache(maxsize=256)(text)
"""Read once: there are as many as there are ways to ask."""
_NAMED: Final = """
SELECT id::text AS id, name FROM app.product WHERE shop_id = :shop AND id::text = ANY(:ids)
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """Days of one shop by its clock, both included. `channel` is one network, or all; `open` are
    the hours of the week that count (Monday 0:00 is 0), or all; `closed` are days that do not."""

    shop: UUID
    first: date
    last: date
    began: datetime
    ended: datetime
    zone: str
    channel: str | None = None
    open: tuple[int, ...] | None = None
    closed: tuple[date, ...] = ()

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def every(self) -> list[date]:
        return [self.first + timedelta(number) for number in range(self.days)]

    def given(self, **more: object) -> dict[str, object]:
        known: dict[str, object] = {"shop": self.shop, "zone": self.zone, **more}
        known |= {"channel": self.channel} if self.channel is not None else {}
        return known

    def where(self) -> tuple[str, dict[str, object]]:
        """Of hours."""
        said = "WHERE shop_id = :shop AND hour >= :began AND hour < :ended"
        said += " AND channel = :channel" if self.channel is not None else ""
        given = self.given(began=self.began, ended=self.ended)
        if self.open is not None:
            said += f" AND {_DOW} * 24 + {_HOUR} = ANY(:open) AND NOT ({_LOCAL})::date = ANY(:off)"
            given |= {"open": list(self.open), "off": list(self.closed)}
        return said, given

    def days_where(self) -> tuple[str, dict[str, object]]:
        """Of days; hours of the week cannot be told apart there."""
        channel = " AND channel = :channel" if self.channel is not None else ""
        given = self.given(first=self.first, last=self.last)
        return f"WHERE shop_id = :shop AND day BETWEEN :first AND :last{channel}", given


async def sums(session: AsyncSession, scope: Scope, bucket: Bucket) -> list[dict[str, Any]]:
    """A row for each day, week or month in which something happened, the oldest first."""
    whole = scope.open is None
    where, given = scope.days_where() if whole else scope.where()
    day, table = (DAYS[bucket], "day_fact") if whole else (BUCKETS[bucket], "hour_fact")
    query = (
        f"SELECT {day} AS day, {_ADDED}, {_HISTOGRAMS}"  # noqa: S608  our own text
        f" FROM analytics.{table} {where} GROUP BY 1 ORDER BY 1"
    )
    return await asked(session, query, given)


async def channels(session: AsyncSession, scope: Scope) -> list[str]:
    """Networks on which something happened in these days, whichever is chosen; busy ones first."""
    where, given = replace(scope, channel=None).days_where()
    query = (
        f"SELECT channel FROM analytics.day_fact {where} AND channel <> ''"  # noqa: S608
        " GROUP BY channel ORDER BY sum(replies) DESC, channel"
    )
    return [row["channel"] for row in await asked(session, query, given)]


async def week(session: AsyncSession, scope: Scope) -> list[list[int]]:
    """Replies of each hour of each day of the week, Monday first."""
    whole = scope.open is None
    where, given = scope.days_where() if whole else scope.where()
    query = (_BY_DAY if whole else _BY_HOUR).format(where=where)
    cells = [[0] * HOURS for _ in range(7)]
    for row in await asked(session, query, given):
        cells[row["dow"]] = row["replies"]
    return cells


async def tallies(
    session: AsyncSession, scope: Scope, kinds: Sequence[str], limit: int
) -> dict[str, list[tuple[str, int]]]:
    """The names of each kind that happened most; products by their names."""
    whole = scope.open is None
    where, given = scope.days_where() if whole else scope.where()
    table = "day_tally" if whole else "hour_tally"
    query = (
        "SELECT kind, name, total FROM (SELECT kind, name, sum(count)::bigint AS total,"  # noqa: S608
        " row_number() OVER (PARTITION BY kind ORDER BY sum(count) DESC, name) AS place"
        f" FROM analytics.{table} {where} AND kind = ANY(:kinds) GROUP BY kind, name) one"
        " WHERE place <= :limit ORDER BY kind, place"
    )
    rows = await asked(session, query, given | {"kinds": list(kinds), "limit": limit})
    ids = [row["name"] for row in rows if row["kind"] == "short"]
    called = await asked(session, _NAMED, scope.given(ids=ids)) if ids else ()
    known = {row["id"]: row["name"] for row in called}
    found: dict[str, list[tuple[str, int]]] = {kind: [] for kind in kinds}
    for row in rows:
        found[row["kind"]].append((known.get(row["name"], row["name"]), row["total"]))
    return found


async def people(
    session: AsyncSession, scope: Scope, counted: date | None = None
) -> tuple[int, int]:
    """Customers who were answered, and those of them who had come before. Nothing is known of days
    after `counted`: where the scope ends there, nobody's days need to be looked through."""
    if scope.channel is None and counted is not None and scope.last >= counted:
        (row,) = await asked(session, _PEOPLE_SINCE, scope.given(first=scope.first))
        return row["customers"], row["returning"]
    channel = "AND channel = :channel" if scope.channel is not None else ""
    given = scope.given(first=scope.first, last=scope.last)
    (row,) = await asked(session, _PEOPLE.format(channel=channel), given)
    return row["customers"], row["returning"]


async def asked(
    session: AsyncSession, query: str, given: Mapping[str, object]
) -> list[dict[str, Any]]:
    found = await session.execute(_statement(query), dict(given))
    return [dict(row) for row in found.mappings()]
