"""The hours of a day put together, for pages that ask for no hours: a year of them is read at once.

The statements take a shop, the day's beginning and end, the day, and the shop's clock.
"""

from typing import Final

from store.histograms import LATENCY_MS, WAIT_MS, summed
from store.rollups import HourFact

HOURS: Final = 24
_OTHERS: Final = {"shop_id", "hour", "channel", "latency", "wait"}
_SUMS: Final = tuple(one.name for one in HourFact.__table__.columns if one.name not in _OTHERS)
_OF_DAY: Final = "WHERE shop_id = $1 AND hour >= $2 AND hour < $3"
_AT: Final = "extract(hour FROM hour AT TIME ZONE $5)"
_BY_HOUR: Final = ", ".join(
    f"coalesce(sum(replies) FILTER (WHERE {_AT} = {hour}), 0)" for hour in range(HOURS)
)
FACTS: Final = f"""
INSERT INTO analytics.day_fact (shop_id, day, channel, latency, wait, by_hour, {", ".join(_SUMS)})
SELECT $1::uuid, $4::date, channel, {summed("latency", LATENCY_MS)}, {summed("wait", WAIT_MS)},
       ARRAY[{_BY_HOUR}], {", ".join(f"sum({name})" for name in _SUMS)}
FROM analytics.hour_fact {_OF_DAY} GROUP BY channel
"""  # noqa: S608  our own text
TALLIES: Final = f"""
INSERT INTO analytics.day_tally (shop_id, kind, day, channel, name, count)
SELECT $1::uuid, kind, $4::date, channel, name, sum(count)
FROM analytics.hour_tally {_OF_DAY} GROUP BY kind, channel, name
"""  # noqa: S608  our own text
