"""What is too old: found a little at a time, masked or let go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from store.privacy.tables import PrivacyRule
from store.session import BatchConnection, ReadSession, WriteSession

CHUNK: Final = 500

# The days of the block index hold few messages beside those that are wanted.
_OLD: Final = """
SELECT m.id FROM app.message m
WHERE m.shop_id = $1 AND ($2::timestamptz IS NULL OR m.at >= $2) AND m.at < $3
ORDER BY m.id
"""
_COUNT_OLD: Final = """
SELECT count(*) FROM app.message m
WHERE m.shop_id = $1 AND ($2::timestamptz IS NULL OR m.at >= $2) AND m.at < $3
"""
_SAID: Final = """
SELECT m.id, m.text, m.reading, c.name FROM app.message m
JOIN app.conversation talk ON talk.shop_id = m.shop_id AND talk.id = m.conversation_id
JOIN app.customer c ON c.shop_id = talk.shop_id AND c.id = talk.customer_id
WHERE m.shop_id = $1 AND m.id = ANY($2::uuid[])
"""
_MASK: Final = """
UPDATE app.message m SET text = news.text, reading = news.reading, raw = NULL, masks = NULL
FROM unnest($2::uuid[], $3::text[], $4::text[]) AS news(id, text, reading)
WHERE m.shop_id = $1 AND m.id = news.id
"""
_FILES: Final = """
SELECT f.id, f.path, coalesce(f.size, 0) AS size, EXISTS (
    SELECT FROM app.media_file other WHERE other.shop_id = f.shop_id AND other.path = f.path
      AND other.created_at >= $2) AS shared
FROM app.media_file f WHERE f.shop_id = $1 AND f.path IS NOT NULL AND f.created_at < $2
ORDER BY f.created_at LIMIT $3
"""
_COUNT_FILES: Final = """
SELECT count(*), coalesce(sum(size), 0)::bigint FROM app.media_file
WHERE shop_id = $1 AND path IS NOT NULL AND created_at < $2
"""
_LET_GO: Final = "UPDATE app.media_file SET path = NULL WHERE shop_id = $1 AND id = ANY($2::uuid[])"
_LINKS: Final = "DELETE FROM app.privacy_link WHERE shop_id = $1 AND expires_at < $2"
_NOTES: Final = """
WITH gone AS (
  DELETE FROM app.customer_note WHERE shop_id = $1 AND gone_at < $2)
UPDATE app.customer_note SET was = NULL
WHERE shop_id = $1 AND edited_at < $2 AND was IS NOT NULL AND (gone_at IS NULL OR gone_at >= $2)
"""
_UNTIL: Final = """
SELECT result->>'until' FROM app.job_run
WHERE shop_id = $1 AND name = 'retention' AND state = 'done' AND result ? 'until'
ORDER BY period DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Old:
    """A message that is too old, with its customer's name."""

    id: UUID
    text: str
    reading: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class OldFile:
    """`shared` with a newer message, which keeps it."""

    id: UUID
    path: str
    size: int
    shared: bool


async def rule_of(session: ReadSession, shop: UUID) -> PrivacyRule | None:
    return await session.get(PrivacyRule, shop)


async def decree(session: WriteSession, shop: UUID, values: Mapping[str, Any]) -> None:
    """What a shop says for itself; None is what the configuration says."""
    statement = insert(PrivacyRule).values(shop_id=shop, **values)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["shop_id"], set_=dict(values))
    )


async def notice(session: ReadSession, shop: UUID) -> str:
    """What a shop tells its customers of their data, in its own words."""
    found: str | None = await session.scalar(
        select(PrivacyRule.notice).where(PrivacyRule.shop_id == shop)
    )
    return found or ""


async def masked_until(connection: BatchConnection, shop: UUID) -> datetime | None:
    """How far an earlier night came."""
    found = await connection.fetchval(_UNTIL, shop)
    return datetime.fromisoformat(found) if found else None


async def old_messages(
    connection: BatchConnection, shop: UUID, since: datetime | None, until: datetime
) -> list[UUID]:
    return [row["id"] for row in await connection.fetch(_OLD, shop, since, until)]


async def count_messages(
    connection: BatchConnection, shop: UUID, since: datetime | None, until: datetime
) -> int:
    return int(await connection.fetchval(_COUNT_OLD, shop, since, until))


async def said(connection: BatchConnection, shop: UUID, ids: Sequence[UUID]) -> list[Old]:
    return [Old(*row) for row in await connection.fetch(_SAID, shop, ids)]


async def mask(connection: BatchConnection, shop: UUID, masked: Sequence[Old]) -> None:
    columns = zip(*((one.id, one.text, one.reading) for one in masked), strict=True)
    await connection.execute(_MASK, shop, *columns)


async def old_files(connection: BatchConnection, shop: UUID, until: datetime) -> list[OldFile]:
    return [OldFile(*row) for row in await connection.fetch(_FILES, shop, until, CHUNK)]


async def count_files(connection: BatchConnection, shop: UUID, until: datetime) -> tuple[int, int]:
    """How many, and how many bytes."""
    found = await connection.fetchrow(_COUNT_FILES, shop, until)
    return (found[0], found[1]) if found else (0, 0)


async def let_go(connection: BatchConnection, shop: UUID, files: Sequence[OldFile]) -> None:
    await connection.execute(_LET_GO, shop, [one.id for one in files])


async def drop_links(connection: BatchConnection, shop: UUID, until: datetime) -> int:
    done = await connection.execute(_LINKS, shop, until)
    return int(done.rpartition(" ")[2])


async def settle_notes(connection: BatchConnection, shop: UUID, until: datetime) -> None:
    """What was done to a note before is not taken back any more."""
    await connection.execute(_NOTES, shop, until)
