"""How Telegram calls a webhook: one queue per chat, again and again until it hears success."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientError, ClientSession

from tests.servers.telegram_updates import Updates


def chat_of(update: dict[str, Any]) -> int:
    for body in update.values():
        if isinstance(body, dict):
            place: dict[str, Any] = body.get("chat") or body.get("from") or {}
            return int(place.get("id", 0))
    return 0


@dataclass
class Webhook:
    """`pause_s` is the first pause after a failure; real Telegram takes a second."""

    updates: Updates
    url: str
    secret: str | None
    pause_s: float = 0.05
    statuses: list[int] = field(default_factory=list)
    failed_at: float | None = None
    _queues: dict[int, asyncio.Task[None]] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """What getWebhookInfo says of it."""
        if self.failed_at is None:
            return {"url": self.url}
        last = f"Wrong response from the webhook: {self.statuses[-1]}"
        return {
            "url": self.url,
            "last_error_date": int(self.failed_at),
            "last_error_message": last,
        }

    async def run(self) -> None:
        async with ClientSession() as session:
            try:
                while True:
                    await self._start(session)
            finally:
                for task in self._queues.values():
                    task.cancel()
                await asyncio.gather(*self._queues.values(), return_exceptions=True)

    async def _start(self, session: ClientSession) -> None:
        async with self.updates.arrived:
            chats: dict[int, list[dict[str, Any]]] = defaultdict(list)
            for update in self.updates.since(0, 1_000_000):
                chats[chat_of(update)].append(update)
            for chat, queue in chats.items():
                if chat not in self._queues or self._queues[chat].done():
                    self._queues[chat] = asyncio.create_task(self._deliver(session, queue))
            try:
                await asyncio.wait_for(self.updates.arrived.wait(), 0.02)
            except TimeoutError:
                return

    async def _deliver(self, session: ClientSession, queue: list[dict[str, Any]]) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {}
        pause = self.pause_s
        for update in queue:
            while True:
                try:
                    async with session.post(self.url, json=update, headers=headers) as answer:
                        self.statuses.append(answer.status)
                        if answer.ok:
                            break
                except ClientError:
                    self.statuses.append(0)
                self.failed_at = self.updates.now()
                await asyncio.sleep(pause)
                pause = min(pause * 2, 60)
            self.updates.confirm(update["update_id"])
