"""How much a program may ask: a bucket of tokens in Redis for each key, or person."""

from dataclasses import dataclass
from math import ceil
from typing import Final

from fastapi import Request

from services.wire import Wire, script
from web.addresses import address_of
from web.api.problems import Problem
from web.identity import known
from web.limits import soon

BUCKET: Final = script("web", "bucket")
MINUTE_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """`per_minute` is also how many may be asked at once, after a while of silence."""

    wire: Wire
    prefix: str
    per_minute: int

    async def __call__(self, request: Request) -> None:
        """Raises Problem."""
        who = known(request)
        address = address_of(request)
        named = f"{who.shop}:{who.who}" if who else f"address:{address}"
        key = f"{self.prefix}:web:bucket:{{{named}}}"
        each_ms = max(MINUTE_MS // self.per_minute, 1)
        asking = self.wire.call(BUCKET, [key], [self.per_minute, each_ms])
        taken, left, next_ms = await soon(asking)
        wait_s = ceil(next_ms / 1000)
        request.state.spoken["RateLimit-Policy"] = f'"minute";q={self.per_minute};w=60'
        request.state.spoken["RateLimit"] = f'"minute";r={left};t={wait_s}'
        if not taken:
            raise Problem("too_many", retry_s=max(wait_s, 1))
