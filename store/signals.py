"""What followed replies beside words: signs, thumbs, later questions, calls for a person, edits.

Each is a statement over a page of one shop's rows, found by their keys.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias
from uuid import UUID

from store.scoring import Place
from store.session import BatchConnection

Put: TypeAlias = tuple[str, str, int]
"""Who has which emoji on a reply, and its place in the stream."""
ROWS: Final = """
SELECT t.id, t.conversation_id, t.position, t.created_at, t.user_message, t.dispatched_at,
       t.follow_up_id IS NOT NULL AS answered, t.order_id IS NOT NULL AS bought
FROM ml.training_data t
WHERE t.shop_id = $1 AND t.author = 'bot' AND (t.created_at, t.id) > ($2, $3)
  AND t.created_at <= $4
ORDER BY t.created_at, t.id LIMIT $5
"""
# Each row is looked up by itself: joined with the shop's rows, each would be held against all.
_ASKED: Final = """
FROM unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::timestamptz[])
     AS asked(id, conversation_id, position, at)
"""
# A reaction on any part of a reply, by somebody who is a customer there: the shop's own people
# put theirs too.
REACTIONS: Final = f"""
SELECT asked.id, r.emoji, r.sender, r.position {_ASKED}
CROSS JOIN LATERAL (
  SELECT d.platform_ids FROM app.delivery d
  WHERE d.shop_id = $1 AND d.message_id = asked.id ORDER BY d.message_id LIMIT 1
) d
CROSS JOIN LATERAL unnest(d.platform_ids) AS part(platform_id)
CROSS JOIN LATERAL (
  SELECT one.emoji, one.sender, one.position FROM app.reaction one
  WHERE one.shop_id = $1 AND one.conversation_id = asked.conversation_id
    AND one.platform_id = part.platform_id AND one.emoji IS NOT NULL
  ORDER BY one.sender LIMIT 20
) r
CROSS JOIN LATERAL (
  SELECT c.account FROM app.conversation c
  WHERE c.shop_id = $1 AND c.id = asked.conversation_id ORDER BY c.id LIMIT 1
) c
WHERE EXISTS (
  SELECT FROM app.customer_alias a WHERE a.shop_id = $1
    AND a.channel = split_part(c.account, ':', 1) AND a.external_id = r.sender)
"""  # noqa: S608  our own text
# What customers tapped, or wrote as nothing but a thumb.
THUMBS: Final = f"""
SELECT asked.id, r.id, r.thumb, r.position {_ASKED}
CROSS JOIN LATERAL (
  SELECT one.id, one.thumb, coalesce(one.position, 0) AS position FROM ml.rating one
  WHERE one.shop_id = $1 AND one.training_id = asked.id AND one.role = 'customer'
    AND one.via <> 'reaction' AND one.thumb IS NOT NULL
  ORDER BY one.id LIMIT 20
) r
"""  # noqa: S608  our own text
# Replies that the walk has gone past, and that a customer's thumb came to since.
RATED: Final = """
SELECT t.id, t.conversation_id, t.position, t.created_at, t.user_message, t.dispatched_at,
       t.follow_up_id IS NOT NULL AS answered, t.order_id IS NOT NULL AS bought
FROM ml.training_data t
WHERE t.shop_id = $1 AND t.author = 'bot' AND t.created_at <= $2 AND t.id IN (
  SELECT r.training_id FROM ml.rating r
  WHERE r.shop_id = $1 AND r.updated_at > $2 AND r.role = 'customer' AND r.thumb IS NOT NULL)
