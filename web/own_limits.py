"""Limits of one rollout alone, as its page asks for them: in hundredths. Pure."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import BaseModel, Field

FIELDS: Final[Mapping[str, str]] = {
    "errores": "errors", "lentas": "slow", "derivadas": "handover", "demora": "latency_share",
}  # fmt: skip
"""What the form asks, in hundredths, by the names of the settings."""
Part = Annotated[float | None, Field(gt=0, lt=100)]
More = Annotated[float | None, Field(ge=0, lt=100)]


class Limits(BaseModel):
    """An empty one is as the settings have it."""

    errores: Part = None
    lentas: Part = None
    derivadas: More = None
    demora: Annotated[float | None, Field(ge=0, le=1_000)] = None

    def told(self, before: Mapping[str, float]) -> dict[str, float]:
        """With the limits that only programs set, as they were."""
        kept = {name: value for name, value in before.items() if name not in FIELDS.values()}
        given = self.model_dump(exclude_none=True)
        return kept | {FIELDS[name]: round(value / 100, 6) for name, value in given.items()}


def shown(
    own: Mapping[str, float], usual: Mapping[str, float]
) -> list[tuple[str, float | None, float]]:
    """Of each field what is its own, and what the settings have."""
    return [
        (field, round(own[name] * 100, 4) if name in own else None, round(usual[name] * 100, 4))
        for field, name in FIELDS.items()
    ]
