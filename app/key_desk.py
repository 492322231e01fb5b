"""`key`: by what programs call the API. A key is printed once, and kept by nobody of ours."""

from datetime import timedelta
from typing import Any

from rich.markup import escape
from rich.table import Table

from app.console import FAILED, USAGE, emit, refuse, result, somebody, talk
from app.desk import known_shop, opened
from app.guessing import unknown
from config.settings import Settings
from services.clock import now
from store.api_keys import ApiKey, keys_of
from store.audit import Actor
from web.keys import Wanted, make_key, revoke
from web.members import LONGEST_NAME
from web.permissions import SCOPES, is_scope


async def new(
    settings: Settings, shop: str, name: str, wanted: tuple[list[str], int], *, as_json: bool
) -> None:
    scopes, days = wanted
    if strange := [scope for scope in scopes if not is_scope(scope)]:
        unknown("scope", strange[0], SCOPES)
    if not name.strip() or len(name) > LONGEST_NAME:
        refuse("a key needs a name of up to 80 letters", hint="say what it is for", code=USAGE)
    until = now() + timedelta(days=days) if days else None
    async with opened(settings, shop) as desk:
        found = await known_shop(desk, shop)
        by = Actor(f"terminal:{somebody()}")
        async with desk.store.tenant(found.id) as session:
            one, key = await make_key(session, found.id, by, Wanted(name.strip(), scopes, until))
    if as_json:
        emit({"id": str(one), "key": key, "scopes": scopes, "expires_at": until})
        return
    talk.print("this is shown once; keep it where secrets are kept:")
    result.print(key, markup=False, soft_wrap=True)


async def show(settings: Settings, shop: str, *, as_json: bool) -> None:
    async with opened(settings, shop) as desk:
        found = await known_shop(desk, shop)
        async with desk.store.tenant(found.id) as session:
            listed = [_brief(one) for one in await keys_of(session, found.id)]
    if as_json:
        emit(listed)
        return
    if not listed:
        result.print('No keys. Make one with: main.py key new "my web site" --scope serving')
        return
    table = Table("id", "name", "scopes", "state", "last used", box=None)
    for one in listed:
        used = str(one["last_used_at"] or "never")[:16]
        scopes = ", ".join(one["scopes"])
        table.add_row(one["id"][:8], escape(one["name"]), scopes, one["state"], used)
    result.print(table)


async def take_back(settings: Settings, shop: str, which: str, *, as_json: bool) -> None:
    async with opened(settings, shop) as desk:
        found = await known_shop(desk, shop)
        by = Actor(f"terminal:{somebody()}")
        async with desk.store.tenant(found.id) as session:
            mine = [one for one in await keys_of(session, found.id) if _is(one, which)]
            if len(mine) != 1:
                what = f"{len(mine)} keys begin with {which!r}"
                refuse(what, hint="main.py key list", code=FAILED)
            await revoke(session, found.id, by, mine[0].id)
    if as_json:
        emit({"id": str(mine[0].id), "revoked": True})
        return
    result.print(f"{mine[0].name} can no longer enter", markup=False)


def _is(one: ApiKey, which: str) -> bool:
    return one.revoked_at is None and one.id.hex.startswith(which.replace("-", "").lower())


def _brief(one: ApiKey) -> dict[str, Any]:
    state = "revoked" if one.revoked_at else "stands" if one.stands(now()) else "over"
    return {
        "id": str(one.id),
        "name": one.name,
        "scopes": one.scopes,
        "state": state,
        "made_by": one.made_by,
        "created_at": one.created_at,
        "expires_at": one.expires_at,
        "last_used_at": one.last_used_at,
    }
