"""Who is told on Mondays what the week came to."""

import sqlalchemy as sa
from alembic import op

from store.migrations.roles import WEB
from store.migrations.tenancy import EVERYBODY, confine

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    op.create_table(
        "weekly_reader",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.ForeignKeyConstraint(["shop_id", "person_id"], ["app.person.shop_id", "app.person.id"]),
        sa.PrimaryKeyConstraint("shop_id", "person_id"),
        schema="app",
    )
    columns = ["shop_id", "chat"]
    op.create_index("uq_weekly_reader_chat", "weekly_reader", columns, unique=True, schema="app")
    confine("app", "weekly_reader")
    op.execute(
        f"CREATE POLICY own_customer ON app.weekly_reader AS RESTRICTIVE TO {WEB}"
        f" USING ({EVERYBODY})"
    )


def downgrade() -> None:
    op.drop_table("weekly_reader", schema="app")
