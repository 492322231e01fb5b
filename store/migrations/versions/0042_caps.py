"""What models may cost a shop a day, as its owner chose it: of all, and of each customer."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"

CHOICE = "shop_choice"
CAPS = ("shop_cap", "customer_cap")


def upgrade() -> None:
    for name in CAPS:
        op.add_column(CHOICE, sa.Column(name, sa.BigInteger()), schema="app")
    op.create_check_constraint("caps", CHOICE, "shop_cap >= 0 AND customer_cap >= 0", schema="app")


def downgrade() -> None:
    op.drop_constraint("ck_shop_choice_caps", CHOICE, schema="app")
    for name in CAPS:
        op.drop_column(CHOICE, name, schema="app")
