"""A terminal of its own: commands of `channels`, and what they print."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from typer import Typer
from typer.testing import CliRunner

from app import commands
from config.settings import Settings
from tests.fixtures.bots import knobs

KEY = "a secret key of the tests that is long enough"
TOKEN = "42:AAF-loopback-token-of-the-tests-000000000"


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401  JSON
        assert self.out, self.err
        return json.loads(self.out)

    @property
    def said(self) -> str:
        """As a person reads it, however wide the terminal is."""
        return " ".join((self.out + self.err).split())


async def channels(env: dict[str, str], *words: str) -> Ended:
    """In this process: a new one would import aiogram each time."""
    return await typed(commands.channels, env, *words)


async def typed(cli: Typer, env: dict[str, str], *words: str) -> Ended:
    done = await asyncio.to_thread(CliRunner().invoke, cli, words, env=env)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return Ended(done.exit_code, done.stdout, done.stderr)


def settings_of(env: dict[str, str], prefix: str, **sections: dict[str, Any]) -> Settings:
    """What a command would read from that environment, with more."""
    places = {
        "app": {"var": env["APRENDIZ_APP__VAR"], "secret_key": KEY},
        "database": {"url": env["APRENDIZ_DATABASE_URL"]},
        "redis": {"url": env["APRENDIZ_REDIS_URL"]},
    }
    return knobs(prefix, "demo", **places, **sections)
