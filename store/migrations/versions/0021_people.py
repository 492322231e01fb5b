"""Who may enter a shop's pages and its API, who is in, and what they did."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from store.migrations.roles import PIPELINE, WEB
from store.migrations.tenancy import confine

revision = "0021"
down_revision = "0020"

SCHEMA = "app"
TABLES = ("person", "web_session", "api_key", "audit_event")
MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")


def upgrade() -> None:
    _person()
    _web_session()
    _api_key()
    _audit_event()
    confine(SCHEMA, *TABLES)
    # What was done stays told: only the owner of the tables may take it away.
    op.execute(f"REVOKE UPDATE, DELETE ON app.audit_event FROM {PIPELINE}, {WEB}")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)


def _person() -> None:
    op.create_table(
        "person",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text()),
        sa.Column("password_at", MOMENT),
        sa.Column("link_digest", sa.LargeBinary()),
        sa.Column("link_until", MOMENT),
        sa.Column("locale", sa.Text()),
        sa.Column("theme", sa.Text()),
        sa.Column(
            "single_key_shortcuts", sa.Boolean(), server_default=sa.text("true"), nullable=False
        ),
        sa.Column("disabled_at", MOMENT),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.CheckConstraint("role IN ('admin', 'owner', 'seller', 'viewer')", name="role"),
        sa.CheckConstraint("email = lower(email)", name="email"),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema=SCHEMA,
    )
    linked = sa.text("link_digest IS NOT NULL")
    op.create_index("uq_person_email", "person", ["shop_id", "email"], unique=True, schema=SCHEMA)
    op.create_index(
        "uq_person_link",
        "person",
        ["shop_id", "link_digest"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=linked,
    )
    op.create_index(None, "person", ["shop_id", "name"], schema=SCHEMA)


def _web_session() -> None:
    op.create_table(
        "web_session",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("ip_hash", sa.Text()),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.ForeignKeyConstraint(["shop_id", "person_id"], ["app.person.shop_id", "app.person.id"]),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema=SCHEMA,
    )
    name, table = "uq_web_session_digest", "web_session"
    op.create_index(name, table, ["shop_id", "digest"], unique=True, schema=SCHEMA)
    op.create_index(None, table, ["shop_id", "person_id", "last_seen_at"], schema=SCHEMA)
    op.create_index(None, table, ["shop_id", "created_at"], schema=SCHEMA)


def _api_key() -> None:
    op.create_table(
        "api_key",
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", JSONB(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("expires_at", MOMENT),
        sa.Column("last_used_at", MOMENT),
        sa.Column("revoked_at", MOMENT),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.PrimaryKeyConstraint("shop_id", "id"),
        schema=SCHEMA,
    )
    op.create_index(None, "api_key", ["shop_id", "created_at"], schema=SCHEMA)


def _audit_event() -> None:
    table = "audit_event"
    op.create_table(
        table,
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("before", JSONB()),
        sa.Column("after", JSONB()),
        sa.Column("ip_hash", sa.Text()),
        sa.Column("request_id", sa.Text()),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["app.shop.id"]),
        sa.PrimaryKeyConstraint("shop_id", "number"),
        schema=SCHEMA,
    )
    for column in ("actor", "action", "object"):
        op.create_index(None, table, ["shop_id", column, "number"], schema=SCHEMA)
    op.create_index(None, table, ["shop_id", "at"], schema=SCHEMA)
