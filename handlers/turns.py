"""Gathers a customer's messages into turns: one burst of messages, one answer."""

from dataclasses import dataclass, replace

from config.manners import TurnSettings
from events.contents import TurnMessage
from events.effects import NOTHING, Effects, Join
from events.happened import Happened, caused_by, following
from events.manners import MediaRead, MediaWanted
from events.vocabulary import MessageReceived, TurnReady
from handlers import patience
from handlers.patience import Wait

SILENT = frozenset({"sticker", "service", "unsupported"})
"""Nobody expects an answer to these."""
TOLD = frozenset({"too_big"})
"""What an answer has to know of a message besides its contents."""
READ = frozenset({"voice", "audio", "photo", "document"})
"""Files that are read before their turn is answered, where anything can read them."""
BURST_MS = 1200
LATE_MS = 15_000
"""Later than the reader's own limit: only where nobody reads at all does a turn go on without."""


@dataclass(frozen=True, slots=True)
class Turns:
    """`media_ms` is how long files may take to be read; None where nothing reads them."""

    knobs: TurnSettings
    media_ms: int | None = None

    async def on_message(self, message: MessageReceived) -> Effects:
        if not asks(message):
            return NOTHING
        join = self._join(first_turn(message), self._wait(message))
        if self.media_ms is None or message.content not in READ or not message.media:
            return Effects(join=join)
        return Effects(join=replace(join, pending=True, wanted=wanted(message)))

    async def on_media(self, read: MediaRead) -> Effects:
        """What the file says joins the turn of its message."""
        wait = patience.wait_for(read.reading.text, self.knobs)
        return Effects(join=replace(self._join(turn_of(read), wait), reading=read.reading))

    def _join(self, ready: TurnReady, wait: Wait) -> Join:
        media_ms = (self.media_ms or 0) + LATE_MS
        return Join(ready, *wait, longest_ms=self.knobs.longest_ms, media_ms=media_ms)

    def _wait(self, message: MessageReceived) -> Wait:
        """The pictures of an album come one by one, and so does what piled up while we were away:
        each burst gets one answer."""
        burst = message.album is not None or "backlog" in message.flags
        wait = patience.wait_of(message, self.knobs)
        if not burst:
            return wait
        return Wait(
            max(wait.ms, BURST_MS), max(wait.after_question_ms, BURST_MS), question=wait.question
        )


def asks(message: MessageReceived) -> bool:
    """Whether a customer said something to the bot that deserves an answer."""
    if message.author != "customer" or not message.addressed or message.content in SILENT:
        return False
    return bool(message.text or message.media or message.action or message.start is not None)


def first_turn(message: MessageReceived) -> TurnReady:
    """The turn that begins with this message, in case none is open."""
    said = TurnMessage(
        id=message.id,
        text=message.text,
        at=message.at,
        content=message.content,
        action=message.action,
        platform_id=message.platform_id,
        flags=message.flags & TOLD,
    )
    return _begun(message, said, message.sender.locale)


def turn_of(read: MediaRead) -> TurnReady:
    """The turn that begins with what a file says, in case that of its message is over."""
    said = TurnMessage(
        id=read.reading.message,
        text="",
        at=read.message_at,
        content=read.reading.content,
        platform_id=read.platform_id,
    )
    return _begun(read, said, read.locale)


def _begun(cause: MessageReceived | MediaRead, said: TurnMessage, locale: str | None) -> TurnReady:
    return TurnReady(
        id=caused_by(cause.id, "turn-ready"),
        shop=cause.shop,
        account=cause.account,
        conversation=cause.conversation,
        request_id=cause.request_id,
        turn=caused_by(cause.id, "turn"),
        at=said.at,
        received_at=cause.received_at,
        customer=cause.customer,
        chat=cause.chat,
        thread=cause.thread,
        locale=locale,
        revision=1,
        messages=(said,),
    )


def wanted(message: MessageReceived) -> MediaWanted:
    return MediaWanted(
        **following(message, "media-wanted", message.received_at),
        customer=message.customer,
        chat=message.chat,
        thread=message.thread,
        locale=message.sender.locale,
        message=message.id,
        platform_id=message.platform_id,
        content=message.content,
        media=message.media[0],
        flags=message.flags,
    )


def supersedes(running: Happened, arrived: Happened) -> bool:
    """The customer went on writing: the answer being composed is no longer the answer."""
    return (
        isinstance(running, TurnReady)
        and isinstance(arrived, TurnReady)
        and running.turn == arrived.turn
        and arrived.revision > running.revision
    )
