"""Writes down who has the word in a conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from capture.batch import Placed
from events.manners import SilenceChanged
from store.batches import storable
from store.session import BatchConnection

# A silence is ended, or made longer, never shorter.
SILENCE: Final = """
UPDATE app.conversation c
SET silenced = news.silenced, silenced_by = news.person, silenced_position = news.position,
    silenced_until = CASE
      WHEN news.afresh OR NOT c.silenced THEN news.until
      WHEN news.until IS NULL OR c.silenced_until IS NULL THEN NULL
      ELSE greatest(news.until, c.silenced_until) END
FROM unnest($1::uuid[], $2::uuid[], $3::bool[], $4::timestamptz[], $5::text[], $6::bool[],
            $7::bigint[])
       AS news(shop_id, id, silenced, until, person, afresh, position)
WHERE c.shop_id = news.shop_id AND c.id = news.id
  AND coalesce(c.silenced_position, 0) < news.position
"""

# A person who takes part has answered the hand-overs before; the first who did counts.
RESOLVE: Final = """
UPDATE app.hand_over h SET resolved_at = first.at
FROM app.hand_over waiting CROSS JOIN LATERAL (
  SELECT min(part.at) AS at
  FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS part(shop_id, conversation_id, at)
  WHERE part.shop_id = waiting.shop_id AND part.conversation_id = waiting.conversation_id
    AND part.at >= waiting.at
) first
WHERE h.shop_id = waiting.shop_id AND h.id = waiting.id AND first.at IS NOT NULL
  AND waiting.shop_id = ANY ($1::uuid[]) AND waiting.conversation_id = ANY ($2::uuid[])
  AND CASE WHEN waiting.resolved_at IS NULL THEN true ELSE false END
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What several changes come to. `afresh`: what was before them no longer matters."""

    silenced: bool
    until: datetime | None
    by: str | None
    afresh: bool
    position: int


def standing(change: SilenceChanged, position: int, before: Standing | None = None) -> Standing:
    if before is None or not before.silenced or not change.silenced:
        until = change.until if change.silenced else None
        afresh = not change.silenced or (before is not None and before.afresh)
    else:
        until, afresh = _later(before.until, change.until), before.afresh
    return Standing(
        change.silenced,
        until,
        (change.by or None) if change.silenced else None,
        afresh,
        position,
    )


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    """None has no end."""
    return None if one is None or other is None else max(one, other)


async def write(connection: BatchConnection, changes: Sequence[Placed[SilenceChanged]]) -> None:
    found: dict[tuple[UUID, UUID], Standing] = {}
    for change, position in changes:
        here = change.shop, change.conversation
        found[here] = standing(change, position, found.get(here))
    shops, conversations = zip(*found, strict=True)
    news = list(found.values())
    await connection.execute(
        SILENCE,
        shops,
        conversations,
        [one.silenced for one in news],
        [one.until for one in news],
        storable([one.by for one in news]),
        [one.afresh for one in news],
        [one.position for one in news],
    )
    parts = [
        (change.shop, change.conversation, change.at)
        for change, _ in changes
        if change.reason != "hand_over"
    ]
    if parts:
        await connection.execute(RESOLVE, *zip(*parts, strict=True))
