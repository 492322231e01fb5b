"""Customers who turn out to be one person: the one who was first is kept, whatever shows it.

Who merges holds a lock of the shop, taken before anything is written, so that two processes never
follow each other's half-made merges; and goes event by event, so that it does not matter which
events happened to share a batch.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from capture.people import Dispute, People, Spoken
from store.session import BatchConnection

# Nobody else merges in these shops until the transaction ends.
LOCK = """
SELECT pg_advisory_xact_lock(hashtextextended('people of ' || one.shop_id, 0))
FROM unnest($1::uuid[]) AS one(shop_id)
"""

# Each batch writes its customers in this order, so taking them all first waits for no circle.
HOLD = """
WITH named AS (
  SELECT one.shop_id, one.id FROM unnest($1::uuid[], $2::uuid[]) AS one(shop_id, id)
  UNION
  SELECT a.shop_id, a.customer_id
  FROM unnest($3::uuid[], $4::text[], $5::text[]) AS said(shop_id, channel, external_id)
  JOIN app.customer_alias a ON a.shop_id = said.shop_id AND a.channel = said.channel
    AND a.external_id = said.external_id
)
SELECT c.id FROM named JOIN app.customer c ON c.shop_id = named.shop_id AND c.id = named.id
ORDER BY c.shop_id, c.id FOR UPDATE OF c
"""

# The persons behind two customers, the older one first. The lock makes everybody wait who is about
# to write something that points to them.
BEHIND = """
SELECT person.id FROM app.customer person
WHERE person.shop_id = $1 AND person.id IN (
  SELECT coalesce(c.merged_into, c.id) FROM app.customer c
  WHERE c.shop_id = $1 AND c.id = ANY ($2::uuid[]))
ORDER BY person.created_at, person.id FOR UPDATE OF person
"""

# `$2` is kept and `$3` becomes it, with all who became `$3` before; what one of them had chosen
# stays chosen. A name that was written while somebody merged may still point to one of the latter.
MERGE = """
WITH became AS (
  UPDATE app.customer c SET merged_into = $2
  WHERE c.shop_id = $1 AND (c.id = $3 OR c.merged_into = $3) AND c.id <> $2
), combined AS (
  UPDATE app.customer kept SET
    name = coalesce(kept.name, merged.name), locale = coalesce(kept.locale, merged.locale),
    no_training = kept.no_training OR merged.no_training,
    intensity = CASE kept.intensity WHEN 0.5 THEN merged.intensity ELSE kept.intensity END,
    tone = CASE kept.tone WHEN 'neutral' THEN merged.tone ELSE kept.tone END
  FROM app.customer merged
  WHERE kept.shop_id = $1 AND kept.id = $2 AND merged.shop_id = $1 AND merged.id = $3
), aliases AS (
  UPDATE app.customer_alias a SET customer_id = $2 WHERE a.shop_id = $1 AND a.customer_id = $3
), conversations AS (
  UPDATE app.conversation c SET customer_id = $2 WHERE c.shop_id = $1 AND c.customer_id = $3
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


async def unite(connection: BatchConnection, spoken: Iterable[Spoken]) -> list[Merged]:
    """Writes the people of a batch, one event after the other, and merges those who are one."""
    events = list(spoken)
    if not events:
        return []
    people, merges = People(), list[Merged]()
    await connection.execute(LOCK, sorted({event.shop for event in events}))
    await _hold(connection, events)
    for event in events:
        met = people.meet([event])
        for dispute in await people.write(connection, met):
            merged = await _merge(connection, dispute)
            merges += [merged] if merged else []
        people.remember(met)
    return merges


async def _hold(connection: BatchConnection, events: list[Spoken]) -> None:
    met = People().meet(events)
    shops, customers = zip(*met.customers, strict=True)
    names = [name for name, _ in met.claims]
    columns = zip(*names, strict=True) if names else ((), (), ())
    await connection.execute(HOLD, shops, customers, *columns)


async def _merge(connection: BatchConnection, dispute: Dispute) -> Merged | None:
    shop, evidence, _ = dispute.name
    persons = await connection.fetch(BEHIND, shop, [dispute.owner, dispute.claimant])
    if len(persons) == 1:
        await connection.execute(MERGE, shop, persons[0][0], dispute.owner, evidence, dispute.at)
        return None
    kept, merged = (person for (person,) in persons)
    await connection.execute(MERGE, shop, kept, merged, evidence, dispute.at)
    return Merged(shop, kept, merged, evidence)
