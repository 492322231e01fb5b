"""Where networks call us: the raw call goes to every account that its path belongs to."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from fastapi import Request
from fastapi.responses import PlainTextResponse, Response

from bot.channels.base import Answer, Call, Hook

Hooks: TypeAlias = Callable[[str], Sequence[Hook]]
"""Those that stand at a path ("/telegram/…") now; accounts come and go while we serve."""

UNKNOWN = 404


@dataclass(frozen=True, slots=True)
class Webhooks:
    hooks: Hooks

    async def receive(self, request: Request) -> Response:
        hooks = self.hooks(request.scope["path"])
        if not hooks:
            return Response(status_code=UNKNOWN)
        call = Call(
            method=request.method,
            body=await request.body(),
            headers=dict(request.headers),
            query=dict(request.query_params),
        )
        answers = await asyncio.gather(*(hook(call) for hook in hooks))
        answer = best(answers) if call.method == "GET" else worst(answers)
        return PlainTextResponse(answer.text, status_code=answer.status)


def best(answers: Sequence[Answer]) -> Answer:
    """One account that knows the network's word for this address is enough."""
    return min(answers, key=lambda one: one.status)


def worst(answers: Sequence[Answer]) -> Answer:
    """The network repeats for all of them what one could not store; the others know it by then."""
    return max(answers, key=lambda one: one.status)
