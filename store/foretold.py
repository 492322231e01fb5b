"""Writes what was foretold, many rows at a time: the newest of each target is the current one."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import text

from store.predicting import Of
from store.session import BatchConnection, WriteSession, driver

KEPT_DAYS: Final = 62
"""So long every day is kept; of the months before, the last prediction of each target."""
SOME: Final = 10_000

_BY_INDEX: Final = text(
    "SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),"
    " set_config('enable_mergejoin', 'off', true)"
)
_PAST: Final = {
    "loan": """
UPDATE app.risk_prediction p SET current = false FROM unnest($2::uuid[], $3::uuid[]) AS f(id, loan)
WHERE p.shop_id = $1 AND p.loan_id = f.loan AND p.current AND p.kind = 'loan' AND p.id <> f.id
""",
    "instalment": """
UPDATE app.risk_prediction p SET current = false
FROM unnest($2::uuid[], $3::uuid[]) AS f(id, instalment)
WHERE p.shop_id = $1 AND p.instalment_id = f.instalment AND p.current
  AND p.kind = 'instalment' AND p.id <> f.id
""",
}
_WRITE: Final = """
INSERT INTO app.risk_prediction AS old (shop_id, kind, model_id, version, as_of, at,
  id, client_id, loan_id, instalment_id, due_on, probability, factors)
SELECT $1, $2, $3, $4, $5, $6, f.* FROM unnest($7::uuid[], $8::uuid[], $9::uuid[], $10::uuid[],
  $11::date[], $12::float8[], $13::jsonb[]) AS f
ON CONFLICT (shop_id, id) DO UPDATE SET at = excluded.at, probability = excluded.probability,
  factors = excluded.factors, current = true
"""
_RETIRE: Final = """
UPDATE app.risk_prediction SET current = false
WHERE shop_id = $1 AND kind = $2 AND current AND as_of < $3
"""
_OLD: Final = """
DELETE FROM app.risk_prediction p WHERE p.shop_id = $1 AND p.id = ANY(ARRAY(
  SELECT o.id FROM app.risk_prediction o
  WHERE o.shop_id = $1 AND o.kind = $2 AND o.as_of < $3 AND NOT o.current
    AND NOT EXISTS (SELECT FROM app.risk_review r
                    WHERE r.shop_id = o.shop_id AND r.prediction_id = o.id)
    AND EXISTS (SELECT FROM app.risk_prediction later
                WHERE later.shop_id = o.shop_id AND later.kind = o.kind
                  AND later.loan_id = o.loan_id
                  AND later.instalment_id IS NOT DISTINCT FROM o.instalment_id
                  AND later.as_of > o.as_of
                  AND date_trunc('month', later.as_of) = date_trunc('month', o.as_of))
  LIMIT $4))
"""


class Row(NamedTuple):
    """`factors` is JSON."""

    id: UUID
    client: UUID
    loan: UUID
    instalment: UUID | None
    due_on: date | None
    probability: float
    factors: str


class Source(NamedTuple):
    """Which model says so, of what, knowing what was known on `as_of`."""

    of: Of
    model: UUID
    version: int
    as_of: date
    at: datetime


async def write(
    connection: BatchConnection, shop: UUID, source: Source, rows: Sequence[Row]
) -> None:
    """Written again, a row is what it was written last. Its transaction is `by_index`, or a batch:
    each row is found by its key."""
    if not rows:
        return
    columns = [list(column) for column in zip(*rows, strict=True)]
    target = columns[2 if source.of == "loan" else 3]
    await connection.execute(_PAST[source.of], shop, columns[0], target)
    told: tuple[Any, ...] = (source.of, source.model, source.version, source.as_of, source.at)
    await connection.execute(_WRITE, shop, *told, *columns)


async def retire(session: WriteSession, shop: UUID, of: Of, as_of: date) -> int:
    """What nobody foretold again: it is paid, given up, or its client objects."""
    connection = await by_index(session)
    done: str = await connection.execute(_RETIRE, shop, of, as_of)
    return int(done.rpartition(" ")[2])


async def thin(session: WriteSession, shop: UUID, of: Of, before: date) -> int:
    """How many of old days went; those that somebody reviewed stay."""
    connection = await by_index(session)
    done: str = await connection.execute(_OLD, shop, of, before, SOME)
    return int(done.rpartition(" ")[2])


async def by_index(session: WriteSession) -> BatchConnection:
    """Each row is found by an index, whatever the planner thinks of a table that was empty."""
    await session.execute(_BY_INDEX)
    return await driver(session)
