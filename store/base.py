"""What every table shares, and how storage may fail.

StoreError
├── StoreUnavailable      Postgres is down, full or starting: wait and try again
└── StoreRefused          the data itself is refused: trying again changes nothing
    ├── DanglingReference it points to a row that is not there
    ├── Unwritable        a value that no column can hold: a NUL in a text, a number too large
    └── Known             there is one by this name already
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final, TypeAlias, TypeVar
from uuid import UUID

import asyncpg
from sqlalchemy import (
    BindParameter,
    DateTime,
    ForeignKeyConstraint,
    MetaData,
    Uuid,
    bindparam,
    func,
)
from sqlalchemy import exc as alchemy
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

PASSING = (
    ConnectionError,
    TimeoutError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresSystemError,
    asyncpg.TransactionRollbackError,
    asyncpg.ObjectNotInPrerequisiteStateError,
    asyncpg.InvalidCachedStatementError,
    asyncpg.IdleInTransactionSessionTimeoutError,
)

T = TypeVar("T")
Given: TypeAlias = T | BindParameter[T]
"""A value, or its place in a statement that is put together once and asked many times."""
SHOP: Final = bindparam("shop", type_=Uuid())
NOW: Final = bindparam("now", type_=DateTime(timezone=True))


class StoreError(Exception):
    """Postgres did not do what we asked."""


class StoreUnavailable(StoreError):
    """The same request may succeed later."""


class StoreRefused(StoreError):
    """The same request will never succeed."""


class Unwritable(StoreRefused):
    """A value is none that Postgres has."""


class Known(StoreRefused):
    """What has to be there once is there already."""


class DanglingReference(StoreRefused):
    """A foreign key points to nothing."""


REFUSED: Final[Sequence[tuple[type[BaseException], type[StoreRefused]]]] = (
    (asyncpg.ForeignKeyViolationError, DanglingReference),
    (asyncpg.UniqueViolationError, Known),
    (asyncpg.DataError, Unwritable),
)


@contextmanager
def translated() -> Iterator[None]:
    """Foreign errors stop here."""
    try:
        yield
    except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
        raise _ours(error) from error
    except (ConnectionError, TimeoutError, alchemy.TimeoutError) as error:
        raise StoreUnavailable(_said(error)) from error
    except alchemy.DBAPIError as error:
        cause = error.orig.__cause__ if error.orig else None
        if error.connection_invalidated:
            raise StoreUnavailable(_said(cause or error)) from error
        raise _ours(cause or error) from error
    except alchemy.StatementError as error:
        raise StoreRefused(_said(error.orig or error)) from error


def _ours(error: BaseException) -> StoreError:
    if isinstance(error, PASSING) or _is_lost(error):
        return StoreUnavailable(_said(error))
    if isinstance(error, asyncpg.InterfaceError) and isinstance(error, ValueError):
        return Unwritable(_said(error))  # the driver's own word, before anything is sent
    kind = next((ours for theirs, ours in REFUSED if isinstance(error, theirs)), StoreRefused)
    return kind(_said(error))


def _is_lost(error: BaseException) -> bool:
    """The driver has one class for a lost connection and for a call that makes no sense."""
    if type(error) is not asyncpg.InterfaceError:
        return False
    return "closed" in str(error) or "another operation" in str(error)


def _said(error: BaseException) -> str:
    if isinstance(error, asyncpg.InternalClientError) and "cannot switch to state" in str(error):
        return "the server ended the connection while nothing was asked of it"
    return str(error) or type(error).__name__


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=CONVENTION)
    type_annotation_map = {datetime: DateTime(timezone=True), UUID: Uuid()}


class Owned:
    """A row of one shop. Its key begins with the shop, and so does every foreign key to it.

    Ids derive from the event that causes the row, so writing it twice changes nothing.
    """

    shop_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-2)
    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-1)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), sort_order=99)


def points_to(table: str, column: str) -> ForeignKeyConstraint:
    """A foreign key between tenant tables, which can never reach into another shop."""
    return ForeignKeyConstraint(["shop_id", column], [f"{table}.shop_id", f"{table}.id"])


def of_a_shop() -> ForeignKeyConstraint:
    """For tables that point to no other tenant table; those that do inherit the shop from it."""
    return ForeignKeyConstraint(["shop_id"], ["app.shop.id"])


def dsn(url: str) -> str:
    """SQLAlchemy's spelling is accepted too; host, socket folder and sslmode are asyncpg's part."""
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)
