"""No failure of the libraries below us escapes, now or when they add one."""

import traceback
import warnings
from typing import Any

import aiogram.exceptions
import aiohttp
import httpx
import pytest
import telegram.error
from aiogram.exceptions import AiogramError, TelegramAPIError, TelegramNetworkError
from aiogram.methods import SendMessage
from aiohttp.client_reqrep import ConnectionKey
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from telegram.warnings import PTBDeprecationWarning

from bot.channels.telegram import aiogram_client, ptb_client
from bot.channels.telegram.transport import AnswerLost, CallFailed, Rejected, Unreached
from tests.servers.telegram import TOKEN

NO_PROXY: dict[str, Any] = dict.fromkeys(("proxy", "proxy_auth", "proxy_headers_hash"))
METHOD = SendMessage(chat_id=7, text="hola")
KEY = ConnectionKey("host", 1, is_ssl=False, ssl=False, **NO_PROXY)


def name(error: Exception) -> str:
    return type(error).__name__


def every_failure_of_aiogram() -> list[AiogramError]:
    special: dict[str, dict[str, Any]] = {
        "TelegramRetryAfter": {"retry_after": 1},
        "TelegramMigrateToChat": {"migrate_to_chat_id": 1},
    }
    found: list[AiogramError] = []
    for kind in vars(aiogram.exceptions).values():
        if not isinstance(kind, type) or not issubclass(kind, AiogramError):
            continue
        if issubclass(kind, TelegramAPIError):
            arguments = {"method": METHOD, "message": "said", **special.get(kind.__name__, {})}
            found.append(kind(**arguments))
        else:
            found.append(kind.__new__(kind, TOKEN))
    return found


@pytest.mark.parametrize("error", every_failure_of_aiogram(), ids=name)
def test_no_failure_of_aiogram_escapes_untranslated(error: AiogramError) -> None:
    with pytest.raises(CallFailed) as caught, aiogram_client.translated():
        raise error

    assert TOKEN not in "".join(traceback.format_exception(caught.value))


SAFE = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
CAUSES = [
    aiohttp.ClientConnectorError(KEY, OSError(5, TOKEN)),
    aiohttp.ConnectionTimeoutError(TOKEN),
    aiohttp.InvalidURL(TOKEN),
    aiohttp.ServerDisconnectedError(),
    aiohttp.ClientOSError(5, TOKEN),
    aiohttp.ClientPayloadError(TOKEN),
    aiohttp.SocketTimeoutError(TOKEN),
    aiohttp.ServerTimeoutError(TOKEN),
    TimeoutError(TOKEN),
]


@pytest.mark.parametrize("cause", CAUSES, ids=name)
def test_only_what_never_left_is_called_unreached(cause: Exception) -> None:
    with pytest.raises(CallFailed) as caught, aiogram_client.translated():
        raise TelegramNetworkError(METHOD, name(cause)) from cause

    assert type(caught.value) is (Unreached if isinstance(cause, SAFE) else AnswerLost)
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


def every_failure_of_ptb() -> list[TelegramError]:
    special: dict[str, Any] = {"RetryAfter": 1, "ChatMigrated": 1}
    kinds = [getattr(telegram.error, kind) for kind in telegram.error.__all__]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PTBDeprecationWarning)
        return [kind(special.get(kind.__name__, "said")) for kind in kinds]


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
@pytest.mark.parametrize("error", every_failure_of_ptb(), ids=name)
def test_no_failure_of_ptb_escapes_untranslated(error: TelegramError) -> None:
    with pytest.raises(CallFailed), ptb_client.translated():
        raise error


def test_a_bad_request_of_ptb_is_final_although_it_is_a_network_error() -> None:
    with pytest.raises(Rejected), ptb_client.translated():
        raise BadRequest("Bad Request: message text is empty")


NEVER_LEFT = (
    httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError,
    httpx.UnsupportedProtocol, httpx.InvalidURL,
)  # fmt: skip
EVERY_CAUSE = [
    kind(TOKEN)
    for kind in vars(httpx).values()
    if isinstance(kind, type)
    and issubclass(kind, httpx.TransportError | httpx.InvalidURL | httpx.RequestError)
]


@pytest.mark.parametrize("cause", EVERY_CAUSE, ids=name)
def test_only_what_never_left_through_ptb_is_called_unreached(cause: Exception) -> None:
    timed_out = isinstance(cause, httpx.TimeoutException)
    told = TimedOut(TOKEN) if timed_out else NetworkError(TOKEN)

    for error in (told, cause):
        with pytest.raises(CallFailed) as caught, ptb_client.translated():
            raise error from cause

        assert type(caught.value) is (Unreached if isinstance(cause, NEVER_LEFT) else AnswerLost)
        assert TOKEN not in "".join(traceback.format_exception(caught.value))
