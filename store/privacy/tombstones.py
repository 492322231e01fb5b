"""What is left of who was erased: digests by which late or imported old data are turned away."""

import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from store.privacy.persons import Person
from store.session import BatchConnection

_MAKE: Final = """
INSERT INTO app.privacy_pepper (shop_id, pepper) VALUES ($1, $2) ON CONFLICT DO NOTHING
"""
_PEPPERS: Final = "SELECT shop_id, pepper FROM app.privacy_pepper WHERE shop_id = ANY($1::uuid[])"
_SET: Final = """
INSERT INTO app.erased AS old (shop_id, digest, at)
SELECT $1, digest, $3 FROM unnest($2::bytea[]) AS one(digest)
ON CONFLICT (shop_id, digest) DO UPDATE SET at = greatest(old.at, excluded.at)
"""
_FIND: Final = """
SELECT e.shop_id, e.digest, e.at FROM app.erased e
JOIN unnest($1::uuid[], $2::bytea[]) AS asked(shop_id, digest)
  ON asked.shop_id = e.shop_id AND asked.digest = e.digest
"""


def digest(pepper: bytes, *name: str) -> bytes:
    return hmac.digest(pepper, "\x1f".join(name).encode("utf-8", "replace"), sha256)


def digests(pepper: bytes, who: Person) -> list[bytes]:
    """One for each name under which they could come back."""
    ids = (*who.ids, *who.conversations)
    names = [(name.channel, name.external_id) for name in who.names]
    return [digest(pepper, str(one)) for one in ids] + [digest(pepper, *name) for name in names]


async def pepper(connection: BatchConnection, shop: UUID) -> bytes:
    """The shop's own; made the first time."""
    await connection.execute(_MAKE, shop, secrets.token_bytes(32))
    return (await peppers(connection, [shop]))[shop]


async def peppers(connection: BatchConnection, shops: Iterable[UUID]) -> Mapping[UUID, bytes]:
    """Of the shops in which somebody was ever erased, or asked for a link."""
    found = await connection.fetch(_PEPPERS, list(shops))
    return {row["shop_id"]: row["pepper"] for row in found}


async def bury(connection: BatchConnection, who: Person, at: datetime) -> int:
    """Until `at` nothing of theirs is kept; a later moment replaces an earlier one."""
    found = digests(await pepper(connection, who.shop), who)
    await connection.execute(_SET, who.shop, found, at)
    return len(found)


async def buried(
    connection: BatchConnection, asked: Sequence[tuple[UUID, bytes]]
) -> Mapping[tuple[UUID, bytes], datetime]:
    if not asked:
        return {}
    shops, wanted = zip(*asked, strict=True)
    found = await connection.fetch(_FIND, shops, wanted)
    return {(row["shop_id"], row["digest"]): row["at"] for row in found}
