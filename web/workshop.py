"""What the pages of models, trainings and evaluations work with: the same services as commands."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from fastapi import Request

from config.packs import Pack
from config.settings import Settings
from jobs.schedule import Run
from learning.controller import Controller
from learning.ordering import Office
from services.news import News
from store.audit import record
from store.session import Store
from web.identity import actor_of
from web.rendering import Pages


@dataclass(frozen=True, slots=True)
class Workshop:
    """`offer` leaves a job to a worker, or to the schedule where no worker can be told."""

    settings: Settings
    offer: Callable[[Run], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Bench:
    """What each of these pages is given."""

    pages: Pages
    store: Store
    shop: UUID
    pack: Pack
    news: News
    workshop: Workshop

    @property
    def settings(self) -> Settings:
        return self.workshop.settings

    @property
    def controller(self) -> Controller:
        asks = self.settings.ratings.csat
        return Controller(self.store, self.settings.rollout, asks=asks)

    @property
    def office(self) -> Office:
        return Office(self.store, self.settings.training)

    @asynccontextmanager
    async def together(self) -> AsyncIterator["Bench"]:
        """For acts whose services commit by themselves: what they do and the line of it in the
        audit count together."""
        async with self.store.together() as store:
            yield replace(self, store=store)

    async def audit(
        self,
        request: Request,
        action: str,
        what: str,
        before: Mapping[str, Any] | None,
        after: Mapping[str, Any] | None,
    ) -> None:
        """Who did what, to which object, and what that changed."""
        async with self.store.tenant(self.shop) as session:
            await record(
                session, self.shop, actor_of(request), action, what, before=before, after=after
            )
