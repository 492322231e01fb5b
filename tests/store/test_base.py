import asyncpg
import pytest
from sqlalchemy import exc as alchemy
from sqlalchemy.engine.interfaces import DBAPIModule

from store.base import DanglingReference, StoreError, StoreRefused, StoreUnavailable, translated

ERRORS = [
    error
    for error in vars(asyncpg.exceptions).values()
    if isinstance(error, type) and issubclass(error, Exception) and not issubclass(error, Warning)
]
CODE_WITHOUT_SERVER = (
    ConnectionRefusedError,
    ConnectionResetError,
    TimeoutError,
    alchemy.TimeoutError,
)


class DriverError(DBAPIModule.Error):
    """What SQLAlchemy's dialect puts around an error of asyncpg."""


def raised(error: Exception) -> StoreError:
    with pytest.raises(StoreError) as caught, translated():
        raise error
    return caught.value


def wrapped(error: Exception) -> alchemy.DBAPIError:
    driver = DriverError(str(error))
    driver.__cause__ = error
    return alchemy.DBAPIError("SELECT 1", None, driver)


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_no_error_of_the_driver_escapes(kind: type[Exception]) -> None:
    error = kind("no")
    directly, through_sqlalchemy = raised(error), raised(wrapped(error))
    assert type(directly) is type(through_sqlalchemy)
    assert directly.__cause__ is error


@pytest.mark.parametrize(
    "kind",
    [
        asyncpg.CannotConnectNowError,
        asyncpg.AdminShutdownError,
        asyncpg.CrashShutdownError,
        asyncpg.ConnectionDoesNotExistError,
        asyncpg.ConnectionFailureError,
        asyncpg.TooManyConnectionsError,
        asyncpg.DiskFullError,
        asyncpg.OutOfMemoryError,
        asyncpg.PostgresSystemError,
        asyncpg.DeadlockDetectedError,
        asyncpg.SerializationError,
        asyncpg.LockNotAvailableError,
    ],
)
def test_what_may_pass_is_worth_another_try(kind: type[Exception]) -> None:
    assert isinstance(raised(kind("later")), StoreUnavailable)


@pytest.mark.parametrize(
    "kind",
    [
        asyncpg.UniqueViolationError,
        asyncpg.CheckViolationError,
        asyncpg.NotNullViolationError,
        asyncpg.InsufficientPrivilegeError,
        asyncpg.UndefinedTableError,
        asyncpg.CharacterNotInRepertoireError,
        asyncpg.NumericValueOutOfRangeError,
        asyncpg.InvalidPasswordError,
        asyncpg.DataError,
        asyncpg.InterfaceError,
        asyncpg.exceptions.ClientConfigurationError,
    ],
)
def test_what_is_wrong_in_itself_is_refused(kind: type[Exception]) -> None:
    assert isinstance(raised(kind("never")), StoreRefused)


@pytest.mark.parametrize(
    "words", ["connection is closed", "cannot perform operation: another operation is in progress"]
)
def test_a_lost_connection_is_worth_another_try(words: str) -> None:
    assert isinstance(raised(asyncpg.InterfaceError(words)), StoreUnavailable)


@pytest.mark.parametrize("kind", CODE_WITHOUT_SERVER)
def test_a_server_that_cannot_be_reached_is_unavailable(kind: type[Exception]) -> None:
    assert isinstance(raised(kind("nobody there")), StoreUnavailable)


def test_a_foreign_key_to_nothing_is_told_apart() -> None:
    assert isinstance(raised(asyncpg.ForeignKeyViolationError("no row")), DanglingReference)


def test_a_parameter_of_the_wrong_type_is_refused() -> None:
    error = alchemy.StatementError("no", "SELECT :x", {}, TypeError("x is no number"))
    assert isinstance(raised(error), StoreRefused)


def test_an_error_without_words_is_named() -> None:
    assert str(raised(TimeoutError())) == "TimeoutError"


def test_our_own_errors_pass_as_they_are() -> None:
    with pytest.raises(KeyError), translated():
        raise KeyError("bug")
