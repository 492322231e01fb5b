"""What candidates answered in the shadow: how far it is, and one row more."""

from typing import Any, Final
from uuid import UUID

from store.batches import BatchInsert, Row
from store.rails import counted
from store.rollouts import ShadowAnswer
from store.session import BatchConnection

ANSWER: Final = BatchInsert.into(
    ShadowAnswer, "shop_id", "id", "rollout_id", "version_id", "reply_id", "answer", "verdict",
    "checks", "error", "tokens_in", "tokens_out", "latency_ms", "cost_micros", "at",
)  # fmt: skip

_WANTED: Final = """
SELECT NOT EXISTS (SELECT FROM ml.shadow_answer a WHERE a.shop_id = $1 AND a.id = $3)
         AND done.answers < $4 AND done.cost < $5
FROM (SELECT count(*) AS answers, coalesce(sum(cost_micros), 0) AS cost
      FROM ml.shadow_answer WHERE shop_id = $1 AND rollout_id = $2) done
"""
_NAME: Final = "SELECT name FROM app.customer WHERE shop_id = $1 AND id = $2"
# What was wrong: a claim nobody can vouch for that stayed, a policy broken, no answer at all.
SHADOWED: Final = f"""
SELECT count(*) AS answers, count(error) AS failed,
       count(*) FILTER (WHERE error IS NULL
         AND (verdict LIKE 'replaced:%' OR verdict LIKE 'forbidden:%')) AS faulty,
       count(*) FILTER (WHERE error IS NULL AND latency_ms > $3) AS slow,
       {counted("checks::text", "error IS NULL")},
       coalesce(sum(cost_micros), 0)::bigint AS cost_micros
FROM ml.shadow_answer WHERE shop_id = $1 AND rollout_id = $2
"""  # noqa: S608  our own text


async def wanted(
    connection: BatchConnection, shop: UUID, rollout: UUID, answer: UUID, most: tuple[int, int]
) -> bool:
    """Whether one more may be had: `most` is how many, and for how many micros."""
    return bool(await connection.fetchval(_WANTED, shop, rollout, answer, *most))


async def name_of(connection: BatchConnection, shop: UUID, customer: UUID) -> str | None:
    name: str | None = await connection.fetchval(_NAME, shop, customer)
    return name


async def keep(connection: BatchConnection, row: Row) -> None:
    await ANSWER.write(connection, [row])


async def shadowed(
    connection: BatchConnection, shop: UUID, rollout: UUID, slow_ms: int
) -> dict[str, Any]:
    found = await connection.fetchrow(SHADOWED, shop, rollout, slow_ms)
    return dict(found or {})
