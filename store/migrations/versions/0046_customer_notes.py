"""What the shop's people note of a customer, for each other."""

import sqlalchemy as sa
from alembic import op

from store.migrations.roles import WEB
from store.migrations.tenancy import EVERYBODY, confine

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "customer_note",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("was", sa.Text()),
        sa.Column("edited_at", moment),
        sa.Column("gone_at", moment),
        sa.Column("created_at", moment, server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id", "customer_id"], ["app.customer.shop_id", "app.customer.id"]
        ),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema="app",
    )
    op.create_index(None, "customer_note", ["shop_id", "customer_id", "at"], schema="app")
    confine("app", "customer_note")
    op.execute(
        f"CREATE POLICY own_customer ON app.customer_note AS RESTRICTIVE TO {WEB}"
        f" USING ({EVERYBODY})"
    )


def downgrade() -> None:
    op.drop_table("customer_note", schema="app")
