"""What was said before a turn: a short list in Redis, rebuilt from Postgres when it is gone."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import msgspec
import structlog

from events.contents import TurnMessage
from events.partitions import Keys
from events.stream import HISTORY_CAP
from llm.base import Message
from services.wire import Wire, script
from store.base import StoreError
from store.session import Store

log = structlog.get_logger()

REMEMBER: Final = script("handlers", "remember")
KEEP_S: Final = 86_400
PATIENCE_S: Final = 2.0
"""A customer waits no longer for what was said before."""
# Every new customer waits for this one, so it goes without the ORM (3 ms) on its index.
STORED: Final = """
SELECT id, author, text FROM app.message
WHERE shop_id = $1 AND conversation_id = $2 AND text <> '' AND deleted_at IS NULL
  AND (author = 'customer' OR content <> 'service')
ORDER BY position DESC LIMIT $3
"""


class Line(msgspec.Struct, frozen=True):
    """One entry of the list, as the ingest and claim scripts write it; `m` is whose text it is,
    `p` stands where a person of the shop wrote it."""

    r: str
    t: str
    m: UUID | None = None
    p: bool = False


_DECODER: Final = msgspec.json.Decoder(Line)


@dataclass(frozen=True, slots=True)
class History:
    """`limit` is how many lines a prompt may remember."""

    wire: Wire
    keys: Keys
    store: Store
    limit: int = 40

    async def before(
        self, shop: UUID, conversation: UUID, current: Sequence[TurnMessage]
    ) -> tuple[Message, ...]:
        """Oldest first, without what the current turn says itself."""
        key = self.keys.history(conversation)
        entries = await self.wire.command("LRANGE", key, 0, -1)
        if not entries:
            entries = await self._rebuilt(shop, conversation, current)
        said = {message.id for message in current}
        lines = [line for line in map(_DECODER.decode, entries) if line.m not in said and line.t]
        return tuple(
            Message("user" if line.r == "user" else "assistant", line.t, line.p)
            for line in lines[max(len(lines) - self.limit, 0) :]
        )

    async def _rebuilt(
        self, shop: UUID, conversation: UUID, current: Sequence[TurnMessage]
    ) -> list[bytes]:
        """Without Postgres the turn is answered without a past, and the next one tries again."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                lines = await self._stored(shop, conversation)
        except (StoreError, TimeoutError) as error:
            log.warning("history.missing", conversation=str(conversation), error=str(error))
            return []
        known = {line.m for line in lines}
        lines += [Line("user", each.text, each.id) for each in current if each.id not in known]
        if not lines:
            return []
        encoded = [msgspec.json.encode(line) for line in lines[-HISTORY_CAP:]]
        kept: list[bytes] = await self.wire.call(
            REMEMBER, [self.keys.history(conversation)], [KEEP_S, *encoded]
        )
        return kept

    async def _stored(self, shop: UUID, conversation: UUID) -> list[Line]:
        async with self.store.lookup() as connection:
            rows = await connection.fetch(STORED, shop, conversation, HISTORY_CAP)
        return [
            Line("user" if author == "customer" else "assistant", text, message, author == "human")
            for message, author, text in reversed(rows)
        ]
