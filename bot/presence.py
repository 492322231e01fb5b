"""Shows the customer that an answer is being written, for as long as it is."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from bot.channels.base import Attentive, Channel, Part, Windowed
from bot.channels.offering import offers
from bot.gate import Gate
from events.vocabulary import TurnReady

AGAIN_S = 4.5
"""Networks stop showing it after five seconds."""


@dataclass(frozen=True, slots=True)
class Presence:
    """`gate` must have no patience: nobody waits for this, and replies go first."""

    channels: Mapping[str, Channel]
    gate: Gate

    @contextmanager
    def writing(self, turn: TurnReady) -> Iterator[None]:
        channel = self.channels.get(turn.account)
        if not offers(channel, Attentive):
            yield
            return
        showing = asyncio.create_task(self._show(channel, turn))
        try:
            yield
        finally:
            showing.cancel()

    def window_s(self, account: str) -> int | None:
        channel = self.channels.get(account)
        return channel.window_s if offers(channel, Windowed) else None

    async def _show(self, channel: Attentive, turn: TurnReady) -> None:
        asked = turn.messages[-1].platform_id if turn.messages else None
        while True:
            if await self._allowed(turn):
                await channel.attend(turn.chat, turn.thread, asked)
            await asyncio.sleep(AGAIN_S)

    async def _allowed(self, turn: TurnReady) -> bool:
        """It counts against the account's rate, and never against the chat's."""
        channel = self.channels.get(turn.account)
        if channel is None:
            return False
        rates = channel.rates(Part("", turn.conversation, turn.chat, "", turn.thread))
        return await self.gate.wait(turn.account, rates[:1]) == 0
