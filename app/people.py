"""`user`: who may enter a shop's pages. A password is never an argument of a command."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NoReturn

import typer
from rich.markup import escape
from rich.table import Table

from app.console import FAILED, USAGE, asking, emit, refuse, result, somebody
from app.desk import known_shop, opened
from config.settings import Settings
from services.passwords import Passwords
from store import people as rows
from store.audit import Actor
from store.people import Person
from text.passwords import weakness
from web.members import Given
from web.membership import LINK_STANDS, Invited, Membership

SAID = {
    "known": ("somebody has this e-mail already", "main.py user list"),
    "last": ("nobody else is in charge of the shop", "main.py user add EMAIL --role owner"),
    "nobody": ("there is nobody with this e-mail who may enter", "main.py user list"),
    "short": ("the password has less than 12 characters", "choose a longer one"),
    "long": ("the password has more than 200 characters", "choose a shorter one"),
    "easy": (
        "the password is easy to guess: often used, or the shop's name",
        "choose four words of your own",
    ),
    "email": ("that is no e-mail", "type it like ana@tienda.cl"),
    "name": ("the name is empty or longer than 80 letters", "give --name"),
    "above": ("there is no such role", "choose admin, owner, seller or viewer"),
}


def secret(file: str, *, prompt: bool) -> str | None:
    """None where a link is wanted."""
    if file:
        try:
            lines = Path(file).read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            refuse(f"{file} cannot be read", str(error), "name a text file", code=USAGE)
        return lines[0].strip() if lines else ""
    if not prompt:
        return None
    with asking():
        given: str = typer.prompt("password", hide_input=True, confirmation_prompt=True, err=True)
    return given


@asynccontextmanager
async def _members(settings: Settings, shop: str) -> AsyncIterator[tuple[Membership, str]]:
    """With the shop's name."""
    async with opened(settings, shop) as desk:
        found = await known_shop(desk, shop)
        by = Actor(f"terminal:{somebody()}")
        async with desk.store.tenant(found.id) as session:
            yield Membership(session, found.id, by), found.name


async def add(
    settings: Settings, shop: str, given: Given, password: str | None, *, as_json: bool
) -> None:
    _unless(given.problem())
    async with _members(settings, shop) as (members, name):
        hashed = await _hashed(password, (name, given.email))
        made = await members.invite(given.email, given.name, given.role)
        if not isinstance(made, Invited):
            _refused(made)
        if hashed is not None:
            await members.choose(await _person(members, given.email), hashed)
    told = {"id": str(made.person), "email": rows.email_of(given.email), "role": given.role}
    _tell(told | _link(settings, made, password), as_json=as_json)


async def reset(
    settings: Settings, shop: str, email: str, password: str | None, *, as_json: bool
) -> None:
    async with _members(settings, shop) as (members, name):
        person = await _person(members, email)
        hashed = await _hashed(password, (name, email))
        made = await members.link(person.id)
        if not isinstance(made, Invited):
            _refused(made)
        if hashed is not None:
            await members.choose(person, hashed)
    told = {"id": str(person.id), "email": person.email}
    _tell(told | _link(settings, made, password), as_json=as_json)


async def allow(settings: Settings, shop: str, email: str, *, may: bool, as_json: bool) -> None:
    async with _members(settings, shop) as (members, _):
        person = await _person(members, email)
        done = await (members.enable(person.id) if may else members.disable(person.id))
        if done is not None:
            _refused(done)
    _tell({"id": str(person.id), "email": person.email, "may_enter": may}, as_json=as_json)


async def show(settings: Settings, shop: str, *, as_json: bool) -> None:
    async with _members(settings, shop) as (members, _):
        found = [_brief(one) for one in await rows.people(members.session, members.shop)]
    if as_json:
        emit(found)
        return
    if not found:
        result.print("Nobody yet. Add yourself with: main.py user add EMAIL --role owner")
        return
    table = Table("e-mail", "name", "role", "state", "id", box=None)
    for one in found:
        cells = [one[field] for field in ("email", "name", "role", "state")]
        table.add_row(*map(escape, cells), one["id"][:8])
    result.print(table)


def _brief(one: Person) -> dict[str, Any]:
    state = "shut out" if one.disabled_at else "in" if one.password_at else "invited"
    return {
        "id": str(one.id),
        "email": one.email,
        "name": one.name,
        "role": one.role,
        "state": state,
        "created_at": one.created_at.isoformat(),
    }


async def _person(members: Membership, email: str) -> Person:
    found = await rows.person_by_email(members.session, members.shop, email)
    if found is None:
        _refused("nobody")
    return found


async def _hashed(password: str | None, besides: tuple[str, ...]) -> str | None:
    if password is None:
        return None
    _unless(weakness(password, besides) or "")
    return await Passwords().hashed(password)


def _unless(problem: str) -> None:
    if problem:
        _refused(problem, USAGE)


def _refused(why: str, code: int = FAILED) -> NoReturn:
    what, hint = SAID[why]
    refuse(what, hint=hint, code=code)


def _link(settings: Settings, made: Invited, password: str | None) -> dict[str, Any]:
    """Where a password is chosen; a password that was given needs none."""
    if password is not None:
        return {}
    web = settings.web
    base = (web.public_url or f"http://{web.host}:{web.port}").rstrip("/")
    return {"link": f"{base}/invitacion/{made.token}", "days": LINK_STANDS.days}


def _tell(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        emit(told)
        return
    may = "may enter" if told.get("may_enter", True) else "is out"
    result.print(f"{told['email']} {may}", markup=False)
    if "link" in told:
        result.print(f"once, within {told['days']} days: {told['link']}", soft_wrap=True)
