"""What is foretold of a lender's loans and instalments, by which model, and who reviewed it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from store.migrations.roles import WEB
from store.migrations.tenancy import confine

revision = "0030"
down_revision = "0032"

MOMENT = sa.DateTime(timezone=True)
KINDS = "kind IN ('loan', 'instalment')"
CURRENT = "nullif(current_setting('app.customer_id', true), '')::uuid"
OWN = {
    "app.risk_prediction": """EXISTS (SELECT FROM app.client_link l
        WHERE l.shop_id = risk_prediction.shop_id AND l.client_id = risk_prediction.client_id
          AND app.own_person(l.shop_id, l.customer_id))""",
    "app.risk_review": """EXISTS (SELECT FROM app.risk_prediction p
        JOIN app.client_link l ON l.shop_id = p.shop_id AND l.client_id = p.client_id
        WHERE p.shop_id = risk_review.shop_id AND p.id = risk_review.prediction_id
          AND app.own_person(l.shop_id, l.customer_id))""",
}


def upgrade() -> None:
    _models()
    _predictions()
    _drift()
    _reviews()
    confine("ml", "risk_model", "risk_drift")
    confine("app", "risk_prediction", "risk_review")
    for table, own in OWN.items():
        op.execute(
            f"CREATE POLICY own_customer ON {table} AS RESTRICTIVE TO {WEB}"
            f" USING ({CURRENT} IS NULL OR {own})"
        )


def downgrade() -> None:
    op.drop_table("risk_review", schema="app")
    op.drop_table("risk_drift", schema="ml")
    op.drop_table("risk_prediction", schema="app")
    op.drop_table("risk_model", schema="ml")


def _key() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, server_default=sa.text("now()"), nullable=False),
    )


def _to(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["shop_id", column], [f"{table}.shop_id", f"{table}.id"])


def _models() -> None:
    op.create_table(
        "risk_model",
        *_key(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("record", JSONB(), nullable=False),
        sa.Column("metrics", JSONB(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("trained_at", MOMENT, nullable=False),
        sa.Column("trained_by", sa.Text(), nullable=False),
        sa.CheckConstraint(KINDS, name="kind"),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        sa.UniqueConstraint("shop_id", "kind", "version"),
        schema="ml",
    )
    op.create_index(
        "uq_risk_model_active", "risk_model", ["shop_id", "kind"], unique=True, schema="ml",
        postgresql_where=sa.text("active"),
    )  # fmt: skip


def _predictions() -> None:
    op.create_table(
        "risk_prediction",
        *_key(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("loan_id", sa.Uuid(), nullable=False),
        sa.Column("instalment_id", sa.Uuid()),
        sa.Column("due_on", sa.Date()),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("probability", sa.Float(53), nullable=False),
        sa.Column("factors", JSONB(), nullable=False),
        sa.Column("current", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint(KINDS, name="kind"),
        sa.CheckConstraint("probability BETWEEN 0 AND 1", name="probability"),
        sa.CheckConstraint("(kind = 'instalment') = (instalment_id IS NOT NULL)", name="target"),
        _to("ml.risk_model", "model_id"),
        _to("app.client", "client_id"),
        _to("app.loan", "loan_id"),
        _to("app.instalment", "instalment_id"),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema="app",
    )
    _listed()


def _listed() -> None:
    some = {
        "uq_risk_prediction_loan": (["shop_id", "loan_id"], "current AND kind = 'loan'"),
        "uq_risk_prediction_instalment": (
            ["shop_id", "instalment_id"], "current AND kind = 'instalment'",
        ),
        "ix_risk_prediction_listed": (["shop_id", "kind", "probability", "id"], "current"),
        "ix_risk_prediction_due": (
            ["shop_id", "due_on", "id"], "current AND kind = 'instalment'",
        ),
        "ix_risk_prediction_shop_id_instalment_id_as_of": (
            ["shop_id", "instalment_id", "as_of"], "instalment_id IS NOT NULL",
        ),
    }  # fmt: skip
    for name, (columns, where) in some.items():
        op.create_index(
            name, "risk_prediction", columns, unique=name.startswith("uq"), schema="app",
            postgresql_where=sa.text(where),
        )  # fmt: skip
    for columns in (["shop_id", "client_id", "as_of"], ["shop_id", "loan_id", "kind", "as_of"]):
        op.create_index(None, "risk_prediction", columns, schema="app")


def _drift() -> None:
    op.create_table(
        "risk_drift",
        *_key(),
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("feature", sa.Text(), nullable=False),
        sa.Column("psi", sa.Float(53), nullable=False),
        sa.CheckConstraint("psi >= 0", name="psi"),
        _to("ml.risk_model", "model_id"),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        sa.UniqueConstraint("shop_id", "model_id", "day", "feature"),
        schema="ml",
    )
    op.create_index(None, "risk_drift", ["shop_id", "day"], schema="ml")


def _reviews() -> None:
    op.create_table(
        "risk_review",
        *_key(),
        sa.Column("prediction_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("probability", sa.Float(53), nullable=False),
        sa.CheckConstraint("outcome IN ('upheld', 'corrected', 'withdrawn')", name="outcome"),
        _to("app.risk_prediction", "prediction_id"),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema="app",
    )
    for columns in (["shop_id", "prediction_id", "at"], ["shop_id", "at", "id"]):
        op.create_index(None, "risk_review", columns, schema="app")
