"""Customers who turn out to be one person: the one who was first is kept, whatever shows it.

Who merges is alone among those who write about the shop's people: nobody adds a name or a
conversation to somebody who is being merged, and nobody waits in a circle. It goes event by event,
so that it does not matter which events happened to share a batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from capture.people import Dispute, People, Spoken
from store.session import BatchConnection

# Everybody else who writes about people in these shops has committed, and waits for us to do so.
ALONE = """
SELECT pg_advisory_xact_lock(hashtextextended('people of ' || one.shop_id, 0))
FROM unnest($1::uuid[]) AS one(shop_id)
"""

# The persons behind two customers, the older one first, and which of them is behind the second.
BEHIND = """
SELECT person.id, person.id IN (
  SELECT coalesce(c.merged_into, c.id) FROM app.customer c WHERE c.shop_id = $1 AND c.id = $3)
FROM app.customer person
WHERE person.shop_id = $1 AND person.id IN (
  SELECT coalesce(c.merged_into, c.id) FROM app.customer c
  WHERE c.shop_id = $1 AND c.id IN ($2, $3))
ORDER BY person.created_at, person.id
"""

# A LID or a BSUID is one person's for ever, a phone number is not: where both have such an id, and
# so different ones, the number was passed on. It is the one's now who says so.
HAND_OVER = """
UPDATE app.customer_alias passed SET customer_id = $5
WHERE passed.shop_id = $1 AND passed.channel = $2 AND passed.external_id = $3
  AND passed.channel NOT IN ('lid', 'bsuid')
  AND EXISTS (
    SELECT FROM app.customer_alias one JOIN app.customer_alias other
      ON other.shop_id = one.shop_id AND other.channel = one.channel
    WHERE one.shop_id = $1 AND one.customer_id = $4 AND other.customer_id = $5
      AND one.channel IN ('lid', 'bsuid'))
RETURNING passed.customer_id
"""

# `$2` is kept and `$3` becomes it, with all who became `$3` before; what one of them had chosen
# stays chosen.
MERGE = """
WITH became AS (
  UPDATE app.customer c SET merged_into = $2
  WHERE c.shop_id = $1 AND (c.id = $3 OR c.merged_into = $3)
), combined AS (
  UPDATE app.customer kept SET
    name = coalesce(kept.name, merged.name), locale = coalesce(kept.locale, merged.locale),
    no_training = kept.no_training OR merged.no_training,
    intensity = CASE kept.intensity WHEN 0.5 THEN merged.intensity ELSE kept.intensity END,
    tone = CASE kept.tone WHEN 'neutral' THEN merged.tone ELSE kept.tone END,
    opted_out_at = coalesce(kept.opted_out_at, merged.opted_out_at)
  FROM app.customer merged
  WHERE kept.shop_id = $1 AND kept.id = $2 AND merged.shop_id = $1 AND merged.id = $3
), aliases AS (
  UPDATE app.customer_alias a SET customer_id = $2 WHERE a.shop_id = $1 AND a.customer_id = $3
), conversations AS (
  UPDATE app.conversation c SET customer_id = $2 WHERE c.shop_id = $1 AND c.customer_id = $3
), orders AS (
  UPDATE app.orders o SET customer_id = $2 WHERE o.shop_id = $1 AND o.customer_id = $3
), entries AS (
  UPDATE app.ledger_entry e SET customer_id = $2 WHERE e.shop_id = $1 AND e.customer_id = $3
), budgets AS (
  UPDATE app.budget b SET customer_id = $2 WHERE b.shop_id = $1 AND b.customer_id = $3
), goals AS (
  UPDATE app.goal g SET customer_id = $2 WHERE g.shop_id = $1 AND g.customer_id = $3
)
INSERT INTO app.customer_merge (shop_id, merged_id, kept_id, evidence, at)
VALUES ($1, $3, $2, $4, $5) ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Merged:
    """`evidence` is the kind of name they share, never the name."""

    shop: UUID
    kept: UUID
    merged: UUID
    evidence: str


async def unite(connection: BatchConnection, spoken: Sequence[Spoken]) -> list[Merged]:
    """Writes the people of a batch, one event after the other, and merges those who are one."""
    people, merges = People(), list[Merged]()
    await connection.execute(ALONE, sorted({event.shop for event in spoken}))
    for event in spoken:
        met = people.meet([event])
        for dispute in await people.write(connection, met):
            merged = await _merge(connection, dispute)
            merges += [merged] if merged else []
        people.remember(met)
    return merges


async def _merge(connection: BatchConnection, dispute: Dispute) -> Merged | None:
    """None where they are one already, or are two and share nothing but a number."""
    shop, evidence, name = dispute.name
    persons = await connection.fetch(BEHIND, shop, dispute.owner, dispute.claimant)
    if len(persons) == 1:
        return None
    owner, claimant = (person for person, _ in sorted(persons, key=lambda row: row[1]))
    if await connection.fetch(HAND_OVER, shop, evidence, name, owner, claimant):
        return None
    kept, merged = (person for person, _ in persons)
    await connection.execute(MERGE, shop, kept, merged, evidence, dispute.at)
    return Merged(shop, kept, merged, evidence)
