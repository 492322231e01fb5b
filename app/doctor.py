"""`doctor`: everything the bot needs, each with what to do when it is missing."""

import shutil
import sys
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any, Literal

from rich.markup import escape
from sqlalchemy import text

from app.accounts import opened, vault
from app.backing import Backing, backing
from app.backups import kept
from app.console import FAILED, emit, result, said_once
from app.examination import examine as examination
from app.examination import standing
from app.flow import stages
from app.keyfile import secret_key
from app.networks import AccountRefused, configured
from app.noticing import unserved
from app.parts import Parts, build
from app.plugins import App, Setting, load
from app.running import WEB
from config.settings import Settings
from events import dead, groups
from jobs.schedule import runs
from services.telemetry import HOW, missing
from services.vault import VaultError
from store.accounts import stored_accounts
from store.migrations import current, latest
from web.observed import Finding

LEAST_DISK = 500_000_000
TENTHS_BELOW = 10_000_000_000
LEAST_REDIS = (6, 2)
MARKS = {"ok": "[green]✔[/]", "warning": "[yellow]⚠[/]", "error": "[red]✖[/]"}


async def examine(settings: Settings, *, as_json: bool) -> int:
    extension = load(settings.app.plugins)
    found: list[Finding] = []
    async with (
        backing(settings, said_once()) as here,
        build(settings, here, extension, {}) as parts,
    ):
        found += [one async for one in findings(parts, here, extension)]
    if as_json:
        emit([asdict(one) for one in found])
    else:
        _tell(found)
    return FAILED if any(one.state == "error" for one in found) else 0


async def findings(parts: Parts, here: Backing, extension: App) -> AsyncIterator[Finding]:
    """Everything that is looked at, for this command and for the page of the system."""
    yield _python()
    yield _disk(parts.settings)
    yield await _redis(parts)
    yield await _migrations(here)
    yield await _role(parts)
    yield await _vector(parts)
    yield await _catalogue(parts)
    yield await _groups(parts, extension)
    yield await _letters(parts)
    yield await _jobs(parts)
    yield await kept(parts)
    yield await secret_key(parts)
    async for finding in _channels(parts):
        yield finding
    yield await _staff(parts, extension)
    yield _models(parts.settings)
    if url := parts.settings.observe.otlp_url:
        yield _telemetry(url)


def _python() -> Finding:
    here = ".".join(map(str, sys.version_info[:3]))
    fine = sys.version_info >= (3, 11)
    return Finding("python", "ok" if fine else "error", here, "" if fine else "install 3.11+")


def _disk(settings: Settings) -> Finding:
    place = settings.app.var if settings.app.var.exists() else settings.app.var.parent
    free = shutil.disk_usage(place).free
    detail = f"{gigabytes(free)} GB free for {settings.app.var}"
    if free < LEAST_DISK:
        return Finding("disk", "error", detail, "free some space: nothing is accepted unstored")
    return Finding("disk", "ok", detail)


def gigabytes(free: int) -> str:
    """A tenth matters only where little is left."""
    return f"{free / 1e9:.0f}" if free >= TENTHS_BELOW else f"{free / 1e9:.1f}"


async def _redis(parts: Parts) -> Finding:
    about: dict[str, Any] = await parts.wire.redis.info()
    version = str(about["redis_version"])
    policy, durable = about.get("maxmemory_policy"), bool(about.get("aof_enabled"))
    if tuple(map(int, version.split(".")[:2])) < LEAST_REDIS:
        return Finding("redis", "error", version, "upgrade to Redis 6.2 or Valkey")
    if policy != "noeviction":
        fix = "CONFIG SET maxmemory-policy noeviction: any other one loses messages"
        return Finding("redis", "error", f"{version}, {policy}", fix)
    if not durable:
        fix = "set appendonly yes: without it a restart loses messages"
        return Finding("redis", "warning", f"{version}, no append-only file", fix)
    return Finding("redis", "ok", f"{version}, append-only, noeviction")


async def _migrations(here: Backing) -> Finding:
    found, wanted = await current(here.database_url), latest()
    state: Literal["ok", "error"] = "ok" if found == wanted else "error"
    return Finding("migrations", state, f"at {found}, newest {wanted}", "main.py migrate")


async def _role(parts: Parts) -> Finding:
    if await parts.store.confined():
        return Finding("role", "ok", "row-level security binds the runtime role")
    fix = "run main.py migrate, then use a login that may SET ROLE aprendiz_pipeline"
    return Finding("role", "error", "the runtime role passes row-level security by", fix)


