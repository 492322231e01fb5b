"""Alembic's entry point: runs the revisions on the connection it is given."""

import logging

from alembic import context

from store import tables
from store.migrations.roles import OWNER

logging.getLogger("alembic").setLevel(logging.WARNING)

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=tables.known(),
    version_table="revision",
    version_table_schema="app",
    include_schemas=True,
    transactional_ddl=True,
)
connection.exec_driver_sql(f"SET LOCAL ROLE {OWNER}")
context.run_migrations()
