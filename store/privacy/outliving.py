"""What a restore must not take back: that somebody was erased, asked to be, or said no.

It is set aside in the database itself, in a schema that no backup holds and no restore drops:
whoever is killed between the two finds it there the next time.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import text

from store.base import translated
from store.privacy.tombstones import digest
from store.session import BatchConnection, ReadSession

_SET_ASIDE: Final = """
CREATE SCHEMA IF NOT EXISTS aside;
CREATE TABLE IF NOT EXISTS aside.pepper (shop_id uuid, pepper bytea);
CREATE TABLE IF NOT EXISTS aside.erased (shop_id uuid, digest bytea, at timestamptz);
CREATE TABLE IF NOT EXISTS aside.leaving (shop_id uuid, customer_id uuid, at timestamptz);
CREATE TABLE IF NOT EXISTS aside.wish (
    shop_id uuid, id uuid, opted_out_at timestamptz, no_training boolean,
    restricted_at timestamptz
);
INSERT INTO aside.pepper SELECT shop_id, pepper FROM app.privacy_pepper;
INSERT INTO aside.erased SELECT shop_id, digest, at FROM app.erased;
INSERT INTO aside.leaving SELECT shop_id, customer_id, created_at FROM app.privacy_request
WHERE kind = 'erasure' AND state <> 'done' AND customer_id IS NOT NULL;
INSERT INTO aside.wish
SELECT shop_id, id, opted_out_at, no_training, restricted_at FROM app.customer
WHERE opted_out_at IS NOT NULL OR no_training OR restricted_at IS NOT NULL;
"""
_BRING_BACK: Final = """
INSERT INTO app.privacy_pepper (shop_id, pepper)
SELECT DISTINCT k.shop_id, k.pepper FROM aside.pepper k JOIN app.shop s ON s.id = k.shop_id
ON CONFLICT DO NOTHING;
INSERT INTO app.erased AS old (shop_id, digest, at)
SELECT k.shop_id, k.digest, max(k.at) FROM aside.erased k
WHERE EXISTS (SELECT FROM aside.pepper a JOIN app.privacy_pepper p USING (shop_id, pepper)
              WHERE a.shop_id = k.shop_id)
GROUP BY k.shop_id, k.digest
ON CONFLICT (shop_id, digest) DO UPDATE SET at = greatest(old.at, excluded.at);
UPDATE app.customer c SET
    opted_out_at = coalesce(c.opted_out_at, k.opted_out_at),
    no_training = c.no_training OR k.no_training,
    restricted_at = coalesce(c.restricted_at, k.restricted_at)
FROM (SELECT shop_id, id, min(opted_out_at) AS opted_out_at, bool_or(no_training) AS no_training,
             min(restricted_at) AS restricted_at FROM aside.wish GROUP BY shop_id, id) k
WHERE c.shop_id = k.shop_id AND c.id = k.id;
"""
_LEAVING: Final = """
SELECT DISTINCT c.shop_id, c.id FROM aside.leaving l
JOIN app.customer c ON c.shop_id = l.shop_id AND c.id = l.customer_id AND c.created_at <= l.at
"""
_GRAVES: Final = """
SELECT p.shop_id, p.pepper, array_agg(e.digest) AS digests, array_agg(e.at) AS moments
FROM app.privacy_pepper p JOIN app.erased e ON e.shop_id = p.shop_id GROUP BY p.shop_id, p.pepper
"""
_LIES: Final = text("SELECT to_regnamespace('aside') IS NOT NULL")
_CUSTOMERS: Final = "SELECT id, created_at FROM app.customer WHERE shop_id = $1"


async def set_aside(connection: BatchConnection) -> bool:
    """Whether nothing lay there yet; else it adds up. Raises StoreError."""
    with translated():
        fresh = await connection.fetchval("SELECT to_regnamespace('aside') IS NULL")
        await connection.execute(_SET_ASIDE)
    return bool(fresh)


async def halfway(session: ReadSession) -> bool:
    """Whether a restore was cut off, and what it has to remember still lies aside."""
    return bool(await session.scalar(_LIES))


async def bring_back(connection: BatchConnection) -> None:
    """Tombstones under another pepper than the restored one tell of nobody, and stay away."""
    with translated():
        await connection.execute(_BRING_BACK)


async def returned(connection: BatchConnection) -> Sequence[tuple[UUID, UUID]]:
    """Shop and customer of those who are older than their own erasure: whoever wrote anew after it
    is somebody new."""
    with translated():
        found = {(row["shop_id"], row["id"]) for row in await connection.fetch(_LEAVING)}
        for shop in await connection.fetch(_GRAVES):
            graves = dict(zip(shop["digests"], shop["moments"], strict=True))
            for one in await connection.fetch(_CUSTOMERS, shop["shop_id"]):
                moment = graves.get(digest(shop["pepper"], str(one["id"])))
                if moment is not None and one["created_at"] <= moment:
                    found.add((shop["shop_id"], one["id"]))
    return sorted(found)


async def forget(connection: BatchConnection) -> None:
    with translated():
        await connection.execute("DROP SCHEMA IF EXISTS aside CASCADE")
