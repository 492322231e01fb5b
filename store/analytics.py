"""The `analytics` schema: views over what was captured. Days are UTC days."""

from sqlalchemy import BigInteger, Column, Date, Double, MetaData, Table, Uuid

# A view is no table of ours to create, so it lives outside the models' metadata.
VIEWS = MetaData(schema="analytics")

daily_replies = Table(
    "daily_replies",
    VIEWS,
    Column("shop_id", Uuid),
    Column("day", Date),
    Column("replies", BigInteger),
    Column("scored", BigInteger),
    Column("mean_score", Double),
    Column("successful", BigInteger),
    Column("p95_latency_ms", Double),
    Column("tokens_in", BigInteger),
    Column("tokens_out", BigInteger),
)
