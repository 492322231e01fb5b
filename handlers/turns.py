"""Gathers a customer's messages into turns: one burst of messages, one answer."""

from dataclasses import dataclass

from config.manners import TurnSettings
from events.contents import TurnMessage
from events.effects import NOTHING, Effects, Join
from events.happened import Happened, caused_by
from events.vocabulary import MessageReceived, TurnReady

SILENT = frozenset({"sticker", "service", "unsupported"})
"""Nobody expects an answer to these."""
TOLD = frozenset({"too_big"})
"""What an answer has to know of a message besides its contents."""
BURST_MS = 1200


@dataclass(frozen=True, slots=True)
class Turns:
    knobs: TurnSettings

    async def on_message(self, message: MessageReceived) -> Effects:
        if not asks(message):
            return NOTHING
        join = Join(first_turn(message), self._wait(message), self.knobs.longest_ms)
        return Effects(join=join)

    def _wait(self, message: MessageReceived) -> int:
        """The pictures of an album come one by one, and so does what piled up while we were away:
        each burst gets one answer."""
        burst = message.album is not None or "backlog" in message.flags
        wait_ms = round(self.knobs.usual_ms * self.knobs.patience)
        return max(wait_ms, BURST_MS) if burst else wait_ms


def asks(message: MessageReceived) -> bool:
    """Whether a customer said something to the bot that deserves an answer."""
    if message.author != "customer" or not message.addressed or message.content in SILENT:
        return False
    return bool(message.text or message.media or message.action or message.start is not None)


def first_turn(message: MessageReceived) -> TurnReady:
    """The turn that begins with this message, in case none is open."""
    return TurnReady(
        id=caused_by(message.id, "turn-ready"),
        shop=message.shop,
        account=message.account,
        conversation=message.conversation,
        request_id=message.request_id,
        turn=caused_by(message.id, "turn"),
        at=message.at,
        received_at=message.received_at,
        customer=message.customer,
        chat=message.chat,
        thread=message.thread,
        locale=message.sender.locale,
        revision=1,
        messages=(
            TurnMessage(
                id=message.id,
                text=message.text,
                at=message.at,
                content=message.content,
                action=message.action,
                platform_id=message.platform_id,
                flags=message.flags & TOLD,
            ),
        ),
    )


def supersedes(running: Happened, arrived: Happened) -> bool:
    """The customer went on writing: the answer being composed is no longer the answer."""
    return (
        isinstance(running, TurnReady)
        and isinstance(arrived, TurnReady)
        and running.turn == arrived.turn
        and arrived.revision > running.revision
    )
