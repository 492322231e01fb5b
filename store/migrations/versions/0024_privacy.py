"""What customers asked of their data, tombstones of who left, rows that only their owner sees."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from store.migrations.roles import WEB
from store.migrations.tenancy import confine

revision = "0024"
down_revision = "0023"

SCHEMA = "app"
MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")
TABLES = (
    "privacy_request", "consent", "erased", "privacy_pepper", "privacy_rule", "privacy_link",
)  # fmt: skip
CURRENT = "nullif(current_setting('app.customer_id', true), '')::uuid"
"""Whose page asks; nobody's where a person of the shop does."""

# Never inlined, and told to cost next to nothing: most who ask are no customers, and their plans
# must not change for those who are.
FUNCTIONS = {
    "own_person": f"""$2 = {CURRENT} OR EXISTS (SELECT FROM app.customer c
        WHERE c.shop_id = $1 AND c.id = $2 AND c.merged_into = {CURRENT})""",
    "own_talk": """EXISTS (SELECT FROM app.conversation c WHERE c.shop_id = $1 AND c.id = $2
        AND app.own_person(c.shop_id, c.customer_id))""",
    "own_message": """EXISTS (SELECT FROM app.message m WHERE m.shop_id = $1 AND m.id = $2
        AND app.own_talk(m.shop_id, m.conversation_id))""",
    "own_order": """EXISTS (SELECT FROM app.orders o WHERE o.shop_id = $1 AND o.id = $2
        AND app.own_person(o.shop_id, o.customer_id))""",
    "own_row": """EXISTS (SELECT FROM ml.training_data t WHERE t.shop_id = $1 AND t.id = $2
        AND app.own_person(t.shop_id, t.customer_id))""",
}
OWN = {
    "app.customer": f"id = {CURRENT} OR merged_into = {CURRENT}",
    "app.customer_merge": "app.own_person(shop_id, merged_id)",
    **dict.fromkeys(
        (
            "app.budget", "app.client_link", "app.consent", "app.conversation",
            "app.customer_alias", "app.goal", "app.identity_failure", "app.ledger_entry",
            "app.orders", "app.privacy_link", "app.privacy_request", "ml.training_data",
        ),
        "app.own_person(shop_id, customer_id)",
    ),
    **dict.fromkeys(
        (
            "app.broadcast_target", "app.client_inquiry", "app.csat", "app.delivery_part",
            "app.hand_over", "app.message", "app.reaction", "app.withheld",
        ),
        "app.own_talk(shop_id, conversation_id)",
    ),
    **dict.fromkeys(
        ("app.delivery", "app.media_file"), "app.own_message(shop_id, message_id)"
    ),
    "app.order_line": "app.own_order(shop_id, order_id)",
    **dict.fromkeys(
        (
            "ml.acceptance", "ml.correction", "ml.dataset_row", "ml.eval_case", "ml.example",
            "ml.exemplar", "ml.nlu_annotation", "ml.rating", "ml.reply_label", "ml.score",
            "ml.training_source",
        ),
        "app.own_row(shop_id, training_id)",
    ),
    **dict.fromkeys(
        ("app.event_log", "ml.shadow_answer"), "app.own_row(shop_id, reply_id)"
    ),
    **dict.fromkeys(
        (
            "app.client", "app.instalment", "app.loan", "app.payment", "ml.dictionary_suggestion",
            "ml.eval_result", "app.erased", "app.channel_account",
        ),
        "false",
    ),
}  # fmt: skip


def upgrade() -> None:
    op.add_column("customer", sa.Column("restricted_at", MOMENT), schema=SCHEMA)
    op.add_column("model_version", sa.Column("retrain_by", MOMENT), schema="ml")
    _requests()
    _consents()
    _tombstones()
    _links()
    kept = sa.text("path IS NOT NULL")
    columns = ["shop_id", "created_at"]
    op.create_index(
        "ix_media_file_kept", "media_file", columns, schema=SCHEMA, postgresql_where=kept
    )
    op.execute(
        "CREATE INDEX ix_customer_name ON app.customer (shop_id, lower(name) text_pattern_ops)"
    )
    op.create_index(
        "ix_customer_alias_external_id", "customer_alias", ["shop_id", "external_id"],
        schema=SCHEMA, postgresql_ops={"external_id": "text_pattern_ops"},
    )  # fmt: skip
    confine(SCHEMA, *TABLES)
    op.execute(f"REVOKE SELECT ON app.privacy_pepper FROM {WEB}")  # noqa: S608  ours
    op.execute(f"GRANT SELECT (shop_id) ON app.privacy_pepper TO {WEB}")
    for name, body in FUNCTIONS.items():
        op.execute(
            f"CREATE FUNCTION app.{name}(uuid, uuid) RETURNS boolean"
            f" LANGUAGE sql STABLE COST 1 AS $$ SELECT {body} $$"
        )
    for table, own in OWN.items():
        op.execute(
            f"CREATE POLICY own_customer ON {table} AS RESTRICTIVE TO {WEB}"
            f" USING ({CURRENT} IS NULL OR {own})"
        )


