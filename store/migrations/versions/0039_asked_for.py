"""Answers that somebody asks to have reviewed go before all others."""

from alembic import op

revision = "0039"
down_revision = "0038"

TABLE, SCHEMA = "review_case", "ml"


def upgrade() -> None:
    _bound(0)


def downgrade() -> None:
    op.execute("UPDATE ml.review_case SET reason = 1 WHERE reason = 0")
    _bound(1)


def _bound(least: int) -> None:
    name = op.f("ck_review_case_reason")
    op.drop_constraint(name, TABLE, schema=SCHEMA, type_="check")
    op.create_check_constraint(name, TABLE, f"reason BETWEEN {least} AND 5", schema=SCHEMA)
