"""Where networks call us: the raw call goes to every account that its path belongs to."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID, uuid4

from fastapi import Request
from fastapi.responses import PlainTextResponse, Response

from bot.channels.base import Answer, Call, Hook
from services import requests
from services.spans import Tracer
from web.routing import PUBLIC, Route

Hooks: TypeAlias = Callable[[str], Sequence[Hook]]
"""Those that stand at a path ("/telegram/…") now; accounts come and go while we serve."""

UNKNOWN = 404
REFUSED = frozenset({401, 403, 413})


@dataclass(frozen=True, slots=True)
class Webhooks:
    """`tracer` is told of calls that nobody believed."""

    hooks: Hooks
    tracer: Tracer
    shop: UUID

    def routes(self) -> Sequence[Route]:
        return [
            Route("POST", "/telegram/{path}", self.receive, PUBLIC),
            Route("GET", "/whatsapp/{path}", self.receive, PUBLIC),
            Route("POST", "/whatsapp/{path}", self.receive, PUBLIC),
        ]

    async def receive(self, request: Request) -> Response:
        hooks = self.hooks(request.scope["path"])
        if not hooks:
            self._refused(request, UNKNOWN)
            return Response(status_code=UNKNOWN)
        call = Call(
            method=request.method,
            body=await request.body(),
            headers=dict(request.headers),
            query=dict(request.query_params),
        )
        answers = await asyncio.gather(*(hook(call) for hook in hooks))
        answer = best(answers) if call.method == "GET" else worst(answers)
        if answer.status in REFUSED:
            self._refused(request, answer.status)
        return PlainTextResponse(answer.text, status_code=answer.status)

    def _refused(self, request: Request, status: int) -> None:
        """The network's name is ours, the rest of the path is whatever somebody tried."""
        network = request.scope["path"].split("/")[1]
        trail = self.tracer.trail(self.shop, requests.current() or uuid4(), None)
        with trail.span("webhook", "server") as span:
            span.note(account=f"{network}:")
            span.fail(str(status))


def best(answers: Sequence[Answer]) -> Answer:
    """One account that knows the network's word for this address is enough."""
    return min(answers, key=lambda one: one.status)


def worst(answers: Sequence[Answer]) -> Answer:
    """The network repeats for all of them what one could not store; the others know it by then."""
    return max(answers, key=lambda one: one.status)
