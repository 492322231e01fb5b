"""Has the version that is meant for a customer answer, and the models of the settings behind it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias
from uuid import UUID

import structlog

from learning.persons import Persons
from learning.serving import Known, Versions
from llm.base import Completion, LanguageModel, ModelError, Request, Served
from llm.chain import Chain, Link
from store.base import StoreError

log = structlog.get_logger()

Opener: TypeAlias = Callable[[str, str, Mapping[str, Any]], LanguageModel]
"""A model by its provider, its name there and how it is asked. Raises ModelMisconfigured."""


@dataclass(frozen=True, slots=True)
class Models:
    """The models of versions, opened once each; their health is remembered as the chain's is."""

    opener: Opener
    links: dict[str, Link] = field(default_factory=dict)

    def link(self, version: Known) -> Link | None:
        """None where it cannot be opened: a key is missing, or nobody here serves it."""
        key = json.dumps([version.provider, version.model, dict(version.parameters)])
        if key not in self.links:
            try:
                model = self.opener(version.provider, version.model, version.parameters)
            except ModelError as error:
                log.warning("version.out", version=version.name, reason=str(error))
                return None
            self.links[key] = Link(model)
        return self.links[key]

    async def close(self) -> None:
        for link in self.links.values():
            await link.model.close()


@dataclass(frozen=True, slots=True)
class Router:
    chain: Chain
    versions: Versions
    models: Models
    persons: Persons
    name: str = field(default="router", init=False)

    async def complete(self, request: Request) -> Completion:
        """Raises a ModelError, as the chain does."""
        if request.payer is None:
            return await self.chain.complete(request)
        shop, customer = UUID(request.payer.shop), UUID(request.payer.customer)
        version, served = await self._choice(shop, customer)
        if served is None:
            return await self.chain.complete(request)
        return await self._answered(version, served, request)

    async def version_of(self, shop: UUID, customer: UUID) -> UUID | None:
        """Who is meant to answer this customer; None is the models of the settings."""
        version, _ = await self._choice(shop, customer)
        return version.id if version is not None else None

    async def _choice(self, shop: UUID, customer: UUID) -> tuple[Known | None, Served | None]:
        try:
            roster = await self.versions.of(shop)
            if roster.running is not None:
                customer = await self.persons.of(shop, customer)
        except StoreError as error:
            log.warning("version.unknown", shop=str(shop), reason=str(error))
            return None, None
        return roster.choice(customer)

    async def _answered(
        self, version: Known | None, served: Served, request: Request
    ) -> Completion:
        """The version is the first link of the chain, so that there is time left for the others."""
        if version is None:
            wanted = next((link for link in self.chain.links if not link.out), None)
            chain = self.chain
        else:
            wanted = self.models.link(version)
            links = [wanted, *self.chain.links] if wanted else self.chain.links
            chain = replace(self.chain, links=links)
        completion = await chain.complete(request)
        fallback = wanted is None or not _is_of(completion, wanted.model)
        return replace(completion, served=replace(served, fallback=fallback))

    async def close(self) -> None:
        await self.versions.close()
        await self.models.close()
        await self.chain.close()


def _is_of(completion: Completion, model: LanguageModel) -> bool:
    """A model with a budget before it is still that model."""
    named = getattr(model, "model", completion.model)
    named = getattr(named, "model", named)
    return (completion.provider, completion.model) == (model.name, named)
