"""The settings under which one model version answers, and nobody in its place."""

from typing import Any, Final
from uuid import UUID

from app.console import FAILED, refuse
from app.money import served
from config.settings import Settings
from store.evaluating import active_version, version_named
from store.session import Store
from store.versions import ModelVersion

ASKED: Final = frozenset({"groq", "openai", "ollama"})
"""Providers whose section of the settings names a model."""


async def chosen(store: Store, shop: UUID, name: str) -> ModelVersion | None:
    """The version of this name; without one, the active one, or None for the settings' models."""
    async with store.reading() as session:
        if not name:
            return await active_version(session, shop)
        found = await version_named(session, shop, name)
    if found is None:
        refuse(
            f"there is no model version {name!r}",
            "none of this shop has that name",
            "main.py models list",
            code=FAILED,
        )
    return found


def answering_with(settings: Settings, version: ModelVersion | None) -> Settings:
    """A version that does not answer must not be helped out by another: its failures count."""
    if version is None:
        return settings
    provider = version.provider
    if provider not in {*ASKED, "offline"}:
        refuse(
            f"{version.name} cannot be evaluated",
            f"no provider of this release is called {provider!r}",
            code=FAILED,
        )
    sections: dict[str, Any] = {"models": settings.models.model_copy(update={"order": (provider,)})}
    if provider in ASKED:
        section = getattr(settings, provider)
        sections[provider] = section.model_copy(update={"model": version.model})
    return settings.model_copy(update=sections)


def models_of(settings: Settings) -> list[str]:
    """Who would be asked, in order: `openai:gpt-6-luna`; those without a key are left out."""
    named = {name: getattr(settings, name).model for name in ASKED if served(settings, name)}
    return [
        f"{name}:{named[name]}" if name in named else name
        for name in settings.models.order
        if served(settings, name)
    ]
