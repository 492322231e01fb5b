"""`models`: what was trained, who answers with it, and which of it ends soon."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from rich.markup import escape
from rich.table import Table

from app.console import FAILED, emit, refuse, result, talk
from app.trainings import School, school
from config.settings import Settings
from learning.expiring import Expiry, expiring
from llm.ending import endings, named
from services.clock import now
from store import trainings
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


async def detail(settings: Settings, shop: str, name: str, *, as_json: bool) -> None:
    async with school(settings, shop) as at:
        found = [one for one in await _versions(at) if name in {one.name, str(one.id)}]
    if not found:
        refuse(f"there is no model version {name!r}", hint="main.py models list", code=FAILED)
    told = _told(found[0])
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
