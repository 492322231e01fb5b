"""Whose page it is holds for what the pages of the shop brought along, too."""

from alembic import op

from store.migrations.roles import WEB

revision = "0029"
down_revision = "0028"

CURRENT = "nullif(current_setting('app.customer_id', true), '')::uuid"
OWN = {
    "analytics.customer_day": "app.own_person(shop_id, customer_id)",
    "analytics.user_health": "app.own_person(shop_id, customer_id)",
    "ml.outcome": "app.own_row(shop_id, training_id)",
    # What people of the shop noted for themselves, and how it was done.
    **dict.fromkeys(
        ("app.conversation_state", "app.note", "app.span", "ml.question_asked", "ml.review_case"),
        "false",
    ),
}


def upgrade() -> None:
    for table, own in OWN.items():
        op.execute(
            f"CREATE POLICY own_customer ON {table} AS RESTRICTIVE TO {WEB}"
            f" USING ({CURRENT} IS NULL OR {own})"
        )


def downgrade() -> None:
    for table in OWN:
        op.execute(f"DROP POLICY own_customer ON {table}")
