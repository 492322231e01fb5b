"""How people find their way through a million turns: each filter has its index."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import CheckConstraint, Index, text

GOOD: Final = "COALESCE(stars, quality_score) >= 4"
POOR: Final = "COALESCE(stars, quality_score) <= 2"
ACCEPTED: Final = "allowed OR correction IS NOT NULL"
EXCLUDED: Final = "rejected OR NOT allowed"
UNKNOWN: Final = """context -> 'sources' @> '[{"kind": "answer", "id": "unknown"}]'"""
"""Of a turn whose question found no answer."""
LOW: Final = "quality_score <= 2"
BROUGHT: Final = "origin <> 'chat'"
FILTERS: Final[Mapping[str, str]] = {
    "sold": "is_successful",
    "corrected": "correction IS NOT NULL",
    "good": GOOD,
    "poor": POOR,
    "accepted": ACCEPTED,
    "excluded": EXCLUDED,
    "unknown": UNKNOWN,
}
ORIGINS: Final = ("chat", "hand", "file", "whatsapp")


def library() -> tuple[Index | CheckConstraint, ...]:
    """Of ml.training_data. A query has to say a condition in the same words to find its index."""
    newest = ("shop_id", "created_at", "id")
    some = (
        Index(f"ix_training_data_{name}", *newest, postgresql_where=text(where))
        for name, where in FILTERS.items()
    )
    origins = ", ".join(f"'{one}'" for one in ORIGINS)
    return (
        *some,
        Index(
            "ix_training_data_origin", "shop_id", "origin", "created_at", "id",
            postgresql_where=text(BROUGHT),
        ),
        Index(
            "ix_training_data_low", "shop_id", "evaluated_at", "id", postgresql_where=text(LOW)
        ),
        Index(None, "shop_id", "intent", "created_at", "id"),
        Index(None, "shop_id", "customer_id", "created_at"),
        CheckConstraint(f"origin IN ({origins})", name="origin"),
    )  # fmt: skip
