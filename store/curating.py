"""A shop's captured turns, with everything that decides whether they may be learned from."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, Protocol, TypeAlias
from uuid import UUID

from store.session import Store

Place: TypeAlias = tuple[datetime, UUID]

# Each row is looked up by its key, whatever the planner thinks of a table that has just grown.
BY_KEY: Final = "; ".join(
    f"SET LOCAL enable_{way} = off" for way in ("seqscan", "hashjoin", "mergejoin")
)
# Postgres would start helpers for each page anew, and end them: three times the time of the page.
_PAGED: Final = f"{BY_KEY}; SET LOCAL max_parallel_workers_per_gather = 0"
LATEST: Final = datetime(9999, 12, 31, tzinfo=UTC)
FIRST: Final = UUID(int=0)

# A row counts for who its customer turned out to be; what the shop wrote itself is nobody's, and no
# share of one customer's. Whoever took back what the reply answers, or
# what answered the reply, took it back from the bot too.
_TURNS: Final = """
SELECT t.shop_id, t.id, t.origin,
       CASE WHEN t.origin IN ('hand', 'file') THEN t.id ELSE person.id END AS customer_id,
       t.conversation_id, t.created_at, t.author,
       t.user_message, t.bot_response, t.correction, t.intent, t.category, t.product_name,
       t.locale, t.tone, t.intensity, t.quality_score, t.stars, t.is_successful, t.latency_ms,
       t.rejected, t.pii_scrubbed, customer.name, person.name AS person,
       customer.no_training OR person.no_training AS no_training,
       delivery.state, call.ok, allowed.accepted,
       t.context ->> 'verdict' AS verdict, t.context ->> 'sources' AS sources,
       t.context ->> 'history' AS history, t.context -> 'trace' ->> 'state' AS stand,
       t.context -> 'trace' ->> 'finding' AS finding,
       EXISTS (
         SELECT FROM app.message said
         WHERE said.shop_id = t.shop_id AND said.conversation_id = t.conversation_id
           AND said.deleted_at IS NOT NULL
           AND (said.id = t.follow_up_id OR said.position < t.position AND said.position > (
             SELECT coalesce(max(before.position), 0) FROM ml.training_data before
             WHERE before.shop_id = t.shop_id AND before.conversation_id = t.conversation_id
               AND before.position < t.position))
       ) AS taken_back
FROM ml.training_data t
JOIN app.customer customer ON customer.shop_id = t.shop_id AND customer.id = t.customer_id
JOIN app.customer person ON person.shop_id = t.shop_id
     AND person.id = coalesce(customer.merged_into, customer.id)
LEFT JOIN app.delivery delivery ON delivery.shop_id = t.shop_id AND delivery.message_id = t.id
LEFT JOIN app.event_log call ON call.shop_id = t.shop_id AND call.reply_id = t.id
LEFT JOIN ml.acceptance allowed ON allowed.shop_id = t.shop_id AND allowed.training_id = t.id
"""
_PAGE: Final = f"""{_TURNS}
WHERE t.shop_id = $1 AND (t.created_at, t.id) < ($2, $3)
ORDER BY t.created_at DESC, t.id DESC LIMIT $4
"""
_THESE: Final = f"{_TURNS} WHERE t.shop_id = $1 AND t.id = ANY ($2::uuid[])"
_COUNT: Final = "SELECT count(*) FROM ml.training_data WHERE shop_id = $1 AND created_at < $2"


class Turn(Protocol):
    """A row of the driver, by the names of its columns."""

    def __getitem__(self, name: str) -> Any: ...  # noqa: ANN401  columns of every kind


def before(until: datetime | None) -> Place:
    """Where reading begins: with the newest row, or with the last one before a moment."""
    return until or LATEST, FIRST


async def page(store: Store, shop: UUID, last: Place, limit: int) -> Sequence[Turn]:
    """The rows before a place, the newest first, in a short transaction of its own."""
    async with store.tuned(_PAGED) as connection:
        return await connection.fetch(_PAGE, shop, *last, limit)


async def these(store: Store, shop: UUID, ids: Sequence[UUID]) -> Sequence[Turn]:
    """Those that are still there, in no order."""
    async with store.tuned(BY_KEY) as connection:
        return await connection.fetch(_THESE, shop, list(ids))


async def count(store: Store, shop: UUID, until: datetime | None) -> int:
    async with store.lookup() as connection:
        return int(await connection.fetchval(_COUNT, shop, until or LATEST))
