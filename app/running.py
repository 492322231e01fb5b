"""`run`: every configured channel, the pages and the jobs, until told to stop."""

import asyncio
import secrets
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import structlog
from pydantic import SecretStr

from app.accounts import Accounts, vault
from app.backing import Backing, backing
from app.console import CONFIG, refuse, said_once, talk
from app.noticing import unserved
from app.outreach import outreach_of
from app.parts import Parts, build
from app.pipeline import Pipeline, broken, pipeline
from app.plugins import App, ChannelFactory, load
from app.posting import posting_of
from app.reporting import reports_of
from app.rolling import rolling_of
from app.simulation import settled
from app.watching import watching_of
from app.weekly import weekly_of
from bot.channels.console import ConsoleChannel
from bot.channels.memory import MemoryChannel
from bot.channels.web import WebChannel
from bot.registry import Registry
from config.settings import Settings
from services.telemetry import outlet

log = structlog.get_logger()
WEB, CONSOLE, PAST = "web:main", "console:main", "demo:main"


@dataclass(frozen=True, slots=True)
class Wanted:
    web: bool = True
    jobs: bool = True
    console: bool = False


@dataclass(slots=True)
class Running:
    """A bot on its way: `ready` is told once it answers, with its pages' address and their key;
    `demo` are accounts that anybody may take."""

    settings: Settings
    wanted: Wanted
    ready: Callable[[str | None, str], None]
    demo: Mapping[str, str] = field(default_factory=dict)
    channels: Registry = field(default_factory=Registry)
    refused: set[str] = field(default_factory=set)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    attending: bool = False

    async def until_stopped(self) -> int:
        """The exit code."""
        life = asyncio.create_task(self._live())
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._told_to_stop, life)
        try:
            return await life
        except asyncio.CancelledError:
            if self.stop.is_set():
                return 0
            raise

    def _told_to_stop(self, life: asyncio.Task[int]) -> None:
        """A start that waits for a server is given up; a bot that runs is drained."""
        self.stop.set()
        if not self.attending:
            life.cancel()

    async def _live(self) -> int:
        if self.wanted.web:
            import_module("app.pages")  # seconds, in which no transaction of a pipeline survives
        extension, observe = load(self.settings.app.plugins), self.settings.observe
        factories = channel_factories(self.settings, self.wanted, extension)
        if self.demo:
            factories[PAST] = lambda at: MemoryChannel(at.shop, at.account)
        async with (
            backing(self.settings, said_once()) as here,
            build(self.settings, here, extension, factories) as parts,
            self._accounts(parts) as accounts,
            outlet(observe.otlp_url, observe.trace_buffer) as spans,
            pipeline(parts, here.redis_url, extension, self._refuse, spans) as running,
        ):
            await self._attend(running, (here, extension), accounts)
        return CONFIG if self.refused and self.refused >= self._serving() else 0

    @asynccontextmanager
    async def _accounts(self, parts: Parts) -> AsyncIterator[Accounts]:
        """Without pages a bot that has no channel has nothing to do."""
        self.channels = parts.channels
        accounts = Accounts(parts, vault(self.settings), self.refused.discard)
        await accounts.load()
        if not self._serving():
            why = "none of its accounts can be used" if accounts.refused else "none was added"
            refuse("there is no channel to run", why, "main.py channels add telegram")
        for account in unserved(self.settings, self.channels):
            log.error("staff.unreachable", account=account, hint="main.py doctor")
        try:
            yield accounts
        finally:
            await accounts.close()

    def _serving(self) -> set[str]:
        return set(self.channels) - (set() if self.wanted.web else {WEB})

    async def _attend(self, running: Pipeline, at: tuple[Backing, App], accounts: Accounts) -> None:
        """Until one of these ends: told to stop, nothing left to do, or a bug of ours."""
        parts, self.attending = running.parts, True
        work: list[Coroutine[Any, Any, object]] = [self.stop.wait(), broken(running.consumer)]
        work += [accounts.follow(running.receiver), outreach_of(parts).attend()]
        work.append(rolling_of(parts).attend())
        if self.settings.observe.alerts:
            work.append(watching_of(parts).attend())
        if (posting := posting_of(parts)) is not None:
            work.append(posting.attend())
        if (reports := reports_of(parts)) is not None:
            work.append(reports.attend())
        if (weeks := weekly_of(parts)) is not None:
            work.append(weeks.attend())
        if self.wanted.web:
            work.append(self._pages(running, at))
        else:
            self.ready(None, "")
        if self.wanted.jobs:
            work.append(_jobs(parts, at[0]))
        if self._serving() == {CONSOLE}:
            work.append(_end_of_input(parts))
        tasks = [asyncio.create_task(one) for one in work]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            log.info("bot.stopping")
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _pages(self, running: Pipeline, at: tuple[Backing, App]) -> None:
        from app.observing import observed_of  # noqa: PLC0415  nor what they show of the system
        from app.pages import serve_pages  # noqa: PLC0415  a bot without pages needs no FastAPI

        key = self.settings.web.key or SecretStr(secrets.token_urlsafe(16))
        await serve_pages(
            running,
            key,
            lambda url: self.ready(url, key.get_secret_value()),
            observed_of(running, *at),
            self.demo,
        )

    def _refuse(self, account: str, reason: str) -> None:
        """One clear line; the others go on, and the bot ends when there are none."""
        self.refused.add(account)
        log.error("channel.refused", account=account, reason=reason)
        if self.refused >= self._serving():
            self.stop.set()


async def _end_of_input(parts: Parts) -> None:
    """A piped conversation ends when its last line is answered."""
    console = parts.channels[CONSOLE]
    if isinstance(console, ConsoleChannel):
        await console.ended.wait()
        await settled(parts.stream)


def channel_factories(
    settings: Settings, wanted: Wanted, extension: App
) -> dict[str, ChannelFactory]:
    """Every channel of this process that is no account on a network, by its account's key.

    The web chat is always one of them: a reply to it may fall to a process without pages.
    """
    found: dict[str, ChannelFactory] = {
        WEB: lambda at: WebChannel(at.wire, at.shop, at.account, settings.redis.prefix)
    }
    if wanted.console:
        found[CONSOLE] = lambda at: ConsoleChannel(at.shop, at.account)
    found |= {f"{name}:main": factory for name, factory in extension.channels.items()}
    return found


async def _jobs(parts: Parts, here: Backing) -> None:
    from app.jobs import attend  # noqa: PLC0415  a bot without jobs needs no RQ

    await attend(parts, here)


async def run(settings: Settings, wanted: Wanted) -> int:
    def ready(url: str | None, key: str) -> None:
        if url is None:
            talk.print("running; Ctrl+C stops")
        else:
            talk.print(f"running: chat {url}/chat · shop {url}/entrar?clave={key}", soft_wrap=True)

    return await Running(settings, wanted, ready).until_stopped()
