"""Loans and instalments where most is left to pay are found by it."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0031"

SCHEMA = "app"


def upgrade() -> None:
    op.create_index(None, "loan", ["shop_id", "balance", "id"], schema=SCHEMA)
    left = sa.text("(amount - paid_amount)")
    op.create_index("ix_instalment_left", "instalment", ["shop_id", left, "id"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_index("ix_instalment_left", "instalment", schema=SCHEMA)
    op.drop_index("ix_loan_shop_id_balance_id", "loan", schema=SCHEMA)
