"""Alembic's entry point: runs the revisions on the connection it is given."""

import logging

from alembic import context

from store import (  # noqa: F401  their tables register with the metadata
    acceptance,
    accounts,
    afterwards,
    alerts,
    api_keys,
    app,
    audit,
    choices,
    dealings,
    dictionary,
    evaluations,
    examples,
    exemplars,
    facts,
    fields,
    imports,
    inbox,
    knowledge,
    ledger,
    lending,
    lessons,
    ml,
    nlu,
    people,
    predicting,
    preparing,
    proposals,
    ratings,
    rollouts,
    rollups,
    satisfaction,
    scoring,
    spans,
    versions,
    web_sessions,
    work,
)
from store.base import Base
from store.migrations.roles import OWNER
from store.privacy import tables  # noqa: F401  so do these

logging.getLogger("alembic").setLevel(logging.WARNING)

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    version_table="revision",
    version_table_schema="app",
    include_schemas=True,
    transactional_ddl=True,
)
connection.exec_driver_sql(f"SET LOCAL ROLE {OWNER}")
context.run_migrations()