async def _vector(parts: Parts) -> Finding:
    query = text("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
    async with parts.store.reading() as session:
        version = await session.scalar(query)
    if version is None:
        return Finding("pgvector", "error", "not there", "install pgvector, then main.py migrate")
    return Finding("pgvector", "ok", str(version))


async def _catalogue(parts: Parts) -> Finding:
    index = await parts.catalogue.of(parts.shop)
    count = len(index.products)
    if not count:
        return Finding(
            "catalogue", "warning", "empty", "the bot can only say what it does not know"
        )
    return Finding("catalogue", "ok", f"{count} products of {parts.settings.app.shop}")


async def _groups(parts: Parts, extension: App) -> Finding:
    known = {stage.group for stage in stages(parts, extension.listeners)}
    found = await groups.states(parts.stream)
    strangers = sorted({one.name for one in found} - known)
    behind = sum(one.behind for one in found)
    if strangers:
        fix = f"main.py groups drop {strangers[0]}"
        return Finding("groups", "warning", f"nobody reads for {', '.join(strangers)}", fix)
    return Finding("groups", "ok", f"{len(found)} groups, {behind} partitions behind")


async def _letters(parts: Parts) -> Finding:
    count = len([one async for one in dead.letters(parts.stream)])
    if count:
        return Finding("dead letters", "warning", f"{count} wait", "main.py dead list")
    return Finding("dead letters", "ok", "none")


async def _jobs(parts: Parts) -> Finding:
    """A job that failed for good waits for a person."""
    failed = await runs(parts.store, state="failed")
    if not failed:
        return Finding("jobs", "ok", "none failed")
    newest = failed[0]
    what = f"{newest.name} {newest.period} of {newest.shop}: {newest.error}"
    fix = "mend the cause; docs/queries.md shows every run with its error"
    return Finding("jobs", "warning", f"{len(failed)} failed; {what}", fix)


async def _channels(parts: Parts) -> AsyncIterator[Finding]:
    """Accounts of the settings and stored ones, by what `channels test` finds."""
    keys, accounts = vault(parts.settings), configured(parts.settings)
    async with parts.store.reading() as session:
        rows = await stored_accounts(session, parts.shop)
    if not rows and not accounts:
        fix = "main.py channels add telegram"
        yield Finding("channels", "ok", f"none but the web chat ({fix})")
    for row in rows:
        try:
            accounts.setdefault(row.account, opened(row, keys, parts.settings))
        except (AccountRefused, VaultError) as error:
            fix = f"main.py channels add {row.network} --name {row.name}"
            yield Finding(row.account, "error", str(error), fix)
    for account, (_, section) in accounts.items():
        prefix = parts.settings.redis.prefix
        here = await standing(parts.wire, prefix, account)
        found = await examination(section, Setting(parts.shop, account, parts.wire, prefix), here)
        state: Literal["ok", "error"] = "ok" if found.fine else "error"
        yield Finding(account, state, found.line, f"main.py channels test {account}, when mended")


async def _staff(parts: Parts, extension: App) -> Finding:
    """Who waits for a person must not wait for a notice that no account carries."""
    staff = parts.settings.takeover.staff
    if not staff:
        fix = 'takeover.staff = ["telegram:main:<your chat>"]'
        return Finding("staff", "ok", f"nobody is told of hand-overs but on the pages ({fix})")
    async with parts.store.reading() as session:
        stored = [row.account for row in await stored_accounts(session, parts.shop)]
    own = [f"{name}:main" for name in extension.channels]
    missing = unserved(parts.settings, [*configured(parts.settings), *stored, *own, WEB])
    if missing:
        fix = f"main.py channels add {missing[0].partition(':')[0]}, or correct takeover.staff"
        return Finding("staff", "error", f"there is no account {', '.join(missing)}", fix)
    return Finding("staff", "ok", f"{len(staff)} told of hand-overs and receipts")


def _models(settings: Settings) -> Finding:
    configured = {
        "groq": settings.groq.key is not None,
        "openai": settings.openai.key is not None,
        "ollama": settings.ollama.url is not None,
        "offline": True,
    }
    used = [name for name in settings.models.order if configured[name]]
    if not used:
        fix = "set GROQ_API_KEY, OPENAI_API_KEY or OLLAMA_HOST, or add offline to models.order"
        return Finding("models", "error", "none configured", fix)
    return Finding("models", "ok", " → ".join(used))


def _telemetry(url: str) -> Finding:
    if missing():
        return Finding("telemetry", "warning", "OpenTelemetry is not installed", HOW)
    return Finding("telemetry", "ok", f"steps go to {url}")


def _tell(found: list[Finding]) -> None:
    for one in found:
        result.print(f"{MARKS[one.state]} {one.name}: {escape(one.detail)}", soft_wrap=True)
        if one.fix and one.state != "ok":
            result.print(f"    {escape(one.fix)}", soft_wrap=True)
