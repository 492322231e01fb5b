"""What pages add up: hours, names that happened in them, costs, customers' days, intents."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

from store.migrations.tenancy import confine

revision = "0023"
down_revision = "0022"

SCHEMA = "analytics"
MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")
ZERO = sa.text("0")
TABLES = (
    "hour_fact", "day_fact", "hour_tally", "tokens_cost", "customer_day", "user_health",
    "intent_quality", "rollup",
)  # fmt: skip
SAID = "replies scored score_sum successes no_answers local tokens_in tokens_out cost_micros"
TALKS = "errors fallbacks latency conversations resolved wait hand_overs"
TOLD = "csat_asked csat_answered csat_sum csat_good thumbs_up thumbs_down"
SOLD = "orders orders_sum paid paid_sum paid_led paid_led_sum corrections"
COST = "replies tokens_in tokens_out cost_micros"
LARGE = {"tokens_in", "tokens_out", "cost_micros"}
HISTOGRAMS = {"latency", "wait"}


def upgrade() -> None:
    _hours()
    _days()
    _standing()
    confine(SCHEMA, *TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)


def _hours() -> None:
    _table("hour_fact", "hour channel", f"{SAID} {TALKS} {TOLD} {SOLD}", _of_a_shop())
    _table("day_fact", "day channel", f"{SAID} {TALKS} {TOLD} {SOLD}", _of_a_shop())
    kinds = sa.CheckConstraint("kind IN ('reason', 'intent', 'short')", name="kind")
    _table("hour_tally", "kind hour channel name", "count", _of_a_shop(), kinds)


def _days() -> None:
    _table("tokens_cost", "day channel intent provider model", COST, _of_a_shop())
    counts = f"sessions {COST} scored score_sum successes"
    _table("customer_day", "day customer_id channel", counts, _of_a_customer())
    columns = ["shop_id", "customer_id", "day"]
    op.create_index(None, "customer_day", columns, schema=SCHEMA)


def _standing() -> None:
    edges = [sa.Column(name, sa.Date(), nullable=False) for name in ("first_day", "last_day")]
    counts = "sessions days replies cost_micros scored score_sum successes"
    _table("user_health", "customer_id", counts, *edges, _of_a_customer())
    names = ("right", "missed", "mistaken", "slots_right")
    numbers = [sa.Column(name, sa.Integer(), nullable=False) for name in names]
    taken = sa.Column("taken_for", JSONB(), nullable=False)
    at = sa.Column("computed_at", MOMENT, server_default=NOW, nullable=False)
    _table("intent_quality", "intent", "", *numbers, taken, at, _of_a_shop())
    days = [sa.Column(name, sa.Date(), nullable=False) for name in ("counted", "settled")]
    zone = sa.Column("zone", sa.Text(), nullable=False)
    at = sa.Column("at", MOMENT, server_default=NOW, nullable=False)
    _table("rollup", "", "", zone, *days, at, _of_a_shop())


KEYS: dict[str, TypeEngine[Any]] = {"hour": MOMENT, "day": sa.Date(), "customer_id": sa.Uuid()}


def _table(name: str, key: str, counts: str, *more: SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        *(sa.Column(one, KEYS.get(one, sa.Text()), nullable=False) for one in key.split()),
        *map(_count, counts.split()),
        *more,
        sa.PrimaryKeyConstraint("shop_id", *key.split()),
        schema=SCHEMA,
    )


def _count(name: str) -> sa.Column[object]:
    if name in HISTOGRAMS:
        return sa.Column(name, ARRAY(sa.Integer()), server_default="{}", nullable=False)
    large = name in LARGE or name.endswith("_sum")
    kind = sa.BigInteger() if large else sa.Integer()
    return sa.Column(name, kind, server_default=ZERO, nullable=False)


def _of_a_shop() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"])


def _of_a_customer() -> sa.ForeignKeyConstraint:
    keys = ["app.customer.shop_id", "app.customer.id"]
    return sa.ForeignKeyConstraint(["shop_id", "customer_id"], keys)
