"""What customers wrote after replies, for those who judge words again or more closely."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from store.scoring import Place
from store.session import BatchConnection

_FOLLOWED: Final = """
SELECT t.id, t.created_at, t.user_message, t.bot_response, t.user_feedback, m.content
FROM ml.training_data t
LEFT JOIN app.message m ON m.shop_id = t.shop_id AND m.id = t.follow_up_id
WHERE t.shop_id = $1 AND t.author = 'bot' AND t.follow_up_id IS NOT NULL
  AND (t.created_at, t.id) > ($2, $3) AND t.created_at <= $4
ORDER BY t.created_at, t.id LIMIT $5
"""
_COUNT: Final = """
SELECT count(*) FROM ml.training_data t
WHERE t.shop_id = $1 AND t.author = 'bot' AND t.follow_up_id IS NOT NULL AND t.created_at <= $2
"""
# Of what the lexicon said since a place, what no judge of this version has looked at.
_UNJUDGED: Final = """
SELECT t.id, s.created_at, t.user_message, t.bot_response, t.user_feedback, m.content, s.score,
       s.label, s.confidence
FROM ml.score s
JOIN ml.training_data t ON t.shop_id = s.shop_id AND t.id = s.training_id
LEFT JOIN app.message m ON m.shop_id = t.shop_id AND m.id = t.follow_up_id
WHERE s.shop_id = $1 AND s.scorer = 'lexicon' AND (s.created_at, s.training_id) > ($2, $3)
  AND s.created_at <= $4 AND s.version = $5 AND t.author = 'bot'
  AND NOT EXISTS (SELECT FROM ml.score j WHERE j.shop_id = s.shop_id
                  AND j.training_id = s.training_id AND j.scorer = 'judge' AND j.version = $6)
ORDER BY s.created_at, s.training_id LIMIT $7
"""
_ASKED: Final = """
SELECT count(*) FROM ml.score WHERE shop_id = $1 AND scorer = 'judge' AND created_at >= $2
"""


@dataclass(frozen=True, slots=True)
class Followed:
    """A reply between what was asked and what the customer wrote next; texts are masked."""

    id: UUID
    at: datetime
    question: str
    reply: str
    next: str
    content: str


@dataclass(frozen=True, slots=True)
class Unjudged:
    """With what the lexicon made of it; `followed.at` is when it did."""

    followed: Followed
    score: int | None
    label: str
    confidence: float


async def followed(
    connection: BatchConnection, shop: UUID, after: Place, until: datetime, count: int
) -> list[Followed]:
    found = await connection.fetch(_FOLLOWED, shop, after.at, after.id, until, count)
    return [_followed(row) for row in found]


async def count_followed(connection: BatchConnection, shop: UUID, until: datetime) -> int:
    return int(await connection.fetchval(_COUNT, shop, until))


async def unjudged(
    connection: BatchConnection,
    shop: UUID,
    after: Place,
    until: datetime,
    versions: tuple[int, int],
    count: int,
) -> list[Unjudged]:
    """`versions` are the lexicon's and the judge's."""
    found = await connection.fetch(_UNJUDGED, shop, after.at, after.id, until, *versions, count)
    return [Unjudged(_followed(row), *tuple(row)[6:]) for row in found]


async def judged_since(connection: BatchConnection, shop: UUID, moment: datetime) -> int:
    """What the judge was asked, answered or not."""
    return int(await connection.fetchval(_ASKED, shop, moment))


def _followed(row: Any) -> Followed:  # noqa: ANN401  a record has no types
    return Followed(row[0], row[1], row[2], row[3], row[4] or "", row[5] or "text")
