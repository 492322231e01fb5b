"""Lists that people keep under a name."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from store.migrations.roles import WEB
from store.migrations.tenancy import confine

revision = "0037"
down_revision = "0036"

NO_CUSTOMER = "nullif(current_setting('app.customer_id', true), '') IS NULL"


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", JSONB(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["shop_id", "person_id"], ["app.person.shop_id", "app.person.id"]),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema="app",
    )
    columns = ["shop_id", "person_id", "page", "name"]
    op.create_index("uq_saved_view_name", "saved_view", columns, unique=True, schema="app")
    confine("app", "saved_view")
    op.execute(
        f"CREATE POLICY own_customer ON app.saved_view AS RESTRICTIVE TO {WEB}"
        f" USING ({NO_CUSTOMER})"
    )


def downgrade() -> None:
    op.drop_table("saved_view", schema="app")
