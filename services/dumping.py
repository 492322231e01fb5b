"""Postgres' own programs that write a whole database to a file, and read it back."""

import asyncio
import os
from pathlib import Path
from shutil import which
from typing import Final
from urllib.parse import unquote, urlsplit

from services.binaries import INSTALL, package_folder
from services.errors import BinaryMissing, ServerFailed

HURRIED: Final = {"PGOPTIONS": "-c lock_timeout=10s"}
"""A bot that runs holds what a restore has to replace."""


async def dump(url: str, file: Path, *, without: str) -> None:
    """All but the schema `without`. Raises ServicesError. The file is there already, for its owner
    alone."""
    flags = ("--format=custom", f"--exclude-schema={without}")
    await _run("pg_dump", url, *flags, f"--file={file}")


async def load(url: str, file: Path) -> None:
    """All of it or nothing: what the database held is gone. Raises ServicesError."""
    flags = ("--clean", "--if-exists", "--single-transaction", "--exit-on-error")
    await _run("pg_restore", url, *flags, str(file))


async def _run(program: str, url: str, *words: str) -> None:
    bare, secret = apart(url)
    child = await asyncio.create_subprocess_exec(
        _found(program),
        f"--dbname={bare}",
        "--no-password",
        *words,
        env=os.environ | HURRIED | secret,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await child.communicate()
    if child.returncode:
        lines = said.decode("utf-8", "replace").strip().splitlines() or ["it said nothing"]
        raise ServerFailed(f"{program} could not do it", lines[0], "main.py doctor")


def apart(url: str) -> tuple[str, dict[str, str]]:
    """The address without its password, which others could read in a list of programs."""
    parts = urlsplit(url)
    if parts.password is None:
        return url, {}
    who, _, where = parts.netloc.rpartition("@")
    bare = parts._replace(netloc=f"{who.partition(':')[0]}@{where}")
    return bare.geturl(), {"PGPASSWORD": unquote(parts.password)}


def _found(program: str) -> str:
    """Those that came with the bot are the newest, and read older servers too."""
    try:
        return str(package_folder() / INSTALL / "bin" / program)
    except BinaryMissing:
        if (found := which(program)) is not None:
            return found
        raise
