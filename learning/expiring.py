"""Which models end soon: those that answer, those that may, and what they were trained from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Expiry:
    """`base`: it is not the model itself that ends, but what it was trained from."""

    model: str
    at: datetime
    days: int
    soon: bool
    base: bool = False


def ends_at(model: str, base: str, endings: Mapping[str, datetime]) -> datetime | None:
    """A fine-tune ends with its base model at the latest."""
    known = [endings[name] for name in (model, base) if name in endings]
    return min(known) if known else None


def expiring(
    models: Iterable[tuple[str, str]],
    endings: Mapping[str, datetime],
    now: datetime,
    warn_days: int,
) -> list[Expiry]:
    """Of models with their base, those that end; the first to do so first."""
    found = []
    for model, base in sorted(set(models)):
        at = ends_at(model, base, endings)
        if at is not None:
            left = at - now
            soon = left <= timedelta(days=warn_days)
            found.append(Expiry(model, at, left.days, soon, endings.get(model) != at))
    return sorted(found, key=lambda one: (one.at, one.model))
