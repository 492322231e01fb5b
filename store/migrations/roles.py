"""What stands before the first revision: the extension, three roles, and the owner's schema.

Only this needs a powerful login. Everything else is created by `aprendiz_owner`, and no role of
ours is a superuser or bypasses row-level security.
"""

from sqlalchemy import Connection

OWNER, WEB, PIPELINE = ROLES = ("aprendiz_owner", "aprendiz_web", "aprendiz_pipeline")

# Roles belong to the whole server, so another database may create the same one at this moment.
CREATE_ROLE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
    CREATE ROLE {role} NOLOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""

# A superuser may act as anyone; another login must be a member, from 16 on with the SET option.
GRANT_ROLE = """
DO $$ BEGIN
  IF current_setting('server_version_num')::int >= 160000 THEN
    IF NOT pg_has_role(current_user, '{role}', 'SET') THEN
      EXECUTE 'GRANT {role} TO CURRENT_USER WITH SET TRUE';
    END IF;
  ELSIF NOT pg_has_role(current_user, '{role}', 'MEMBER') THEN
    EXECUTE 'GRANT {role} TO CURRENT_USER';
  END IF;
END $$
"""

GRANT_DATABASE = """
DO $$ BEGIN
  EXECUTE format('GRANT CREATE ON DATABASE %I TO {owner}', current_database());
END $$
"""

# What is not ours to drop, or still serves another database of this server, stays.
DROP_EXTENSION = """
DO $$ BEGIN
  DROP EXTENSION vector;
EXCEPTION WHEN insufficient_privilege OR dependent_objects_still_exist THEN NULL;
END $$
"""

DROP_ROLE = """
DO $$ BEGIN
  DROP OWNED BY {role};
  DROP ROLE {role};
EXCEPTION WHEN insufficient_privilege OR dependent_objects_still_exist THEN NULL;
END $$
"""


def prepare(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS vector")
    for role in ROLES:
        connection.exec_driver_sql(CREATE_ROLE.format(role=role))
        connection.exec_driver_sql(GRANT_ROLE.format(role=role))
    connection.exec_driver_sql(GRANT_DATABASE.format(owner=OWNER))
    connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS app AUTHORIZATION {OWNER}")


def dismantle(connection: Connection) -> None:
    connection.exec_driver_sql("DROP TABLE app.revision")
    connection.exec_driver_sql("DROP SCHEMA app")
    connection.exec_driver_sql(DROP_EXTENSION)
    for role in reversed(ROLES):
        connection.exec_driver_sql(DROP_ROLE.format(role=role))
