"""Lets whoever goes away in the middle of a stream go without a word."""

from dataclasses import dataclass

import structlog
from anyio import BrokenResourceError
from starlette.types import ASGIApp, Receive, Scope, Send

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Leaving:
    """FastAPI closes the stream that nobody reads any more before it ends who writes to it; what is
    written in between has no reader, and that is how it is told."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        except* BrokenResourceError:
            log.debug("stream.left", path=scope.get("path", ""))
