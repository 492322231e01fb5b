"""Takes a person's rows out of every table, a few hundred at a time, those that point first.

Each step is one short transaction that may be repeated: whoever goes on after a crash begins again
and finds less. Rows that must be kept are moved to somebody who does not exist.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID, uuid5

from store.privacy.persons import Person
from store.privacy.places import ROOTS, Of, Place, belonging
from store.session import BatchConnection

CHUNK: Final = 500
BINDING: Final = ("confirmed", "receipt", "paid")
"""Orders that were more than a wish."""
ORDER_OF_STEPS: Final[tuple[Of, ...]] = ("row", "message", "talk", "client", "person")

_ROOTS: Final[dict[Of, str]] = {
    "row": "SELECT id FROM ml.training_data t WHERE t.shop_id = $1"
    " AND t.conversation_id = ANY($2::uuid[]) LIMIT $3",
    "message": "SELECT id FROM app.message t WHERE t.shop_id = $1"
    " AND t.conversation_id = ANY($2::uuid[]) LIMIT $3",
}
_FILES: Final = """
SELECT DISTINCT one.path FROM app.media_file one
WHERE one.shop_id = $1 AND one.message_id = ANY($2::uuid[]) AND one.path IS NOT NULL
  AND NOT EXISTS (SELECT FROM app.media_file other WHERE other.shop_id = one.shop_id
                  AND other.path = one.path AND other.message_id <> ALL($2::uuid[]))
"""
# What was mined from chats shows some of them as examples, cut to their first letters.
_MINED: Final = """
UPDATE ml.dictionary_suggestion s
SET messages = ARRAY(SELECT one FROM unnest(s.messages) one WHERE NOT EXISTS (
    SELECT FROM unnest($2::text[]) said WHERE starts_with(said, one)))
WHERE s.shop_id = $1 AND EXISTS (
    SELECT FROM unnest(s.messages) one, unnest($2::text[]) said WHERE starts_with(said, one))
"""
_SAID: Final = """
SELECT regexp_replace(btrim(user_message), '\\s+', ' ', 'g') AS said FROM ml.training_data
WHERE shop_id = $1 AND id = ANY($2::uuid[]) AND user_message <> ''
"""
_NOBODY: Final = """
INSERT INTO app.customer (shop_id, id, no_training) VALUES ($1, $2, true) ON CONFLICT DO NOTHING
"""
_NOWHERE: Final = """
INSERT INTO app.conversation (shop_id, id, customer_id, account, chat, last_at, reachable)
SELECT $1, $2, $3, min(account), '', max(updated_at), false FROM app.orders
WHERE shop_id = $1 AND customer_id = ANY($4::uuid[]) HAVING count(*) > 0 ON CONFLICT DO NOTHING
"""
_REHOME: Final = """
UPDATE app.orders SET conversation_id = $3, customer_id = $4, chat = '', turn_id = NULL,
    reply_id = NULL, receipt_id = NULL
WHERE shop_id = $1 AND customer_id = ANY($2::uuid[]) AND state = ANY($5::text[])
"""
_WISHES: Final = """
DELETE FROM app.order_line l USING app.orders o
WHERE o.shop_id = l.shop_id AND o.id = l.order_id AND o.shop_id = $1
  AND o.customer_id = ANY($2::uuid[])
"""

_HELD: Final = """
SELECT EXISTS (SELECT FROM app.orders WHERE shop_id = $1 AND customer_id = ANY($2::uuid[])
               AND state = ANY($3::text[]))
"""
_OF_PERSON: Final = Place("app.orders", "order", "t.customer_id = ANY($2::uuid[])")


def deletion(place: Place, *, limited: bool = False) -> str:
    """Of all its rows, or of the next CHUNK."""
    if not limited:
        return f"DELETE FROM {place.table} t WHERE t.shop_id = $1 AND {place.where}"  # noqa: S608  ours
    some = f"SELECT t.ctid FROM {place.table} t WHERE t.shop_id = $1 AND {place.where}"  # noqa: S608  ours
    return f"DELETE FROM {place.table} WHERE ctid = ANY(ARRAY({some} LIMIT {CHUNK}))"  # noqa: S608  ours


async def step(
    connection: BatchConnection, who: Person, of: Of, forget: Callable[[str], None]
) -> Counter[str]:
    """What this step took out of each table; empty when nothing of that kind is left. Files are
    forgotten before their rows, so that none is left without one."""
    if of in _ROOTS:
        found = await connection.fetch(_ROOTS[of], who.shop, who.leads(of), CHUNK)
        return await _rooted(connection, who.shop, of, [row["id"] for row in found], forget)
    return await _plain(connection, who, of)


async def _rooted(
    connection: BatchConnection,
    shop: UUID,
    of: Of,
    ids: Sequence[UUID],
    forget: Callable[[str], None],
) -> Counter[str]:
    gone: Counter[str] = Counter()
    if not ids:
        return gone
    if of == "row":
        await _unmine(connection, shop, ids)
    if of == "message":
        for row in await connection.fetch(_FILES, shop, ids):
            forget(row["path"])
            gone["files"] += 1
    for place in (*belonging(of), ROOTS[of]):
        if not place.keeps:
            gone[place.table] += await _executed(connection, deletion(place), shop, ids)
    return +gone


async def _unmine(connection: BatchConnection, shop: UUID, ids: Sequence[UUID]) -> None:
    said = [row["said"] for row in await connection.fetch(_SAID, shop, ids)]
    if said:
        await connection.execute(_MINED, shop, said)


async def _plain(connection: BatchConnection, who: Person, of: Of) -> Counter[str]:
    gone: Counter[str] = Counter()
    for place in belonging(of):
        if not place.keeps:
            statement = deletion(place, limited=True)
            gone[place.table] += await _executed(connection, statement, who.shop, who.leads(of))
    return +gone


async def settle_orders(connection: BatchConnection, who: Person, request: UUID) -> Counter[str]:
    """What was bought stays, with nobody; what was only wished for goes."""
    nobody, nowhere = uuid5(request, "nobody"), uuid5(request, "nowhere")
    ids = list(who.ids)
    if await connection.fetchval(_HELD, who.shop, ids, BINDING):
        await connection.execute(_NOBODY, who.shop, nobody)
        await connection.execute(_NOWHERE, who.shop, nowhere, nobody, ids)
    kept = await _executed(connection, _REHOME, who.shop, ids, nowhere, nobody, BINDING)
    lines = await _executed(connection, _WISHES, who.shop, ids)
    wishes = await _executed(connection, deletion(_OF_PERSON), who.shop, ids)
    return +Counter({"kept app.orders": kept, "app.order_line": lines, "app.orders": wishes})


async def leave(connection: BatchConnection, who: Person) -> Counter[str]:
    """The last of them. Raises DanglingReference where somebody wrote something down meanwhile."""
    talks, person = ROOTS["talk"], ROOTS["person"]
    gone = {
        talks.table: await _executed(connection, deletion(talks), who.shop, who.conversations),
        person.table: await _executed(connection, deletion(person), who.shop, who.ids),
    }
    return +Counter(gone)


async def _executed(connection: BatchConnection, statement: str, *values: object) -> int:
    """How many rows it touched."""
    done: str = await connection.execute(statement, *values)
    return int(done.rpartition(" ")[2])
