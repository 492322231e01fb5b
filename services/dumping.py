"""Postgres' own programs that write a whole database to a file, and read it back."""

import asyncio
import os
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from shutil import which
from typing import Final
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from services.binaries import INSTALL, package_folder
from services.errors import BinaryMissing, ServerFailed

HURRY: Final = "SET LOCAL lock_timeout = '10s'; SET LOCAL client_min_messages = warning;"
"""A bot that runs holds what a restore has to replace."""


async def dump(url: str, file: Path, schemas: Sequence[str]) -> None:
    """Raises ServicesError. The file is there already, for its owner alone."""
    bare, secret = apart(url)
    flags = ("--no-password", "--format=custom", *(f"--schema={one}" for one in schemas))
    child = await _begun("pg_dump", f"--dbname={bare}", *flags, f"--file={file}", secret=secret)
    await _done(("pg_dump", child))


async def load(url: str, file: Path, schemas: Sequence[str]) -> None:
    """All of it or nothing. What the schemas held is gone, with whatever a newer release has put
    there, of which the file knows nothing. Raises ServicesError."""
    bare, secret = apart(url)
    flags = ("--no-password", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1")
    begin = f"BEGIN; {HURRY} DROP SCHEMA IF EXISTS {', '.join(schemas)} CASCADE;\n"
    reading, writing = os.pipe()
    try:
        try:
            psql = await _begun("psql", f"--dbname={bare}", *flags, secret=secret, stdin=reading)
        finally:
            os.close(reading)
        os.write(writing, begin.encode())
        script = await _begun("pg_restore", "--file=-", str(file), stdout=writing)
        _, why = await script.communicate()
        if script.returncode == 0:
            with suppress(BrokenPipeError):  # it says itself what it stumbled over
                await asyncio.to_thread(os.write, writing, b"COMMIT;\n")
    finally:
        os.close(writing)
    await _done(("psql", psql))
    if script.returncode:
        raise _failed("pg_restore", why)


async def table(file: Path, schema: str, name: str) -> list[str]:
    """The lines of one table of a file. Raises ServicesError."""
    flags = ("--data-only", f"--schema={schema}", f"--table={name}", "--file=-")
    child = await _begun("pg_restore", *flags, str(file), stdout=PIPE)
    lines = (await _done(("pg_restore", child))).decode("utf-8", "replace").splitlines()
    begin = next((at for at, line in enumerate(lines) if line.startswith("COPY ")), len(lines))
    rest = lines[begin + 1 :]
    return rest[: rest.index("\\.")] if "\\." in rest else []


async def _begun(
    program: str,
    *words: str,
    secret: dict[str, str] | None = None,
    stdin: int = DEVNULL,
    stdout: int = DEVNULL,
) -> Process:
    return await asyncio.create_subprocess_exec(
        _found(program), *words, env=os.environ | (secret or {}), stdin=stdin, stdout=stdout,
        stderr=PIPE,
    )  # fmt: skip


async def _done(of: tuple[str, Process]) -> bytes:
    program, child = of
    out, why = await child.communicate()
    if child.returncode:
        raise _failed(program, why)
    return out or b""


def _failed(program: str, why: bytes) -> ServerFailed:
    lines = why.decode("utf-8", "replace").strip().splitlines() or ["it said nothing"]
    return ServerFailed(f"{program} could not do it", lines[0], "main.py doctor")


def apart(url: str) -> tuple[str, dict[str, str]]:
    """The address without its password, which others could read in a list of programs."""
    parts = urlsplit(url.replace("postgresql+asyncpg://", "postgresql://", 1))
    asked = parse_qsl(parts.query)
    secret, netloc = dict(asked).get("password"), parts.netloc
    if parts.password is not None:
        who, _, where = netloc.rpartition("@")
        secret, netloc = unquote(parts.password), f"{who.partition(':')[0]}@{where}"
    if secret is None:
        return parts.geturl(), {}
    rest = urlencode([pair for pair in asked if pair[0] != "password"], safe="/")
    return parts._replace(netloc=netloc, query=rest).geturl(), {"PGPASSWORD": secret}


def _found(program: str) -> str:
    """Those that came with the bot are the newest, and read older servers too."""
    try:
        return str(package_folder() / INSTALL / "bin" / program)
    except BinaryMissing:
        if (found := which(program)) is not None:
            return found
        raise
