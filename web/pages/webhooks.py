"""Where a network posts its updates: the raw bytes go to the account's own handler."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, TypeAlias

from fastapi import Header, Request
from fastapi.responses import Response

Webhook: TypeAlias = Callable[[bytes, str | None], Awaitable[int]]
"""Takes the body and the secret the network showed; gives the status to answer with."""


@dataclass(frozen=True, slots=True)
class Webhooks:
    handlers: Mapping[str, Webhook]

    async def receive(
        self,
        request: Request,
        path: str,
        x_telegram_bot_api_secret_token: Annotated[str | None, Header()] = None,
    ) -> Response:
        handler = self.handlers.get(path)
        if handler is None:
            return Response(status_code=404)
        status = await handler(await request.body(), x_telegram_bot_api_secret_token)
        return Response(status_code=status)
