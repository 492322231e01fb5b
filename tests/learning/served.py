"""A shop with versions, a rollout and answered turns, as capture would have written them."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as upsert

from config.rollout import RolloutSettings
from learning.controller import Controller, Gate
from learning.rollout import side
from store import app, ml
from store.rollouts import Rollout
from store.session import Store
from store.versions import ModelVersion
from tests.fixtures.rows import a_row
from tests.flow.rollouts import add_version

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
PASSED = Gate(passed=True, why="passed")


@dataclass
class Clock:
    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class Talked:
    """One answered turn; `scored` is what the next message said of it."""

    customer: int
    after: timedelta = timedelta(minutes=1)
    scored: int | None = 5
    fallback: bool = False
    checks: tuple[str, ...] = ("ok",)
    latency_ms: int = 400
    cost: int = 0
    back_after: timedelta | None = None
    variant: str | None = None
    """As the rollout decides, where it is not given."""


@dataclass
class Stage:
    store: Store
    shop: UUID
    clock: Clock = field(default_factory=Clock)
    knobs: RolloutSettings = field(default_factory=RolloutSettings)
    turns: int = 0

    @property
    def controller(self) -> Controller:
        return Controller(self.store, self.knobs, self.clock)

    def with_knobs(self, **changed: Any) -> "Stage":  # noqa: ANN401  fields of the settings
        return replace(self, knobs=self.knobs.model_copy(update=changed))

    async def version(self, name: str = "tienda-v2") -> ModelVersion:
        return await add_version(self.store, self.shop, name)

    async def start(self, percent: int | None = 50, name: str = "tienda-v2") -> Rollout:
        version = await self.version(name)
        return await self.controller.start(version, PASSED, "ana", percent, forced=False)

    async def rollout(self) -> Rollout:
        found = await self.controller.current(self.shop)
        assert found is not None
        return found

    def customer(self, number: int) -> UUID:
        return uuid5(self.shop, f"customer {number}")

    async def talked(self, *turns: Talked) -> None:
        rollout = await self.rollout()
        async with self.store.transaction() as session:
            for turn in turns:
                self.turns += 1
                await self._met(session, turn.customer)
                await session.execute(
                    insert(ml.TrainingData).values(self._row(rollout, turn, self.turns))
                )

    async def _met(self, session: Any, number: int) -> None:  # noqa: ANN401  a session
        customer = {"shop_id": self.shop, "id": self.customer(number)}
        await session.execute(upsert(app.Customer).values(customer).on_conflict_do_nothing())
        chat = a_row(app.Conversation.__table__, self.shop) | {  # type: ignore[arg-type]
            "id": uuid5(self.customer(number), "chat"), "customer_id": self.customer(number),
            "chat": str(number),
        }  # fmt: skip
        await session.execute(upsert(app.Conversation).values(chat).on_conflict_do_nothing())

    def _row(self, rollout: Rollout, turn: Talked, number: int) -> dict[str, Any]:
        customer, at = self.customer(turn.customer), rollout.stage_at + turn.after
        row = a_row(ml.TrainingData.__table__, self.shop)  # type: ignore[arg-type]
        variant = turn.variant or side(rollout.salt, customer, rollout.percent)
        return row | {
            "id": uuid5(self.shop, f"reply {number}"), "customer_id": customer,
            "conversation_id": uuid5(customer, "chat"), "dispatched_at": at, "author": "bot",
            "rollout_id": rollout.id, "stage": rollout.stage, "variant": variant,
            "version_id": rollout.version_id if variant == "canary" else None,
            "product_id": None, "order_id": None, "stars": None,
            "quality_score": turn.scored, "fallback": turn.fallback,
            "latency_ms": turn.latency_ms, "position": number,
            "context": {"trace": {"checks": list(turn.checks)}, "cost_micros": turn.cost},
            "follow_up_at": at + turn.back_after if turn.back_after else None,
        }  # fmt: skip
