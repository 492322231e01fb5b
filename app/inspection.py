"""`dead` and `groups`: what no delivery could handle, and who reads the stream."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict

from rich.markup import escape
from rich.table import Table

from app.backing import backing
from app.console import FAILED, emit, refuse, result, said_once, say
from config.settings import Settings
from events import dead, groups
from events.dead import Letter
from events.partitions import Keys
from events.stream import Stream
from services.wire import Wire, connect


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Stream]:
    async with backing(settings, said_once()) as here:
        wire = Wire(connect(here.redis_url))
        try:
            yield Stream(wire, Keys(settings.redis.prefix, settings.events.partitions))
        finally:
            await wire.close()


async def list_dead(settings: Settings, *, as_json: bool) -> None:
    async with opened(settings) as stream:
        letters = [letter async for letter in dead.letters(stream)]
    if as_json:
        emit([_brief(letter) for letter in letters])
        return
    if not letters:
        result.print("No dead letters: every event was handled.")
        return
    table = Table("id", "group", "kind", "attempts", "error")
    for one in letters:
        table.add_row(one.id, one.group, one.kind, str(one.attempts), escape(one.error[:80]))
    result.print(table)
    result.print("Next: main.py dead show ID · main.py dead replay ID · main.py dead drop ID")


async def show_dead(settings: Settings, name: str, *, as_json: bool) -> None:
    async with opened(settings) as stream:
        letter = await _find(stream, name)
    if as_json:
        emit(asdict(letter))
        return
    result.print(f"[bold]{letter.kind}[/] parked by {letter.group} after {letter.attempts} tries")
    result.print(escape(letter.error))
    for field, value in letter.fields.items():
        result.print(f"  {field}: {escape(value)}")


async def replay_dead(settings: Settings, names: list[str], *, as_json: bool) -> None:
    async with opened(settings) as stream:
        letters = await _chosen(stream, names)
        for letter in letters:
            await dead.replay(stream, letter)
    lines = [f"{one.id} is back on its stream, for {one.group} alone" for one in letters]
    _done(letters, lines, as_json=as_json)


async def drop_dead(settings: Settings, names: list[str], *, as_json: bool) -> None:
    async with opened(settings) as stream:
        letters = await _chosen(stream, names)
        for letter in letters:
            await dead.drop(stream, letter)
    _done(letters, [f"{one.id} is gone" for one in letters], as_json=as_json)


def _done(letters: Sequence[Letter], lines: Sequence[str], *, as_json: bool) -> None:
    said = "\n".join(lines) or "no dead letter is there"
    say(said, [{"id": one.id, "group": one.group} for one in letters], as_json=as_json)


async def list_groups(settings: Settings, *, as_json: bool) -> None:
    async with opened(settings) as stream:
        found = await groups.states(stream)
    if as_json:
        emit([asdict(one) for one in found])
        return
    table = Table("group", "being handled", "partitions behind")
    for one in found:
        table.add_row(one.name, str(one.pending), str(one.behind))
    result.print(table)


async def drop_group(settings: Settings, name: str, *, as_json: bool) -> None:
    async with opened(settings) as stream:
        if not await groups.drop(stream, name):
            refuse(f"there is no group {name!r}", hint="main.py groups list", code=FAILED)
    said = f"{name} is forgotten; what it had not handled is handled by nobody"
    say(said, {"group": name, "dropped": True}, as_json=as_json)


async def _chosen(stream: Stream, names: list[str]) -> list[Letter]:
    if names == ["all"]:
        return [letter async for letter in dead.letters(stream)]
    return [await _find(stream, name) for name in names]


async def _find(stream: Stream, name: str) -> Letter:
    async for letter in dead.letters(stream):
        if letter.id == name:
            return letter
    return refuse(f"there is no dead letter {name!r}", hint="main.py dead list", code=FAILED)


def _brief(letter: Letter) -> dict[str, object]:
    return {
        "id": letter.id,
        "group": letter.group,
        "kind": letter.kind,
        "attempts": letter.attempts,
        "error": letter.error,
    }
