"""Keys of programs, `bk_live_<id>_<secret>`: made, shown once, recognised by their hash."""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from services.clock import Clock, now
from store import api_keys as rows
from store.api_keys import ApiKey, NewKey
from store.audit import Actor, record
from store.session import WriteSession
from web.tokens import digest_of

MARK: Final = "bk_live_"


@dataclass(frozen=True, slots=True)
class Wanted:
    name: str
    scopes: Sequence[str]
    expires_at: datetime | None = None


async def make_key(
    session: WriteSession, shop: UUID, by: Actor, wanted: Wanted, clock: Clock = now
) -> tuple[UUID, str]:
    """Its id and the key itself, which nothing of ours can ever show again."""
    one, secret = uuid4(), secrets.token_urlsafe(32)
    row = NewKey(
        shop_id=shop,
        id=one,
        digest=digest_of(secret),
        name=wanted.name,
        scopes=list(wanted.scopes),
        made_by=by.who,
        expires_at=wanted.expires_at,
        created_at=clock(),
    )
    await rows.add_key(session, row)
    told = {"name": wanted.name, "scopes": list(wanted.scopes), "expires_at": wanted.expires_at}
    await record(session, shop, by, "key.created", f"key:{one}", after=told, clock=clock)
    return one, f"{MARK}{one.hex}_{secret}"


async def revoke(
    session: WriteSession, shop: UUID, by: Actor, key: UUID, clock: Clock = now
) -> bool:
    """False when there is nothing to revoke."""
    if not await rows.revoke_key(session, shop, key, clock()):
        return False
    await record(session, shop, by, "key.revoked", f"key:{key}", clock=clock)
    return True


async def recognised(
    session: WriteSession, shop: UUID, offered: str, clock: Clock = now
) -> ApiKey | None:
    """None for one that is not of this shop, wrong, over or revoked."""
    parts = _parts(offered)
    if parts is None:
        return None
    found, at = await rows.key_by_id(session, shop, parts[0]), clock()
    if found is None or not hmac.compare_digest(found.digest, digest_of(parts[1])):
        return None
    if not found.stands(at):
        return None
    if found.last_used_at is None or found.last_used_at < at - rows.USED:
        await rows.used(session, shop, found.id, at)
    return found


def _parts(offered: str) -> tuple[UUID, str] | None:
    one, _, secret = offered.removeprefix(MARK).partition("_")
    if not offered.startswith(MARK) or not secret:
        return None
    try:
        return UUID(hex=one), secret
    except ValueError:
        return None
