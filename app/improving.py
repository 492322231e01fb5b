"""`improve` and `corrections`: a better answer is proposed, looked at, and decided by a person."""

from typing import Any
from uuid import UUID

from rich.markup import escape
from rich.table import Table

from app.console import USAGE, emit, refuse, result, somebody, talk
from app.desk import Desk, known_shop, opened, pack_of
from app.hosted import hosted
from config.settings import Settings
from knowledge.prompt import own_recognisers
from learning import correcting
from learning.correcting import Editor, Proposed
from learning.grading import given, known
from learning.grounds import Library
from learning.proposing import better
from llm.base import Payer
from services.clock import now
from store.app import Shop
from text.differences import marked

NEEDS_ONE = "the offline model answers by rules and has no better words"
STYLES = {"same": "", "removed": "red strike", "added": "green"}
SAID = 20


async def improve(
    settings: Settings, key: str, reply: str, wanted: Proposed, *, ai: bool, as_json: bool
) -> None:
    which = uuid_of(reply)
    if ai == bool(wanted.text):
        refuse("nothing was proposed", hint='--text "the better answer", or --ai', code=USAGE)
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        editor = _editor(desk, shop)
        proposed = await _asked(desk, editor, which) if ai else wanted
        one = await editor.propose(which, proposed)
    _tell(one, as_json=as_json)


async def accept(settings: Settings, key: str, which: str, *, sure: bool, as_json: bool) -> None:
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        named = await correcting.named(desk.store, shop.id, which)
        one = await _editor(desk, shop).accept(named, sure=sure)
    _tell(one, as_json=as_json)


async def decline(settings: Settings, key: str, which: str, why: str, *, as_json: bool) -> None:
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        named = await correcting.named(desk.store, shop.id, which)
        one = await _editor(desk, shop).refuse(named, why)
    _tell(one, as_json=as_json)


async def show(settings: Settings, key: str, state: str, limit: int, *, as_json: bool) -> None:
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        wanted = None if state == "all" else state
        found = await correcting.waiting(desk.store, shop.id, state=wanted, limit=limit)
    if as_json:
        emit(found)
        return
    if not found:
        result.print('Nothing waits. Propose: main.py improve REPLY --text "a better answer"')
        return
    table = Table("id", "question", "change", "by", "checks", "state", box=None)
    for one in found:
        cells = (one["question"], _marked(one), one["proposed_by"], _wrong(one), one["state"])
        table.add_row(str(one["id"])[:8], *map(escape, cells))
    result.print(table)


def uuid_of(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        hint = "main.py ratings pending lists answers with their ids"
        refuse(f"{written!r} is no id of an answer", hint=hint, code=USAGE)


def _editor(desk: Desk, shop: Shop) -> Editor:
    pack = pack_of(desk, shop)
    library = Library(desk.store, pack, desk.settings.knowledge.links)
    return Editor(desk.store, library, shop.id, somebody(), now(), own_recognisers(pack))


async def _asked(desk: Desk, editor: Editor, reply: UUID) -> Proposed:
    async with desk.store.lookup() as connection:
        row = await known(connection, editor.shop, reply)
    tags = await editor.library.tags(editor.shop, reply)
    grounds = await editor.library.grounds(editor.shop, row, row["bot_response"], tags)
    said = await given(desk.store, editor.shop, reply, SAID)
    comments = [one["comment"] for one in said if one["comment"]]
    payer = Payer(str(editor.shop), "corrections")
    async with hosted(desk, NEEDS_ONE) as chain:
        return await better(chain, row, comments, grounds, payer=payer)


def _tell(one: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        emit(one)
        return
    parts = ((escape(part["text"]), STYLES[part["change"]]) for part in one["diff"])
    drawn = "".join(f"[{style}]{text}[/]" if style else text for text, style in parts)
    result.print(drawn if result.is_terminal else escape(_marked(one)), soft_wrap=True)
    for check in one["checks"]:
        sign = "ok" if check["ok"] else "no"
        result.print(f"  {sign}  {check['name']} {check['why']}".rstrip(), markup=False)
    result.print(f"{one['state']}: {str(one['id'])[:8]} by {one['proposed_by']}", markup=False)
    if one["state"] == "proposed":
        which = str(one["id"])[:8]
        talk.print(f"  next: main.py corrections accept {which}, or refuse", markup=False)


def _marked(one: dict[str, Any]) -> str:
    return marked([(part["change"], part["text"]) for part in one["diff"]])


def _wrong(one: dict[str, Any]) -> str:
    return ", ".join(check["name"] for check in one["checks"] if not check["ok"]) or "ok"
