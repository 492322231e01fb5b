"""What every table shares, and how storage may fail.

StoreError
├── StoreUnavailable  Postgres is down, full or starting: wait and try again
└── StoreRefused      the data itself is refused: trying again changes nothing
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

import asyncpg
from sqlalchemy import DateTime, MetaData, Uuid, func
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

UNAVAILABLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.PostgresSystemError,
    ConnectionError,
    OSError,
    TimeoutError,
)


class StoreError(Exception):
    """Postgres did not do what we asked."""


class StoreUnavailable(StoreError):
    """The same request may succeed later."""


class StoreRefused(StoreError):
    """The same request will never succeed."""


@contextmanager
def translated() -> Iterator[None]:
    """Foreign errors stop here."""
    try:
        yield
    except UNAVAILABLE as error:
        raise StoreUnavailable(str(error) or type(error).__name__) from error
    except (OperationalError, InterfaceError) as error:
        raise StoreUnavailable(str(error.orig)) from error
    except DBAPIError as error:
        cause = error.orig.__cause__ if error.orig else None
        if error.connection_invalidated or isinstance(cause, UNAVAILABLE):
            raise StoreUnavailable(str(error.orig)) from error
        raise StoreRefused(str(error.orig)) from error
    except asyncpg.PostgresError as error:
        raise StoreRefused(str(error)) from error


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=CONVENTION)
    type_annotation_map = {datetime: DateTime(timezone=True), UUID: Uuid()}


class Keyed:
    """Primary key and birth of a row; ids are derived from the event that causes the row."""

    id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
