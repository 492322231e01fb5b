"""A lender's records, who is known to be which client, and the catalogue of business fields."""

from typing import Any, TypeAlias

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from store.migrations.tenancy import confine, let_read

revision = "0008"
down_revision = "0007"

SCHEMA = "app"
MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")
NOTHING = sa.text("0")
TABLES = (
    "client", "loan", "instalment", "payment", "client_link", "identity_failure", "client_inquiry",
)  # fmt: skip
VIEWS = ("own_client", "own_loan", "own_instalment", "own_payment")
Item: TypeAlias = "sa.Column[Any] | sa.Constraint"

# What a look-up reads. Without a client's name in the transaction the views are empty, whatever was
# asked of them; security_invoker keeps the shop's own policy in force beneath. What proves who
# somebody is stands in none of them.
CURRENT_CLIENT = "nullif(current_setting('app.client_id', true), '')::uuid"
OWN = f"""
CREATE VIEW app.own_client WITH (security_invoker = true) AS
SELECT shop_id, id AS client_id, id, number, name FROM app.client
WHERE id = {CURRENT_CLIENT};
CREATE VIEW app.own_loan WITH (security_invoker = true) AS
SELECT shop_id, client_id, id, number, principal, balance, rate, state, opened_on FROM app.loan
WHERE client_id = {CURRENT_CLIENT};
CREATE VIEW app.own_instalment WITH (security_invoker = true) AS
SELECT i.shop_id, l.client_id, i.id, i.loan_id, l.number AS loan, i.number, i.due_on, i.amount,
       i.paid_amount, i.state
FROM app.instalment i JOIN app.loan l ON l.shop_id = i.shop_id AND l.id = i.loan_id
WHERE l.client_id = {CURRENT_CLIENT};
CREATE VIEW app.own_payment WITH (security_invoker = true) AS
SELECT p.shop_id, l.client_id, p.id, p.loan_id, l.number AS loan, p.reference, p.amount, p.paid_on,
       p.method
FROM app.payment p JOIN app.loan l ON l.shop_id = p.shop_id AND l.id = p.loan_id
WHERE l.client_id = {CURRENT_CLIENT}
"""  # noqa: S608  our own text


def upgrade() -> None:
    _client()
    _loan()
    _payment()
    _identity()
    confine(SCHEMA, *TABLES)
    for view, statement in zip(VIEWS, OWN.split(";"), strict=True):
        op.execute(statement)
        let_read(f"app.{view}")
    _fields()
    confine("ml", "field_definition")


def downgrade() -> None:
    op.drop_table("field_definition", schema="ml")
    for view in reversed(VIEWS):
        op.execute(f"DROP VIEW app.{view}")
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)


def _owned(*columns: Item) -> tuple[Item, ...]:
    return (
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *columns,
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "id"),
    )


def _to(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["shop_id", column], [f"app.{table}.shop_id", f"app.{table}.id"])


def _index(table: str, *columns: str, where: str | None = None) -> None:
    condition = sa.text(where) if where else None
    op.create_index(None, table, list(columns), schema=SCHEMA, postgresql_where=condition)


def _client() -> None:
    op.create_table(
        "client",
        *_owned(
            sa.Column("number", sa.Text(), nullable=False),
            sa.Column("name", sa.Text(), nullable=False),
            sa.Column("folded", sa.Text(), nullable=False),
            sa.Column("id_tail", sa.Text()),
            sa.Column("born_on", sa.Date()),
            sa.Column("phone", sa.Text()),
            sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
            sa.UniqueConstraint("shop_id", "number"),
            sa.CheckConstraint("id_tail ~ '^[0-9]{4}$'", name="id_tail"),
        ),
        schema=SCHEMA,
    )
    _index("client", "shop_id", "phone", where="phone IS NOT NULL")
    _index("client", "shop_id", "id_tail")
    _index("client", "shop_id", "born_on")


