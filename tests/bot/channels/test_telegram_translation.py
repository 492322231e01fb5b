"""No failure of the libraries below us escapes, now or when they add one."""

import traceback
from typing import Any

import aiogram.exceptions
import aiohttp
import pytest
from aiogram.exceptions import AiogramError, TelegramAPIError, TelegramNetworkError
from aiogram.methods import SendMessage
from aiohttp.client_reqrep import ConnectionKey

from bot.channels.telegram import translated
from bot.channels.telegram_transport import AnswerLost, CallFailed, Unreached
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
    with pytest.raises(CallFailed) as caught, translated():
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
    with pytest.raises(CallFailed) as caught, translated():
        raise TelegramNetworkError(METHOD, name(cause)) from cause

    assert type(caught.value) is (Unreached if isinstance(cause, SAFE) else AnswerLost)
    assert TOKEN not in "".join(traceback.format_exception(caught.value))