ORDER BY t.created_at, t.id
"""
LATER: Final = f"""
SELECT asked.id, r.user_message {_ASKED}
CROSS JOIN LATERAL (
  SELECT n.user_message, n.dispatched_at FROM ml.training_data n
  WHERE n.shop_id = $1 AND n.conversation_id = asked.conversation_id
    AND n.position > asked.position AND n.author = 'bot'
  ORDER BY n.position LIMIT 20
) r
WHERE r.dispatched_at <= asked.at + $6::interval
"""  # noqa: S608  our own text
CALLS: Final = f"""
SELECT asked.id, h.reason {_ASKED}
CROSS JOIN LATERAL (
  SELECT o.reason, o.at FROM app.hand_over o
  WHERE o.shop_id = $1 AND o.conversation_id = asked.conversation_id
    AND o.at > asked.at AND o.at <= asked.at + $6::interval
  ORDER BY o.at LIMIT 1
) h
LEFT JOIN LATERAL (
  SELECT n.dispatched_at FROM ml.training_data n
  WHERE n.shop_id = $1 AND n.conversation_id = asked.conversation_id
    AND n.position > asked.position AND n.author = 'bot'
  ORDER BY n.position LIMIT 1
) later ON true
WHERE h.reason IN ('asked', 'complaint') AND coalesce(later.dispatched_at >= h.at, true)
"""  # noqa: S608  our own text
KNOWN: Final = """
SELECT asked.id FROM unnest($2::uuid[]) AS asked(id)
CROSS JOIN LATERAL (
  SELECT s.score FROM ml.score s
  WHERE s.shop_id = $1 AND s.training_id = asked.id AND s.scorer = 'reaction'
  ORDER BY s.version DESC LIMIT 1
) s
WHERE s.score IS NOT NULL
"""
# What people changed, however old the row is; and what they changed back.
EDITS: Final = """
SELECT t.id, t.correction IS NOT NULL, t.rejected FROM ml.training_data t
WHERE t.shop_id = $1 AND t.author = 'bot' AND (t.correction IS NOT NULL OR t.rejected)
  AND NOT EXISTS (
    SELECT FROM ml.score s WHERE s.shop_id = t.shop_id AND s.training_id = t.id
      AND s.scorer = 'edit' AND s.label = CASE WHEN t.rejected THEN 'rejected' ELSE 'corrected' END)
UNION ALL
SELECT t.id, false, false FROM ml.score s
JOIN ml.training_data t ON t.shop_id = s.shop_id AND t.id = s.training_id
WHERE s.shop_id = $1 AND s.scorer = 'edit' AND s.score IS NOT NULL
  AND t.correction IS NULL AND NOT t.rejected
"""


@dataclass(frozen=True, slots=True)
class Answered:
    """A reply: what was asked, when it left, and whether the customer wrote or bought since."""

    id: UUID
    conversation: UUID
    position: int
    created_at: datetime
    question: str
    dispatched_at: datetime
    followed: bool
    bought: bool


async def answered(
    connection: BatchConnection, shop: UUID, after: Place, until: datetime, count: int
) -> list[Answered]:
    """The next page of a walk over the bot's replies."""
    found = await connection.fetch(ROWS, shop, after.at, after.id, until, count)
    return [Answered(*row) for row in found]


async def rated(connection: BatchConnection, shop: UUID, since: datetime) -> list[Answered]:
    """Replies of before, with a thumb of after."""
    return [Answered(*row) for row in await connection.fetch(RATED, shop, since)]


async def reactions(
    connection: BatchConnection, shop: UUID, rows: Sequence[Answered]
) -> dict[UUID, list[Put]]:
    """What customers have on these replies now; an empty list where they took it back."""
    found: defaultdict[UUID, list[Put]] = defaultdict(list)
    for id_, emoji, sender, place in await connection.fetch(REACTIONS, shop, *_columns(rows)):
        found[id_].append((sender, emoji, place))
    known = await connection.fetch(KNOWN, shop, [row.id for row in rows])
    return {row[0]: [] for row in known} | found


async def thumbs(
    connection: BatchConnection, shop: UUID, rows: Sequence[Answered]
) -> dict[UUID, dict[UUID, tuple[int, int]]]:
    """What customers said of these replies by a thumb: up or down and its place, by the rating."""
    found: defaultdict[UUID, dict[UUID, tuple[int, int]]] = defaultdict(dict)
    for id_, which, thumb, place in await connection.fetch(THUMBS, shop, *_columns(rows)):
        found[id_][which] = thumb, place
    return dict(found)


async def later_questions(
    connection: BatchConnection, shop: UUID, rows: Sequence[Answered], within: timedelta
) -> dict[UUID, list[str]]:
    return _listed(await connection.fetch(LATER, shop, *_columns(rows), within))


async def calls(
    connection: BatchConnection, shop: UUID, rows: Sequence[Answered], within: timedelta
) -> dict[UUID, str]:
    """Why a person was asked for after these replies, before the bot spoke again."""
    found = await connection.fetch(CALLS, shop, *_columns(rows), within)
    return {row[0]: row[1] for row in found}


async def edits(connection: BatchConnection, shop: UUID) -> list[tuple[UUID, bool, bool]]:
    """Replies that people corrected or rejected, or no longer do, since it was last looked at."""
    return [(row[0], row[1], row[2]) for row in await connection.fetch(EDITS, shop)]


def _listed(rows: Iterable[Any]) -> dict[UUID, list[str]]:
    found: defaultdict[UUID, list[str]] = defaultdict(list)
    for id_, text in rows:
        found[id_].append(text)
    return dict(found)


def _columns(rows: Sequence[Answered]) -> tuple[list[Any], ...]:
    return (
        [row.id for row in rows],
        [row.conversation for row in rows],
        [row.position for row in rows],
        [row.dispatched_at for row in rows],
    )
