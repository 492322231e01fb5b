"""Telegram through aiogram, which is only the HTTP client: it receives and parses nothing."""

import json
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from typing import Any, cast

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import BufferedInputFile
from aiogram.utils.token import TokenValidationError
from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientTimeout,
    ConnectionTimeoutError,
    FormData,
    InvalidURL,
)

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

OK, MULTIPLE_CHOICES, TOO_MANY = 200, 300, 429


class AnyMethod(TelegramMethod[Any]):
    """Any method with any parameters; what comes back stays as it came."""

    __returning__ = Any
    __api_method__ = ""


@cache
def method_named(name: str) -> type[AnyMethod]:
    return type(name, (AnyMethod,), {"__api_method__": name})


def _is_readable(status: int, answer: dict[str, Any]) -> bool:
    """A result, or a refusal that aiogram can read."""
    if answer.get("ok") is True and OK <= status < MULTIPLE_CHOICES:
        return True
    reason, parameters = answer.get("description"), answer.get("parameters")
    return isinstance(reason, str) and isinstance(parameters or {}, dict)


class LenientSession(AiohttpSession):
    """Reads what aiogram stumbles over: answers that are no JSON, or say no reason, or say more
    than it knows. A message whose answer we cannot read has been delivered all the same.
    """

    def build_form_data(self, bot: Bot, method: TelegramMethod[TelegramType]) -> FormData:
        """A file goes under the name that was asked for; aiogram would invent one."""
        form = FormData(quote_fields=False)
        for name, value in (method.model_extra or {}).items():
            if isinstance(value, BufferedInputFile):
                form.add_field(name, value.data, filename=value.filename)
            elif (text := self.prepare_value(value, bot=bot, files={})) is not None:
                form.add_field(name, text)
        return form

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: float | None = None,  # noqa: ASYNC109  aiogram's signature
    ) -> TelegramType:
        session = await self.create_session()
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        limits = ClientTimeout(total=timeout or self.timeout, connect=CONNECT_S)
        form = self.build_form_data(bot=bot, method=method)
        asked = session.post(url, data=form, timeout=limits, allow_redirects=False)
        async with asked as answer:
            content = (await answer.read()).decode("utf-8", "replace")
        return cast("TelegramType", self.check_response(bot, method, answer.status, content).result)

    async def fetch(self, url: str, timeout_s: float) -> AsyncGenerator[bytes, None]:
        session = await self.create_session()
        limits = ClientTimeout(sock_read=timeout_s, connect=CONNECT_S)
        async with session.get(url, timeout=limits, allow_redirects=False) as answer:
            if answer.status != OK:
                raise no_file(answer.status)
            async for chunk in answer.content.iter_chunked(CHUNK):
                yield chunk

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        try:
            data = self.json_loads(content)
        except (ValueError, RecursionError) as error:
            raise TelegramServerError(method, f"HTTP {status_code}, not JSON") from error
        if not isinstance(data, dict) or not _is_readable(status_code, data):
            raise TelegramServerError(method, f"HTTP {status_code} without a reason")
        if status_code == TOO_MANY and not (data.get("parameters") or {}).get("retry_after"):
            raise TelegramRetryAfter(method, "no time given", retry_after=1)
        try:
            return super().check_response(bot, method, status_code, content)
        except ClientDecodeError:
            if data.get("ok") is not True:
                raise
            return Response[Any].model_construct(ok=True, result=data.get("result"))


class AiogramTransport:
    def __init__(self, token: str, base_url: str) -> None:
        self._token = token
        self._server = TelegramAPIServer.from_base(base_url)
        loads = partial(json.loads, strict=False)
        self._session = LenientSession(api=self._server, json_loads=loads)
        self._bot: Bot | None = None
        self._closed = False

    async def call(
        self,
        method: str,
        params: Mapping[str, Any],
        *,
        timeout_s: float,
        files: Files | None = None,
    ) -> Any:  # noqa: ANN401  JSON, as it came
        with translated():
            attached = {
                name: BufferedInputFile(data, filename)
                for name, (filename, data) in (files or {}).items()
            }
            asked = method_named(method)(**params, **attached)
            # Seconds may be fractions here, whatever aiogram's annotation says.
            return await self._ready()(asked, cast("int", timeout_s))

    async def download(self, path: str, *, timeout_s: float) -> AsyncGenerator[bytes, None]:
        with translated():
            url = self._server.file_url(self._ready().token, path)
            async for chunk in self._session.fetch(url, timeout_s):
                yield chunk

    def _ready(self) -> Bot:
        """Late, because aiogram looks at the token at once. A closed session it would open anew."""
        if self._closed:
            raise closed()
        if self._bot is None:
            self._bot = Bot(self._token, session=self._session)
        return self._bot

    async def close(self) -> None:
        """aiogram waits a quarter of a second for TLS to take its leave."""
        self._closed = True
        if self._server.base.startswith("https:"):
            await self._session.close()
        else:
            await (await self._session.create_session()).close()


@contextmanager
def translated() -> Iterator[None]:
    """Without the cause: its text may hold the address, and the address holds the token."""
    try:
        yield
    except TokenValidationError:
        raise no_token() from None
    except TelegramEntityTooLarge:
        raise too_large() from None
    except TelegramNetworkError as error:
        raise _network(error.__cause__ or error) from None
    except TelegramAPIError as error:
        raise _answer(error) from None
    except AiogramError as error:
        raise Troubled(f"an answer we cannot read ({type(error).__name__})") from None
    except (ClientError, TimeoutError, OSError) as error:
        raise _network(error) from None


def _network(cause: BaseException) -> Unreached | AnswerLost:
    if isinstance(cause, ClientConnectorError | ConnectionTimeoutError | InvalidURL):
        return Unreached(f"Telegram cannot be reached ({type(cause).__name__})")
    return AnswerLost(f"Telegram did not answer ({type(cause).__name__})")


def _answer(error: TelegramAPIError) -> CallFailed:
    said = error.message
    if isinstance(error, TelegramRetryAfter):
        return Limited(float(error.retry_after))
    if isinstance(error, TelegramMigrateToChat):
        return Migrated(str(error.migrate_to_chat_id))
    if isinstance(error, TelegramForbiddenError | TelegramBadRequest):
        return refusal(said, forbidden=isinstance(error, TelegramForbiddenError))
    if isinstance(error, TelegramUnauthorizedError | TelegramNotFound):
        return unknown_token()
    return Taken(said) if isinstance(error, TelegramConflictError) else Troubled(said)
