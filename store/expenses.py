"""What counts as a cost: every call of a hosted model, and every training, by what it was for.

`analytics.expense` has them by the moment they were paid, from what was written down;
`analytics.spending` by the day, from roll-ups. Whoever adds costs up asks one of the two. Of what
nobody knows the price, the `micros` are NULL.
"""

from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, of_a_shop, points_to
from store.facts import SCHEMA

LEARNING: Final = ("training", "shadow", "evaluation", "judge")
BUDGETED: Final = ("answer", "voice", "image", "shadow", "judge")
"""What the day's budget of a shop pays for."""
OF_DAY: Final = """
SELECT kind, provider, count(*)::int AS times, coalesce(sum(micros), 0)::bigint AS micros,
       (count(*) FILTER (WHERE micros IS NULL))::int AS unpriced
FROM analytics.expense WHERE shop_id = $1 AND at >= $2 AND at < $3
GROUP BY kind, provider ORDER BY kind, provider
"""
LEARNED: Final = f"""
INSERT INTO analytics.learning_cost (shop_id, day, kind, times, cost_micros)
SELECT $1::uuid, $4::date, kind, count(*), coalesce(sum(micros), 0)
FROM analytics.expense WHERE shop_id = $1 AND at >= $2 AND at < $3 AND kind IN {LEARNING}
GROUP BY kind HAVING sum(micros) > 0
"""  # noqa: S608  our own text
SENSED: Final = """
INSERT INTO analytics.customer_sense (shop_id, day, customer_id, channel, tokens_in, tokens_out,
    cost_micros)
SELECT $1::uuid, $4::date, c.customer_id, s.channel, sum(s.tokens_in), sum(s.tokens_out),
       coalesce(sum(s.cost_micros), 0)
FROM app.sense_log s
CROSS JOIN LATERAL (
  SELECT talk.customer_id FROM app.message m
  JOIN app.conversation talk ON talk.shop_id = m.shop_id AND talk.id = m.conversation_id
  WHERE m.shop_id = $1 AND m.id = s.message_id LIMIT 1
) c
WHERE s.shop_id = $1 AND s.created_at >= $2 AND s.created_at < $3 AND c.customer_id IS NOT NULL
GROUP BY c.customer_id, s.channel
"""


class LearningCost(Base):
    """What learning took in a day, beside what was answered."""

    __tablename__ = "learning_cost"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "day", "kind"),
        of_a_shop(),
        CheckConstraint("kind IN ('training', 'shadow', 'evaluation', 'judge')", name="kind"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    day: Mapped[date]
    kind: Mapped[str] = mapped_column(Text)
    times: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    cost_micros: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))


class CustomerSense(Base):
    """What a model heard and looked at of a customer in a day of a network."""

    __tablename__ = "customer_sense"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "day", "customer_id", "channel"),
        of_a_shop(),
        points_to("app.customer", "customer_id"),
        Index(None, "shop_id", "customer_id", "day"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    day: Mapped[date]
    customer_id: Mapped[UUID]
    channel: Mapped[str] = mapped_column(Text)
    tokens_in: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    tokens_out: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    cost_micros: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
