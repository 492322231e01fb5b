"""What every answer to a program carries, and the refusals of those who stand before the routes."""

from dataclasses import dataclass, field
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.api.problems import PREFIX, told, usual

PLAIN: Final = "text/plain"


@dataclass(frozen=True, slots=True)
class Spoken:
    """Puts the name of the request, and what others left in `state.spoken` into the answer's
    head. What was refused in plain text on the way to the routes is said as a problem, too."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["spoken"] = dict[str, str]()
        if scope["path"].startswith(PREFIX):
            await self.app(scope, receive, _Teller(scope, receive, send).tell)
        else:
            await self.app(scope, receive, _named(scope, send))


def _named(scope: Scope, send: Send) -> Send:
    async def named(message: Message) -> None:
        if message["type"] == "http.response.start":
            _head(scope, message)
        await send(message)

    return named


def _head(scope: Scope, message: Message) -> None:
    headers = MutableHeaders(scope=message)
    headers["X-Request-ID"] = scope["state"]["request_id"]
    for name, value in scope["state"]["spoken"].items():
        headers[name] = value


@dataclass(slots=True)
class _Teller:
    scope: Scope
    receive: Receive
    send: Send
    replaced: bool = field(default=False)

    async def tell(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            kind = Headers(raw=message["headers"]).get("content-type", "")
            self.replaced = message["status"] >= 400 and kind.startswith(PLAIN)  # noqa: PLR2004
            if self.replaced:
                await self._problem(message["status"])
                return
            _head(self.scope, message)
        if not self.replaced:
            await self.send(message)

    async def _problem(self, status: int) -> None:
        problem = told(usual(status), self.scope["path"], self.scope["state"]["request_id"])

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                _head(self.scope, message)
            await self.send(message)

        await problem(self.scope, self.receive, named)