def downgrade() -> None:
    for table in OWN:
        op.execute(f"DROP POLICY own_customer ON {table}")
    for name in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION app.{name}(uuid, uuid)")
    op.drop_index("ix_customer_alias_external_id", "customer_alias", schema=SCHEMA)
    op.drop_index("ix_customer_name", "customer", schema=SCHEMA)
    op.drop_index("ix_media_file_kept", "media_file", schema=SCHEMA)
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)
    op.drop_column("model_version", "retrain_by", schema="ml")
    op.drop_column("customer", "restricted_at", schema=SCHEMA)


def _table(name: str, *items: Any) -> None:  # noqa: ANN401  columns and constraints
    shop = sa.Column("shop_id", sa.Uuid(), nullable=False)
    op.create_table(
        name, shop, *items, schema=SCHEMA,
    )  # fmt: skip


def _of_shop() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"])


def _requests() -> None:
    _table(
        "privacy_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT),
        sa.Column("scope", JSONB()),
        sa.Column("receipt", JSONB(), server_default="{}", nullable=False),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        _of_shop(),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        sa.CheckConstraint(
            "kind IN ('export', 'erasure', 'opposition', 'rectification', 'restriction')",
            name="kind",
        ),
        sa.CheckConstraint("state IN ('open', 'running', 'done')", name="state"),
    )
    _index("privacy_request", "shop_id", "created_at", "id")
    some = sa.text("customer_id IS NOT NULL")
    _index("privacy_request", "shop_id", "customer_id", "created_at", where=some)
    still = sa.text("state <> 'done'")
    op.create_index(
        "ix_privacy_request_open", "privacy_request", ["shop_id", "due_at"], schema=SCHEMA,
        postgresql_where=still,
    )  # fmt: skip


def _consents() -> None:
    _table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id", "customer_id"], ["app.customer.shop_id", "app.customer.id"]
        ),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        sa.CheckConstraint("subject IN ('training', 'processing', 'messages')", name="subject"),
    )
    _index("consent", "shop_id", "customer_id", "created_at")


def _tombstones() -> None:
    _table(
        "erased",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _of_shop(),
        sa.PrimaryKeyConstraint("shop_id", "digest"),
    )
    _table(
        "privacy_pepper",
        sa.Column("pepper", sa.LargeBinary(), nullable=False),
        _of_shop(),
        sa.PrimaryKeyConstraint("shop_id"),
    )
    _table(
        "privacy_rule",
        sa.Column("chat_days", sa.Integer()),
        sa.Column("media_days", sa.Integer()),
        sa.Column("notice", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, server_default=NOW, nullable=False),
        _of_shop(),
        sa.PrimaryKeyConstraint("shop_id"),
        sa.CheckConstraint("chat_days BETWEEN 1 AND 3650", name="chat_days"),
        sa.CheckConstraint("media_days BETWEEN 1 AND 3650", name="media_days"),
    )


def _links() -> None:
    _table(
        "privacy_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid()),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("session", sa.LargeBinary()),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        _of_shop(),
        sa.PrimaryKeyConstraint("shop_id", "id"),
    )
    _index("privacy_link", "shop_id", "digest", unique=True)
    _index("privacy_link", "shop_id", "session", where=sa.text("session IS NOT NULL"))
    _index("privacy_link", "shop_id", "customer_id")
    _index("privacy_link", "shop_id", "expires_at")


def _index(
    table: str, *columns: str, where: sa.TextClause | None = None, unique: bool = False
) -> None:
    op.create_index(
        None, table, list(columns), schema=SCHEMA, unique=unique, postgresql_where=where
    )
