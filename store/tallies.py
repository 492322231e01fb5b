"""Tables of what happened under a name: how often, by the hour and by the day."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, of_a_shop
from store.facts import SCHEMA


class Tallied:
    """Why the bot asked for a person (`reason`), what customers wanted (`intent`), which product
    they asked for when there was none left (`short`, by its id)."""

    shop_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    count: Mapped[int] = mapped_column(server_default=text("0"))


def _tallied(at: str) -> tuple[Any, ...]:
    return (
        PrimaryKeyConstraint("shop_id", "kind", at, "channel", "name"),
        of_a_shop(),
        CheckConstraint("kind IN ('reason', 'intent', 'short')", name="kind"),
        {"schema": SCHEMA},
    )


class HourTally(Tallied, Base):
    """How often something with a name happened in an hour."""

    __tablename__ = "hour_tally"
    __table_args__ = _tallied("hour")

    hour: Mapped[datetime]


class DayTally(Tallied, Base):
    """The same of a whole day."""

    __tablename__ = "day_tally"
    __table_args__ = _tallied("day")

    day: Mapped[date]
