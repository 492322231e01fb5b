"""What programs say of a rollout, and what they read of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import AliasChoices, ConfigDict, Field, model_validator

from web.api.shapes import SAYS, Body, Moment, Note, Shown

MODEL: Final = "5f0c2a9e-8a55-4a55-9c6d-2b1f0a7d9c11"
Reason = Annotated[str, Field(min_length=1, max_length=500, pattern=SAYS)]
Count = Annotated[int, Field(ge=1, le=1_000)]
Share = Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)]


class Forcible(Body):
    """`force` takes it upon oneself that gates are not passed, and needs a `reason`."""

    reason: Note = ""
    force: bool = False

    @model_validator(mode="after")
    def reasoned(self) -> Self:
        if self.force and not self.reason.strip():
            raise ValueError("force needs a reason")
        return self


class Activation(Forcible):
    """A version that never answered everybody before has to have passed its gates, or be forced
    with a reason."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"active": MODEL}]})

    active: UUID


class Guards(Body):
    """What takes it back: so many answers that leak or that have `invented` amounts (where they are
    more than a share of `off_policy`), a share of `errors`, or a share of `slow` ones, over
    `slow_ms`. So does what is shown of its conversations: a share of `handover` more that end with
    a person, a p95 later by a `latency_share` of the others' or by `latency_ms`, if that is more.
    What is left out is as the settings have it."""

    leaks: Count | None = None
    invented: Count | None = None
    off_policy: Share | None = None
    errors: Share | None = None
    slow: Share | None = None
    slow_ms: int | None = Field(None, ge=1, le=600_000)
    handover: Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)] | None = None
    latency_share: Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)] | None = None
    latency_ms: int | None = Field(None, ge=0, le=600_000)

    def told(self) -> dict[str, float]:
        return self.model_dump(exclude_none=True)


class Canary(Forcible):
    """To how many of 100 customers it answers; 0 is in the shadow: it answers nobody. `guards` are
    limits of this rollout alone; without them one that is under way keeps those it has."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "model": MODEL,
                    "percent": 10,
                    "guards": {"errors": 0.02, "slow_ms": 3000},
                    "reason": "primera prueba",
                }
            ]
        },
    )

    model: UUID = Field(validation_alias=AliasChoices("model", "version"))
    percent: int = Field(10, ge=0, le=99)
    guards: Guards | None = None


class Rollback(Body):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "responde mal los precios"}]}
    )

    reason: Reason


class RolloutShown(Shown):
    """`guards` are the limits that hold; `forced`: it began though its gates were not passed."""

    id: UUID
    model: UUID
    baseline: UUID | None
    state: str
    percent: int
    stage: int
    paused: bool
    began_at: Moment
    stage_at: Moment
    ended_at: Moment | None
    guards: dict[str, float]
    forced: bool


class DeploymentShown(Shown):
    """Without an active version the models of the settings answer."""

    task: str
    active: UUID | None
    active_name: str | None
    rollout: RolloutShown | None


@dataclass(frozen=True, slots=True)
class Wish:
    """How somebody wants a version to be rolled out."""

    reason: str = ""
    force: bool = False
    guards: Mapping[str, float] | None = None

    @classmethod
    def of(cls, given: Forcible, guards: Mapping[str, float] | None = None) -> "Wish":
        return cls(given.reason, given.force, guards)
