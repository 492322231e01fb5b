"""Gives every call a name, or takes the one it came with, and hands it back with the answer."""

from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services import requests
from services.clock import Clock, now

HEADER: Final = "X-Request-ID"


@dataclass(frozen=True, slots=True)
class Called:
    """Whatever is said while the call is answered carries its name: logs, messages, spans."""

    app: ASGIApp
    clock: Clock = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        offered = requests.accepted(Headers(scope=scope).get(HEADER))
        name = offered or requests.made(self.clock())
        scope.setdefault("state", {})["request_id"] = name

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = name
            await send(message)

        with requests.during(requests.id_of(name)):
            await self.app(scope, receive, named)
