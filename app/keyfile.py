"""The key to the secrets of accounts, as `doctor` finds it: there, whole, and its owner's alone."""

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from app.accounts import vault
from app.parts import Parts
from services.vault import LEAST_KEY, Vault, former
from store.accounts import stored_accounts
from web.observed import Finding

NAME = "secret key"
ANEW = "put it back from its copy, or give the tokens anew: main.py channels add"


async def secret_key(parts: Parts) -> Finding:
    async with parts.store.reading() as session:
        rows = await stored_accounts(session, parts.shop)
    sealed = [row.secrets for row in rows if row.secrets]
    return looked_at(vault(parts.settings), sealed, os.geteuid())


def looked_at(keys: Vault, sealed: Sequence[bytes], user: int) -> Finding:
    """A file that is there opens secrets beside the configured keys, so it is looked at always."""
    kept, short = keys.file.exists(), [len(key) for key in keys.keys if len(key) < LEAST_KEY]
    if short:
        detail = f"the secret key has {short[0]} characters, it needs {LEAST_KEY}"
        return Finding(NAME, "error", detail, "give it 32 characters or more")
    if not kept and not keys.keys and sealed:
        detail = f"{keys.file} is not there; accounts stored: {len(sealed)}"
        return Finding(NAME, "error", detail, ANEW)
    if kept and (wrong := _flaw(keys.file, user)):
        return wrong
    if old := sum(map(former, sealed)):
        detail = f"accounts sealed as releases before this one did: {old}"
        return Finding(NAME, "warning", detail, "main.py channels rekey")
    if keys.keys:
        return Finding(NAME, "ok", "of the configuration")
    alone, none = "which its owner alone can read", "none needed before an account is added"
    return Finding(NAME, "ok", f"{keys.file}, {alone}" if kept else none)


def _flaw(file: Path, user: int) -> Finding | None:
    found = file.stat()
    if found.st_uid != user:
        fix = f"chown {user} {file}"
        return Finding(NAME, "error", f"{file} belongs to another user", fix)
    mode = stat.S_IMODE(found.st_mode)
    if mode & 0o177 or not mode & 0o400:
        fix = f"chmod 600 {file}"
        return Finding(NAME, "error", f"{file} has mode {mode:o}, it needs 600", fix)
    try:
        length = len(file.read_text().strip())
    except UnicodeDecodeError:
        return Finding(NAME, "error", f"{file} holds no text", ANEW)
    if length < LEAST_KEY:
        detail = f"{file} holds {length} characters, it needs {LEAST_KEY}"
        return Finding(NAME, "error", detail, ANEW)
    return None
