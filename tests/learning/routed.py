"""A router over models that answer with their own names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from learning.persons import Persons
from learning.router import Models, Router
from learning.serving import Versions
from llm.base import (
    Completion,
    FixedPrompt,
    LanguageModel,
    ModelMisconfigured,
    ModelUnavailable,
    Payer,
    Request,
)
from llm.chain import chain_of
from store.session import Store
from tests.learning.served import Stage


@dataclass
class Named:
    """Answers with its own name, unless it is ill."""

    name: str
    model: str = "usual"
    ill: bool = False
    asked: list[Request] = field(default_factory=list)

    async def complete(self, request: Request) -> Completion:
        self.asked.append(request)
        if self.ill:
            raise ModelUnavailable("ill")
        return Completion(f"{self.name} {self.model}", self.name, self.model)

    async def close(self) -> None:
        """Nothing is open."""


@dataclass
class Watch:
    at: float = 0.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Served:
    stage: Stage
    own: Named
    opened: dict[str, Named]
    router: Router
    watch: Watch

    async def ask(self, number: int) -> Completion:
        self.watch.at += 60
        payer = Payer(str(self.stage.shop), str(self.stage.customer(number)))
        return await self.router.complete(Request(FixedPrompt(()), payer=payer))


def served_by(stage: Stage, store: Store) -> Served:
    own, opened, watch = Named("own"), dict[str, Named](), Watch()

    def opener(provider: str, model: str, _parameters: Mapping[str, Any]) -> LanguageModel:
        if provider == "unknown":
            raise ModelMisconfigured("nobody serves it")
        return opened.setdefault(model, Named(provider, model))

    versions = Versions(store, clock=stage.clock, monotonic=watch, patience_s=60)
    persons = Persons(store, monotonic=watch)
    return Served(
        stage, own, opened, Router(chain_of(own), versions, Models(opener), persons), watch
    )
