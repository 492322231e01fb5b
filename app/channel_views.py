"""`channels list` and `channels pair`: how the accounts are, now."""

import asyncio
from datetime import datetime
from typing import Any

from rich.markup import escape
from rich.table import Table

from app.console import FAILED, emit, refuse, result, talk
from app.desk import Desk, opened
from app.examination import Standing, ago
from app.networks import AccountRefused, configured
from bot.states import Told
from config.settings import Settings
from services.vault import VaultError
from store.accounts import ChannelAccount, renew_account

LOOK_S = 0.5


async def show(settings: Settings, *, as_json: bool) -> None:
    async with opened(settings) as desk:
        found = await _listed(desk)
    if as_json:
        emit(found)
        return
    if not found:
        result.print("No accounts yet: only the web chat answers. Add one:")
        for network in ("telegram", "whatsapp_cloud", "whatsapp"):
            result.print(f"  main.py channels add {network} --name tienda")
        return
    table = Table("account", "from", "state", "since")
    table.add_column("detail", overflow="fold")
    for one in found:
        since = ago(datetime.fromisoformat(one["since"])) if one["since"] else ""
        told = (one["account"], one["source"], one["state"], since, one["detail"])
        table.add_row(*(escape(str(cell)) for cell in told))
    result.print(table)


async def _listed(desk: Desk) -> list[dict[str, Any]]:
    named = configured(desk.settings)
    rows = {row.account: row for row in await desk.rows()}
    listed = []
    for account in sorted({*named, *rows}):
        here = await desk.standing(account)
        row = rows.get(account)
        one = {
            "account": account,
            "network": account.partition(":")[0],
            "source": "settings" if account in named else "stored",
            "enabled": account in named or (row is not None and row.enabled),
            **_state(here),
            "process": here.process,
            "options": row.options if row is not None and account not in named else {},
        }
        if one["source"] == "stored" and row is not None and (wrong := _unreadable(desk, row)):
            one |= {"state": "refused", "since": None, "detail": wrong}
        listed.append(one)
    return listed


def _state(here: Standing) -> dict[str, Any]:
    told = here.told if here.told is not None and here.told.state == here.state else None
    if told is None:
        return {"state": here.state, "since": None, "detail": ""}
    since = told.moment.isoformat(timespec="seconds")
    return {"state": here.state, "since": since, "detail": told.detail}


def _unreadable(desk: Desk, row: ChannelAccount) -> str:
    try:
        desk.read(row)
    except (AccountRefused, VaultError) as error:
        return str(error)
    return ""


async def pair(settings: Settings, account: str) -> None:
    """Shows what the phone has to scan, whenever it changes, until the account is ready."""
    if account.partition(":")[0] != "whatsapp":
        hint = "main.py channels list shows every account"
        refuse(f"{account} is not paired by a phone", hint=hint, code=FAILED)
    async with opened(settings) as desk:
        await desk.section(account)
        await _revive(desk, account)
        shown: tuple[str, str, str] | None = None
        while True:
            here = await desk.standing(account)
            if here.served and here.state == "ready":
                result.print(f"{account} is paired", markup=False)
                return
            told = here.told or Told("stopped", 0)
            now = (here.state, told.qr, told.code)
            if now != shown:
                _show(account, here)
                shown = now
            await asyncio.sleep(LOOK_S)


async def _revive(desk: Desk, account: str) -> None:
    """One that was logged out is left alone until a person wants it back."""
    if (await desk.standing(account)).state != "refused":
        return
    async with desk.store.transaction() as session:
        renewed = await renew_account(session, desk.shop, account)
    if not renewed:
        refuse(f"{account} is stopped", "the settings name it", "start the bot again", code=FAILED)


def _show(account: str, here: Standing) -> None:
    told = here.told
    if not here.served:
        talk.print(f"waiting for a bot that serves {account}: main.py run", markup=False)
    elif told is not None and told.code:
        result.print(f"On the phone: Linked devices, Link with phone number: {told.code}")
    elif told is not None and told.qr:
        result.print(_drawn(told.qr), markup=False, soft_wrap=True)
        talk.print("On the phone: Linked devices, Link a device. Ctrl+C ends this, not the bot.")
    else:
        detail = told.detail if told is not None else ""
        talk.print(f"{account} is {here.state} {detail}".rstrip(), markup=False)


def _drawn(qr: str) -> str:
    from bot.channels.whatsapp.qr import shown  # noqa: PLC0415  only who uses it pays

    return shown(qr)
