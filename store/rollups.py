"""The `analytics` schema, continued: what pages add up, so that none of them reads history.

A day is counted as a whole, by the shop's clock, and counting it again replaces it: replays and
late rows count once. Nothing here holds a text of anybody.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column

from store.base import Base, of_a_shop, points_to
from store.facts import SCHEMA


def _count() -> MappedColumn[int]:
    return mapped_column(Integer, server_default=text("0"))


def _sum() -> MappedColumn[int]:
    return mapped_column(BigInteger, server_default=text("0"))


def _counts() -> MappedColumn[list[int]]:
    return mapped_column(ARRAY(Integer), server_default="{}")


class Sums:
    """What an hour, or a day, came to.

    Replies count when they left, scores with their replies, orders when they were confirmed or
    paid, ratings when they were given. A conversation counts once a day, with its first answer, by
    bot or person: `wait` is how long that took, `resolved` that nobody but the bot answered that
    day and no person was asked for. `latency` and `wait` are histograms (store/histograms.py).
    """

    replies: Mapped[int] = _count()
    scored: Mapped[int] = _count()
    score_sum: Mapped[int] = _sum()
    successes: Mapped[int] = _count()
    no_answers: Mapped[int] = _count()
    local: Mapped[int] = _count()
    tokens_in: Mapped[int] = _sum()
    tokens_out: Mapped[int] = _sum()
    cost_micros: Mapped[int] = _sum()
    errors: Mapped[int] = _count()
    fallbacks: Mapped[int] = _count()
    latency: Mapped[list[int]] = _counts()
    conversations: Mapped[int] = _count()
    resolved: Mapped[int] = _count()
    wait: Mapped[list[int]] = _counts()
    hand_overs: Mapped[int] = _count()
    csat_asked: Mapped[int] = _count()
    csat_answered: Mapped[int] = _count()
    csat_sum: Mapped[int] = _sum()
    csat_good: Mapped[int] = _count()
    thumbs_up: Mapped[int] = _count()
    thumbs_down: Mapped[int] = _count()
    orders: Mapped[int] = _count()
    orders_sum: Mapped[int] = _sum()
    paid: Mapped[int] = _count()
    paid_sum: Mapped[int] = _sum()
    paid_led: Mapped[int] = _count()
    paid_led_sum: Mapped[int] = _sum()
    corrections: Mapped[int] = _count()


class HourFact(Sums, Base):
    """An hour of a network; `hour` is its beginning by the shop's clock."""

    __tablename__ = "hour_fact"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "hour", "channel"),
        of_a_shop(),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    hour: Mapped[datetime]
    channel: Mapped[str] = mapped_column(Text)


class DayFact(Sums, Base):
    """The hours of a day together: what is read where no hours are asked for. `by_hour` are the
    replies of each of its 24 hours by the shop's clock."""

    __tablename__ = "day_fact"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "day", "channel"),
        of_a_shop(),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    day: Mapped[date]
    channel: Mapped[str] = mapped_column(Text)
    by_hour: Mapped[list[int]] = _counts()


class TokensCost(Base):
    """What the answers of a day took, by everything that money is asked about."""

    __tablename__ = "tokens_cost"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "day", "channel", "intent", "provider", "model"),
        of_a_shop(),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    day: Mapped[date]
    channel: Mapped[str] = mapped_column(Text)
    intent: Mapped[str] = mapped_column(Text)
    provider: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text)
    replies: Mapped[int] = _count()
    tokens_in: Mapped[int] = _sum()
    tokens_out: Mapped[int] = _sum()
    cost_micros: Mapped[int] = _sum()


class CustomerDay(Base):
    """A day of a customer on a network; whoever they turned out to be is looked up when asked."""

    __tablename__ = "customer_day"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "day", "customer_id", "channel"),
        points_to("app.customer", "customer_id"),
        Index(None, "shop_id", "customer_id", "day"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    day: Mapped[date]
    customer_id: Mapped[UUID]
    channel: Mapped[str] = mapped_column(Text)
    sessions: Mapped[int] = _count()
    replies: Mapped[int] = _count()
    tokens_in: Mapped[int] = _sum()
    tokens_out: Mapped[int] = _sum()
    cost_micros: Mapped[int] = _sum()
    scored: Mapped[int] = _count()
    score_sum: Mapped[int] = _sum()
    successes: Mapped[int] = _count()


class UserHealth(Base):
    """A customer of all days together: how often they come, since when, how content they are."""

    __tablename__ = "user_health"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "customer_id"),
        points_to("app.customer", "customer_id"),
        Index(None, "shop_id", "last_day", "first_day"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    sessions: Mapped[int] = _count()
    days: Mapped[int] = _count()
    replies: Mapped[int] = _count()
    cost_micros: Mapped[int] = _sum()
    scored: Mapped[int] = _count()
    score_sum: Mapped[int] = _sum()
    successes: Mapped[int] = _count()
    first_day: Mapped[date]
    last_day: Mapped[date]


class IntentQuality(Base):
    """How well an intent was understood in chats, of the newest that people labelled. `right`,
    `missed` and `mistaken` make its F1; `slots_right` of the `right` ones had every slot as people
    say. `taken_for` is which intent stood in its place, and how often."""

    __tablename__ = "intent_quality"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "intent"),
        of_a_shop(),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    intent: Mapped[str] = mapped_column(Text)
    right: Mapped[int]
    missed: Mapped[int]
    mistaken: Mapped[int]
    slots_right: Mapped[int]
    taken_for: Mapped[dict[str, int]] = mapped_column(JSONB)
    computed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Rollup(Base):
    """How far a shop's days were counted, in which zone, and on which day the ones before it were
    looked at for the last time."""

    __tablename__ = "rollup"
    __table_args__ = (PrimaryKeyConstraint("shop_id"), of_a_shop(), {"schema": SCHEMA})

    shop_id: Mapped[UUID]
    zone: Mapped[str] = mapped_column(Text)
    counted: Mapped[date]
    settled: Mapped[date]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
