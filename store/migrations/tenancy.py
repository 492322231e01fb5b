"""Who may touch a new table: every revision that creates one says so through here.

`aprendiz_web` sees one shop, named by `app.shop_id` in its transaction; without a name it sees
nothing. The pipeline's queries name their shop themselves. The owner is bound too (FORCE), so a
migration that forgets its policy fails instead of quietly seeing everything.
"""

from alembic import op

from store.migrations.roles import OWNER, PIPELINE, WEB

CURRENT_SHOP = "nullif(current_setting('app.shop_id', true), '')::uuid"


def open_schema(schema: str) -> None:
    op.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    op.execute(f"GRANT USAGE ON SCHEMA {schema} TO {PIPELINE}, {WEB}")


def close_schema(schema: str) -> None:
    op.execute(f"DROP SCHEMA {schema}")


def confine(schema: str, *tables: str, shop: str = "shop_id") -> None:
    for table in tables:
        name = f"{schema}.{table}"
        op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO {PIPELINE}, {WEB}")
        op.execute(f"CREATE POLICY everything ON {name} TO {OWNER} USING (true)")
        op.execute(f"CREATE POLICY named_in_query ON {name} TO {PIPELINE} USING (true)")
        op.execute(f"CREATE POLICY own_shop ON {name} TO {WEB} USING ({shop} = {CURRENT_SHOP})")


def let_read(view: str) -> None:
    op.execute(f"GRANT SELECT ON {view} TO {PIPELINE}, {WEB}")
