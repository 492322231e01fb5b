"""Requests that may be repeated: with an Idempotency-Key what was done once is only told again.

The answers are kept in Redis for a day. A process that dies over a request leaves it marked as
being worked at for `FLIGHT_S`; whoever repeats it then does it anew, which acts whose ids derive
from the key bear.
"""

import base64
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Annotated, Any, Final, TypeAlias

from fastapi import Header, Request, UploadFile
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel

from services.wire import Wire
from web.api.problems import Problem
from web.identity import identity_of
from web.limits import soon

PATIENCE_S: Final = 8.0
KEPT_S: Final = 86_400
FLIGHT_S: Final = 120
DONE: Final = range(200, 300)
REPLAYED: Final = "Idempotent-Replayed"
HEADERS: Final = ("location", "etag", "content-type")
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="Of your own making; the same for a request that is repeated.",
    ),
]
Endpoint: TypeAlias = Callable[..., Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Repeats:
    """`prefix` is that of the keys in Redis."""

    wire: Wire
    prefix: str

    def once(self, endpoint: Endpoint) -> Endpoint:
        """The endpoint, which takes an Idempotency-Key from now on. Only what was done is kept: a
        refusal may be followed by a better request under the same key, and a stream is asked for
        anew."""
        known = signature(endpoint)

        @wraps(endpoint)
        async def kept(request: Request, idempotency_key: str | None, **given: Any) -> Response:  # noqa: ANN401  whatever the endpoint takes
            given |= {"request": request} if "request" in known.parameters else {}
            if idempotency_key is None:
                return await endpoint(**given)
            place = self._place(request, idempotency_key)
            mine = await _digest(request, given)
            if (told := await self._told(place, mine)) is not None:
                return told
            try:
                answer = await endpoint(**given)
            except BaseException:
                await self.wire.command("DEL", place)
                raise
            await self._keep(place, mine, answer)
            return answer

        kept.__signature__ = _with_key(known)  # type: ignore[attr-defined]
        return kept

    def _place(self, request: Request, key: str) -> str:
        who = identity_of(request)
        said = f"{who.shop} {who.who} {request.method} {request.url.path} {key}"
        return f"{self.prefix}:web:{{api:{hashlib.sha256(said.encode()).hexdigest()}}}"

    async def _told(self, place: str, mine: str) -> Response | None:
        """None when it is ours to do. Raises Problem."""
        flying = json.dumps({"of": mine})
        if await soon(self.wire.command("SET", place, flying, "NX", "EX", FLIGHT_S), PATIENCE_S):
            return None
        found = await soon(self.wire.command("GET", place), PATIENCE_S)
        if found is None:
            raise Problem("in_flight", retry_s=1)
        kept = json.loads(found)
        if kept["of"] != mine:
            raise Problem("idempotency_key_reused")
        if "status" not in kept:
            raise Problem("in_flight", retry_s=1)
        body = base64.b64decode(kept["body"])
        return Response(body, kept["status"], {**kept["headers"], REPLAYED: "true"})

    async def _keep(self, place: str, mine: str, answer: Response) -> None:
        if answer.status_code not in DONE or isinstance(answer, StreamingResponse):
            await self.wire.command("DEL", place)
            return
        kept = {
            "of": mine,
            "status": answer.status_code,
            "headers": {name: answer.headers[name] for name in HEADERS if name in answer.headers},
            "body": base64.b64encode(bytes(answer.body)).decode(),
        }
        await soon(self.wire.command("SET", place, json.dumps(kept), "EX", KEPT_S), PATIENCE_S)


def _with_key(known: Signature) -> Signature:
    own = [
        Parameter("request", Parameter.KEYWORD_ONLY, annotation=Request),
        Parameter("idempotency_key", Parameter.KEYWORD_ONLY, default=None, annotation=Key),
    ]
    others = [
        one.replace(kind=Parameter.KEYWORD_ONLY)
        for one in known.parameters.values()
        if one.name != "request"
    ]
    return known.replace(parameters=[*others, *own])


async def _digest(request: Request, given: Mapping[str, Any]) -> str:
    """Of all that was asked, as it was understood: the order of keys and blanks says nothing."""
    parts = {name: await _told_of(value) for name, value in given.items() if name != "request"}
    said = json.dumps([str(request.url.query), parts], sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()


async def _told_of(value: Any) -> Any:  # noqa: ANN401  whatever an endpoint takes
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, UploadFile):
        data = await value.read()
        await value.seek(0)
        return [value.filename, hashlib.sha256(data).hexdigest()]
    return str(value)
