"""Who may touch a new table: every revision that creates one says so through here.

`aprendiz_web` sees one shop, named by `app.shop_id` in its transaction; without a name it sees
nothing. The pipeline's queries name their shop themselves. The owner is bound too (FORCE), so a
migration that forgets its policy fails instead of quietly seeing everything.
"""

from alembic import op

from store.migrations.roles import OWNER, PIPELINE, WEB

CURRENT_SHOP = "nullif(current_setting('app.shop_id', true), '')::uuid"
EVERYBODY = "(length(current_setting('app.customer_id', true)) > 0) IS NOT TRUE"
"""No customer is named, so whoever asks is of the shop. Written so that the planner expects two
rows of three to pass: of an expression that IS NULL it expects one in two hundred, and would plan
every page of the shop for a handful of rows."""


# An ANALYZE keeps n_distinct; until the first one, statistics can be given from version 18 on.
STATISTICS = """
DO $$ BEGIN
  IF current_setting('server_version_num')::int >= 180000 THEN
    PERFORM pg_restore_attribute_stats(
      'schemaname', '{schema}', 'relname', '{table}', 'attname', 'shop_id', 'inherited', false,
      'null_frac', 0::real, 'avg_width', 16, 'n_distinct', 1::real);
  END IF;
END $$
"""


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
        if shop == "shop_id":
            _foresee(schema, table)
        op.execute(f"CREATE POLICY own_shop ON {name} TO {WEB} USING ({shop} = {CURRENT_SHOP})")


def _foresee(schema: str, table: str) -> None:
    """Tells the planner that one shop owns many rows, before it has seen any.

    Without this every index that begins with the shop looks as good as the key, and as plans are
    kept, the first minute of a busy shop would read all its rows for each row.
    """
    op.execute(f"ALTER TABLE {schema}.{table} ALTER shop_id SET (n_distinct = 1)")
    op.execute(STATISTICS.format(schema=schema, table=table))


def let_read(view: str) -> None:
    op.execute(f"GRANT SELECT ON {view} TO {PIPELINE}, {WEB}")
