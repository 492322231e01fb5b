"""Telegram through aiogram, which is only the HTTP client: it receives and parses nothing."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from typing import Any, cast
from uuid import UUID

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
from aiogram.utils.token import TokenValidationError
from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientTimeout,
    ConnectionTimeoutError,
    InvalidURL,
)

from bot.channels.telegram_channel import TelegramChannel
from bot.channels.telegram_normaliser import Account
from bot.channels.telegram_transport import (
    AnswerLost,
    CallFailed,
    Limited,
    Migrated,
    Rejected,
    Taken,
    Troubled,
    Unauthorized,
    Unreached,
)
from bot.channels.telegram_webhook import Address
from config.settings import TelegramSettings

CONNECT_S = 5.0
TOO_MANY = 429
GONE = ("chat not found", "deactivated", "kicked", "blocked", "not a member", "can't initiate")


class LenientSession(AiohttpSession):
    """Reads what aiogram stumbles over: answers that are no JSON, or say no reason, or say more
    than it knows. A message whose answer we cannot read has been delivered all the same.
    """

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
        try:
            async with session.post(url, data=form, timeout=limits) as answer:
                content = (await answer.read()).decode("utf-8", "replace")
        except (ClientError, TimeoutError, OSError) as error:
            raise TelegramNetworkError(method=method, message=type(error).__name__) from error
        return cast("TelegramType", self.check_response(bot, method, answer.status, content).result)

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        try:
            data = self.json_loads(content)
        except (ValueError, RecursionError) as error:
            raise TelegramServerError(method, f"HTTP {status_code}, not JSON") from error
        if not isinstance(data, dict) or (data.get("ok") is not True and "description" not in data):
            raise TelegramServerError(method, f"HTTP {status_code} without a reason")
        if status_code == TOO_MANY and not (data.get("parameters") or {}).get("retry_after"):
            raise TelegramRetryAfter(method, "no time given", retry_after=1)
        try:
            return super().check_response(bot, method, status_code, content)
        except ClientDecodeError:
            if data.get("ok") is not True:
                raise
            return Response[Any].model_construct(ok=True, result=data.get("result"))


class AnyMethod(TelegramMethod[Any]):
    """Any method with any parameters; what comes back stays as it came."""

    __returning__ = Any
    __api_method__ = ""


@cache
def method_named(name: str) -> type[AnyMethod]:
    return type(name, (AnyMethod,), {"__api_method__": name})


class AiogramTransport:
    def __init__(self, token: str, base_url: str) -> None:
        self._token = token
        server = TelegramAPIServer.from_base(base_url)
        self._session = LenientSession(api=server, json_loads=partial(json.loads, strict=False))
        self._bot: Bot | None = None

    async def call(self, method: str, params: Mapping[str, Any], *, timeout_s: float) -> Any:  # noqa: ANN401  JSON, as it came
        with translated():
            if self._bot is None:
                self._bot = Bot(self._token, session=self._session)
            # Seconds may be fractions here, whatever aiogram's annotation says.
            return await self._bot(method_named(method)(**params), cast("int", timeout_s))

    async def close(self) -> None:
        await self._session.close()


@contextmanager
def translated() -> Iterator[None]:
    """Without the cause: its text may hold the address, and the address holds the token."""
    try:
        yield
    except TokenValidationError:
        raise Unauthorized("the token is none of Telegram's: check TELEGRAM_BOT_TOKEN") from None
    except TelegramEntityTooLarge:
        raise Rejected("the message is too large for Telegram") from None
    except TelegramNetworkError as error:
        raise _network(error) from None
    except TelegramAPIError as error:
        raise _answer(error) from None
    except AiogramError as error:
        raise Troubled(f"an answer we cannot read ({type(error).__name__})") from None


def _network(error: TelegramNetworkError) -> Unreached | AnswerLost:
    cause = error.__cause__
    if isinstance(cause, ClientConnectorError | ConnectionTimeoutError | InvalidURL):
        return Unreached(f"Telegram cannot be reached ({type(cause).__name__})")
    return AnswerLost(f"Telegram did not answer ({type(cause).__name__})")


def _answer(error: TelegramAPIError) -> CallFailed:
    said = error.message
    if isinstance(error, TelegramRetryAfter):
        return Limited(max(float(error.retry_after), 0.1))
    if isinstance(error, TelegramMigrateToChat):
        return Migrated(str(error.migrate_to_chat_id))
    if isinstance(error, TelegramForbiddenError | TelegramBadRequest):
        closed = isinstance(error, TelegramForbiddenError)
        return Rejected(said, unreachable=closed or any(word in said.lower() for word in GONE))
    if isinstance(error, TelegramUnauthorizedError | TelegramNotFound):
        return Unauthorized("Telegram does not know the token: check TELEGRAM_BOT_TOKEN")
    return Taken(said) if isinstance(error, TelegramConflictError) else Troubled(said)


def telegram(settings: TelegramSettings, shop: UUID) -> TelegramChannel:
    token = settings.token.get_secret_value() if settings.token else ""
    own = token.partition(":")[0]
    account = Account(
        shop, f"telegram:{settings.name}", bot_id=int(own) if own.isdecimal() else None
    )
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else None
    address = Address(
        base=(settings.webhook_url or "") if settings.mode == "webhook" else None,
        path=f"/telegram/{_derived(token, 'path')}",
        secret=secret or _derived(token, "secret"),
    )
    transport = AiogramTransport(token, settings.base_url)
    return TelegramChannel(transport, account, address, poll_s=settings.poll_s)


def _derived(token: str, purpose: str) -> str:
    """Nobody can guess it, and every process that knows the token finds the same."""
    return hmac.new(
        token.encode("utf-8", "surrogatepass"), purpose.encode(), hashlib.sha256
    ).hexdigest()[:40]
