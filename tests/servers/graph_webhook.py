"""How Meta calls a webhook: signed, each customer in order, again until it hears 200."""

import asyncio
import hashlib
import hmac
import json
from collections import defaultdict, deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from aiohttp import ClientError, ClientSession

SIGNATURE = "X-Hub-Signature-256"


def signature(body: bytes, app_secret: str) -> str:
    return f"sha256={hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()}"


@dataclass
class Webhook:
    """`posted` keeps every body that was ever put in, `statuses` every answer there was; `pause_s`
    is the first pause after a failure, which with Meta is longer."""

    url: str
    app_secret: str
    pause_s: float = 0.05
    posted: list[bytes] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    _lanes: dict[str, deque[bytes]] = field(default_factory=lambda: defaultdict(deque))
    _tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _session: ClientSession | None = None

    @property
    def waiting(self) -> int:
        """What nobody has acknowledged yet."""
        return sum(map(len, self._lanes.values()))

    async def verify(self, token: str) -> tuple[int, bool]:
        """The handshake of a subscription: the status, and whether our challenge came back."""
        challenge = uuid4().hex
        query = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": challenge}
        async with self._client().get(self.url, params=query) as answer:
            return answer.status, await answer.text() == challenge

    def put(self, body: Mapping[str, Any], lane: str = "") -> bytes:
        raw = json.dumps(body).encode()
        self.posted.append(raw)
        self.put_raw(raw, lane)
        return raw

    def put_raw(self, raw: bytes, lane: str = "") -> None:
        self._lanes[lane].append(raw)
        if lane not in self._tasks or self._tasks[lane].done():
            self._tasks[lane] = asyncio.create_task(self._run(self._lanes[lane]))

    async def post(self, raw: bytes, headers: Mapping[str, str]) -> int:
        """Once, with any headers: what somebody else might send. 0 when nobody answered."""
        try:
            async with self._client().post(self.url, data=raw, headers=headers) as answer:
                return answer.status
        except (ClientError, TimeoutError):
            return 0

    async def close(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        for task in self._tasks.values():
            with suppress(asyncio.CancelledError):
                await task
        if self._session is not None:
            await self._session.close()

    async def _run(self, lane: deque[bytes]) -> None:
        while lane:
            await self._deliver(lane[0])
            lane.popleft()

    async def _deliver(self, raw: bytes) -> None:
        headers = {SIGNATURE: signature(raw, self.app_secret), "Content-Type": "application/json"}
        pause = self.pause_s
        while True:
            status = await self.post(raw, headers)
            self.statuses.append(status)
            if status == 200:
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, 1.0)

    def _client(self) -> ClientSession:
        if self._session is None:
            self._session = ClientSession()
        return self._session