def _loan() -> None:
    states = "state IN ('current', 'overdue', 'refinanced', 'written_off', 'paid')"
    op.create_table(
        "loan",
        *_owned(
            sa.Column("client_id", sa.Uuid(), nullable=False),
            sa.Column("number", sa.Text(), nullable=False),
            sa.Column("principal", sa.BigInteger(), nullable=False),
            sa.Column("balance", sa.BigInteger(), nullable=False),
            sa.Column("rate", sa.Numeric(6, 2), nullable=False),
            sa.Column("state", sa.Text(), nullable=False),
            sa.Column("opened_on", sa.Date(), nullable=False),
            _to("client", "client_id"),
            sa.UniqueConstraint("shop_id", "number"),
            sa.CheckConstraint(states, name="state"),
            sa.CheckConstraint("principal > 0", name="principal"),
            sa.CheckConstraint("balance >= 0", name="balance"),
            sa.CheckConstraint("rate >= 0", name="rate"),
        ),
        schema=SCHEMA,
    )
    _index("loan", "shop_id", "client_id")
    op.create_table(
        "instalment",
        *_owned(
            sa.Column("loan_id", sa.Uuid(), nullable=False),
            sa.Column("number", sa.Integer(), nullable=False),
            sa.Column("due_on", sa.Date(), nullable=False),
            sa.Column("amount", sa.BigInteger(), nullable=False),
            sa.Column("paid_amount", sa.BigInteger(), server_default=NOTHING, nullable=False),
            sa.Column("state", sa.Text(), nullable=False),
            _to("loan", "loan_id"),
            sa.UniqueConstraint("shop_id", "loan_id", "number"),
            sa.CheckConstraint("state IN ('pending', 'partial', 'paid')", name="state"),
            sa.CheckConstraint("number > 0", name="number"),
            sa.CheckConstraint("amount > 0", name="amount"),
            sa.CheckConstraint("paid_amount BETWEEN 0 AND amount", name="paid_amount"),
        ),
        schema=SCHEMA,
    )


def _payment() -> None:
    op.create_table(
        "payment",
        *_owned(
            sa.Column("loan_id", sa.Uuid(), nullable=False),
            sa.Column("instalment_id", sa.Uuid()),
            sa.Column("reference", sa.Text(), nullable=False),
            sa.Column("amount", sa.BigInteger(), nullable=False),
            sa.Column("paid_on", sa.Date(), nullable=False),
            sa.Column("method", sa.Text(), nullable=False),
            _to("loan", "loan_id"),
            _to("instalment", "instalment_id"),
            sa.UniqueConstraint("shop_id", "reference"),
            sa.CheckConstraint(
                "method IN ('transfer', 'card', 'cash', 'automatic')", name="method"
            ),
            sa.CheckConstraint("amount > 0", name="amount"),
        ),
        schema=SCHEMA,
    )
    _index("payment", "shop_id", "loan_id", "paid_on")
    _index("payment", "shop_id", "instalment_id")


def _identity() -> None:
    op.create_table(
        "client_link",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _to("customer", "customer_id"),
        _to("client", "client_id"),
        sa.PrimaryKeyConstraint("shop_id", "customer_id"),
        schema=SCHEMA,
    )
    _index("client_link", "shop_id", "client_id")
    op.create_table(
        "identity_failure",
        *_owned(
            sa.Column("customer_id", sa.Uuid(), nullable=False),
            sa.Column("client_id", sa.Uuid()),
            sa.Column("attempt", sa.Uuid(), nullable=False),
            sa.Column("at", MOMENT, nullable=False),
            _to("customer", "customer_id"),
            _to("client", "client_id"),
        ),
        schema=SCHEMA,
    )
    op.create_table(
        "client_inquiry",
        *_owned(
            sa.Column("conversation_id", sa.Uuid(), nullable=False),
            sa.Column("client_id", sa.Uuid(), nullable=False),
            sa.Column("by", sa.Text(), nullable=False),
            sa.Column("at", MOMENT, nullable=False),
            _to("conversation", "conversation_id"),
            _to("client", "client_id"),
        ),
        schema=SCHEMA,
    )
    _index("client_inquiry", "shop_id", "conversation_id")
    _index("client_inquiry", "shop_id", "client_id", "at")
    _index("identity_failure", "shop_id", "customer_id", "at")
    _index("identity_failure", "shop_id", "client_id", "at", where="client_id IS NOT NULL")


def _fields() -> None:
    op.create_table(
        "field_definition",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("indexed", sa.Boolean(), nullable=False),
        sa.Column("points_to", sa.Text()),
        sa.Column("allowed", ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("examples", ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("values", ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.PrimaryKeyConstraint("shop_id", "table_name", "field"),
        schema="ml",
    )
