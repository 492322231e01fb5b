"""Telegram through python-telegram-bot, only the HTTP client here too; optional.

Its errors mislead in two places: a BadRequest is a NetworkError, though trying again is no use,
and one TimedOut stands for calls that never left and for answers that never came.
"""

import asyncio
import json
import logging
import re
import warnings
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx
from telegram import Bot, InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest
from telegram.warnings import PTBDeprecationWarning, PTBUserWarning

from bot.channels.telegram.transport import (
    CHUNK,
    CONNECT_S,
    AnswerLost,
    CallFailed,
    Files,
    Limited,
    Migrated,
    Taken,
    Troubled,
    Unreached,
    closed,
    no_file,
    no_token,
    refusal,
    too_large,
    unknown_token,
)

OK, MULTIPLE_CHOICES, TOO_LARGE, TOO_MANY = 200, 300, 413, 429
A_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
TOO_LARGE_SAID = "Request Entity Too Large"
NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.InvalidURL,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


class Discreet(logging.Filter):
    """httpx tells every address at INFO, and ours hold the token."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = A_TOKEN.sub("…", record.getMessage()), ()
        return True


DISCREET = Discreet()


class LenientRequest(HTTPXRequest):
    """Turns away what PTB stumbles over: an answer without a result, or parameters of any kind."""

    # Its own signature: a method of the library, called with names and places alike.
    async def do_request(self, *args: Any, **named: Any) -> tuple[int, bytes]:  # noqa: ANN401
        code, payload = await super().do_request(*args, **named)
        if code == TOO_LARGE:
            raise BadRequest(TOO_LARGE_SAID)
        parameters = _parameters(code, payload)
        if code == TOO_MANY and not parameters.get("retry_after"):
            raise RetryAfter(1)
        return code, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        answer = json.loads(payload.decode("utf-8", "replace"), strict=False)
        return answer if isinstance(answer, dict) else {}


def _parameters(code: int, payload: bytes) -> dict[str, int]:
    try:
        answer = LenientRequest.parse_json_payload(payload)
    except (ValueError, RecursionError):
        raise NetworkError(f"HTTP {code}, not JSON") from None
    if OK <= code < MULTIPLE_CHOICES:
        sound = answer.get("ok") is True and "result" in answer
    else:
        sound = isinstance(answer.get("description"), str)
    parameters = answer.get("parameters") or {}
    if not sound or not isinstance(parameters, dict):
        raise NetworkError(f"HTTP {code} without a reason")
    if not all(isinstance(value, int) for value in parameters.values()):
        raise NetworkError(f"HTTP {code} with odd parameters")
    return parameters


class PtbTransport:
    def __init__(self, token: str, base_url: str) -> None:
        self._token = token
        self._base = base_url.rstrip("/")
        self._request = LenientRequest()
        self._bot: Bot | None = None
        self._closed = False
        self._files: httpx.AsyncClient | None = None
        for name in ("httpx", "telegram.Bot"):
            logging.getLogger(name).addFilter(DISCREET)
        # We call every method by name on purpose, and read seconds whatever they are kept in.
        warnings.filterwarnings("ignore", r"Please use 'Bot\.", PTBUserWarning)
        warnings.filterwarnings("ignore", ".*`retry_after`", PTBDeprecationWarning)

    async def call(
        self,
        method: str,
        params: Mapping[str, Any],
        *,
        timeout_s: float,
        files: Files | None = None,
    ) -> Any:  # noqa: ANN401  JSON, as it came
        attached = {
            field: InputFile(contents, filename=name)
            for field, (name, contents) in (files or {}).items()
        }
        with translated():
            async with asyncio.timeout(timeout_s):
                return await self._ready().do_api_request(
                    method,
                    {**params, **attached},
                    read_timeout=timeout_s,
                    write_timeout=timeout_s,
                    connect_timeout=CONNECT_S,
                    pool_timeout=CONNECT_S,
                )

    async def download(self, path: str, *, timeout_s: float) -> AsyncGenerator[bytes, None]:
        """By httpx itself: PTB would read the whole file at once, whatever its size."""
        with translated():
            self._ready()
            if self._files is None:
                self._files = httpx.AsyncClient()
            url = f"{self._base}/file/bot{self._token}/{quote(path)}"
            limits = httpx.Timeout(timeout_s, connect=CONNECT_S)
            async with self._files.stream("GET", url, timeout=limits) as answer:
                if answer.status_code != OK:
                    raise no_file(answer.status_code)
                async for chunk in answer.aiter_bytes(CHUNK):
                    yield chunk

    def _ready(self) -> Bot:
        if self._closed:
            raise closed()
        if not A_TOKEN.fullmatch(self._token):
            raise no_token()
        if self._bot is None:
            base, files = f"{self._base}/bot", f"{self._base}/file/bot"
            self._bot = Bot(
                self._token, base, files, request=self._request, get_updates_request=self._request
            )
        return self._bot

    async def close(self) -> None:
        self._closed = True
        await self._request.shutdown()
        if self._files is not None:
            await self._files.aclose()


@contextmanager
def translated() -> Iterator[None]:
    """Without the cause: its text may hold the address, and the address holds the token."""
    try:
        yield
    except TelegramError as error:
        raise _answer(error) from None
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
        raise _network(error) from None


def _network(cause: BaseException) -> Unreached | AnswerLost:
    if isinstance(cause, NEVER_LEFT):
        return Unreached(f"Telegram cannot be reached ({type(cause).__name__})")
    return AnswerLost(f"Telegram did not answer ({type(cause).__name__})")


def _answer(error: TelegramError) -> CallFailed:  # noqa: PLR0911  one line for each of its errors
    said = error.message
    match error:
        case RetryAfter(retry_after=pause):
            return Limited(pause.total_seconds() if isinstance(pause, timedelta) else pause)
        case ChatMigrated(new_chat_id=chat):
            return Migrated(str(chat))
        case BadRequest() if said == TOO_LARGE_SAID:
            return too_large()
        case BadRequest() | Forbidden():
            return refusal(said, forbidden=isinstance(error, Forbidden))
        case InvalidToken():
            return unknown_token()
        case Conflict():
            return Taken(said)
        case TimedOut() | NetworkError() if error.__cause__ is not None:
            return _network(error.__cause__)
        case TimedOut():
            return _network(error)
        case _:
            return Troubled(said)
