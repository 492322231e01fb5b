"""Whoever is examined, answering as it would answer the customers of its shop."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from uuid import UUID

from app.money import models, purse_of
from app.parts import Parts
from handlers.answering import Answering
from handlers.reply import Replier
from knowledge.examples import Examples
from knowledge.prompt import Shot
from services.clock import now
from store.versions import ModelVersion


@dataclass(frozen=True, slots=True)
class Own(Examples):
    """What one version of one shop shows, wherever it is asked and whoever answers there."""

    whose: tuple[UUID, UUID | None] = field(kw_only=True)

    async def like(self, shop: UUID, question: str, version: UUID | None = None) -> list[Shot]:  # noqa: ARG002  the port's
        return await Examples.like(self, self.whose[0], question, self.whose[1])


@dataclass(frozen=True, slots=True)
class Examinee:
    """A version of a shop; without one, the models of its settings."""

    shop: UUID
    version: ModelVersion | None = None

    @asynccontextmanager
    async def replying(self, parts: Parts) -> AsyncIterator[Replier]:
        """With `parts` of the settings under which it alone answers; their shop may be one that
        lives as long as the examination, and has neither versions nor examples."""
        asked = self.version.parameters if self.version is not None else {}
        purse = purse_of(parts.settings, parts.store, parts.wire, now)
        model = models(parts.settings, purse, asked)
        usual = parts.replier.answering
        mine = replace(usual, model=model, examples=self._examples(usual), version=None)
        try:
            yield replace(parts.replier, answering=mine)
        finally:
            await model.close()

    def _examples(self, usual: Answering) -> Examples | None:
        if usual.examples is None:
            return None
        version = self.version.id if self.version is not None else None
        return Own(usual.examples.store, usual.examples.count, whose=(self.shop, version))
