"""`models`: what was trained, who answers with it, and which of it ends soon."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from rich.markup import escape
from rich.table import Table

from app.console import FAILED, acting, emit, refuse, result, say, somebody, talk
from app.trainings import School, school
from config.settings import Settings
from jobs.asking import TERMS
from jobs.attempts import Attempt
from jobs.deploying import deploy as deployed
from jobs.deploying import order
from learning.expiring import Expiry, expiring
from learning.registering import Offered, register, retire
from llm.ending import endings, named
from services.clock import now
from store import trainings, work
from store.audit import record
from store.session import Store
from store.versions import ModelVersion

FIELDS: Final = (
    "id", "name", "state", "provider", "model", "base_model", "job_id", "dataset_id", "parameters",
    "notes", "created_at", "deployed_at", "expires_at",
)  # fmt: skip


async def show(settings: Settings, shop: str, *, as_json: bool) -> None:
    async with school(settings, shop) as at:
        found = await _versions(at)
    if as_json:
        emit([_told(one) for one in found])
        return
    if not found:
        result.print("No models yet: the models of the settings answer. main.py train start")
        return
    table = Table("name", "state", "provider", "model", "base", "ends", box=None)
    for one in found:
        ends = _day(one.expires_at)
        cells = (one.name, one.state, one.provider, one.model, one.base_model, ends)
        table.add_row(*(escape(cell) for cell in cells))
    result.print(table)
    _warn(settings, [one for one in found if one.state in trainings.IN_USE])


async def add(
    settings: Settings, shop: str, wanted: Offered, training: str, *, as_json: bool
) -> None:
    async with school(settings, shop) as at:
        if wanted.checkpoint is not None:
            wanted = replace(wanted, training=await at.office.find(at.shop, training))
        async with at.store.together() as store:
            made = await register(store, settings, at.shop, wanted)
            await _noted(store, at.shop, "model.register", made)
    if as_json:
        emit(_told(made))
        return
    result.print(f"{made.name} is a candidate: {made.provider} {made.model}", markup=False)
    talk.print(f"next: main.py eval run --version {made.name}", markup=False)


async def deploy(settings: Settings, shop: str, name: str, *, as_json: bool) -> None:
    """In this process. A worker of a running bot that is at it already is not disturbed."""
    async with school(settings, shop) as at:
        version = await _called(at, name)
        async with at.store.together() as store:
            run = await order(store, settings, version, somebody())
            await _noted(store, at.shop, "model.deploy", version)
        attempt = await Attempt.claim(at.store, run, TERMS)
        if attempt is None:
            refuse(f"{version.name} is being deployed", "a worker is at it", code=FAILED)
        async with attempt:
            await deployed(attempt, settings)
        async with at.store.reading() as session:
            told = await work.marks(session, at.shop, run.name, run.period)
    say(f"{version.model} answers: {told['answer']}", told, as_json=as_json)


async def leave(settings: Settings, shop: str, name: str, reason: str, *, as_json: bool) -> None:
    async with school(settings, shop) as at:
        version = await _called(at, name)
        async with at.store.together() as store:
            gone = await retire(store, at.shop, version.id, reason)
            await _noted(store, at.shop, "model.retire", gone)
    say(f"{gone.name} is retired", _told(gone), as_json=as_json)


async def _noted(store: Store, shop: UUID, what: str, version: ModelVersion) -> None:
    async with store.transaction() as session:
        if who := acting():
            told = {"provider": version.provider, "model": version.model}
            await record(session, shop, who, what, f"model:{version.id}", after=told)


async def _called(at: School, name: str) -> ModelVersion:
    found = [one for one in await _versions(at) if name in {one.name, str(one.id)}]
    if not found:
        refuse(f"there is no model version {name!r}", hint="main.py models list", code=FAILED)
    return found[0]


async def detail(settings: Settings, shop: str, name: str, *, as_json: bool) -> None:
    async with school(settings, shop) as at:
        told = _told(await _called(at, name))
    if as_json:
        emit(told)
        return
    for field, value in told.items():
        if value not in {None, ""} if not isinstance(value, dict) else value:
            result.print(f"[dim]{field:<12}[/] {escape(str(value))}", soft_wrap=True)


async def expiry(settings: Settings, shop: str, *, as_json: bool) -> None:
    """Of the models that the settings name, and of every version that answers or may."""
    async with school(settings, shop) as at:
        ours = [one for one in await _versions(at) if one.provider == "openai"]
        used = [(one.model, one.base_model) for one in ours if one.state in trainings.IN_USE]
    used += [(model, model) for model in named(settings)]
    ends = await endings(settings.openai)
    found = expiring(used, ends, now(), settings.training.warn_days)
    if as_json:
        emit([asdict(one) for one in found])
        return
    if not found:
        result.print("OpenAI announces no end of any model that is used here.")
    for one in found:
        result.print(_line(one), soft_wrap=True)


async def _versions(at: School) -> list[ModelVersion]:
    async with at.store.reading() as session:
        return await trainings.versions(session, at.shop)


def _told(one: ModelVersion) -> dict[str, Any]:
    return {name: getattr(one, name) for name in FIELDS}


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""


def _line(one: Expiry) -> str:
    whose = " with its base model" if one.base else ""
    said = f"{escape(one.model)} ends {one.at:%Y-%m-%d}{whose}, in {one.days} days"
    return f"[yellow]{said}[/]" if one.soon else said


def _warn(settings: Settings, versions: list[ModelVersion]) -> None:
    ends = {one.model: one.expires_at for one in versions if one.expires_at}
    models = [(one.model, one.model) for one in versions]
    for one in expiring(models, ends, now(), settings.training.warn_days):
        if one.soon:
            talk.print(_line(one), soft_wrap=True)
