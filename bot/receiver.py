"""Runs the channels: one process at a time per account, every message durable before its ack."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from msgspec import structs

from bot.channels.base import Channel, ChannelRefused, Ingest, NotStored, Windowed
from bot.channels.offering import offers
from bot.states import States
from config.manners import FOR_GOOD_S, TakeoverSettings, TurnSettings
from events.claims import Claims
from events.happened import Happened
from events.manners import CustomerTyping
from events.stream import PartitionFull, Stream
from events.vocabulary import DeliveryUpdated, MessageReceived, ReactionChanged
from services import requests
from services.clock import Clock, now
from services.leases import Lease
from services.spans import Tracer
from services.wire import WireClosed
from text.commands import switch

log = structlog.get_logger()
FULL_PAUSE_S = 0.2
BROKEN_PAUSE_S = 1.0
STOP_S = 5.0


@dataclass(slots=True)
class Receiver:
    """`refused` is told of a channel whose credentials are wrong; the others go on."""

    stream: Stream
    lease_ms: int
    me: str
    refused: Callable[[str, str], None]
    takeover: TakeoverSettings = field(default_factory=TakeoverSettings)
    turns: TurnSettings = field(default_factory=TurnSettings)
    clock: Clock = now
    tracer: Tracer | None = None
    _running: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def start(self, channel: Channel) -> None:
        self._running[channel.account] = asyncio.create_task(self._serve(channel))

    async def stop(self) -> None:
        """Without Redis no lease can be given back: it runs out by itself."""
        for task in self._running.values():
            task.cancel()
        if self._running:
            await asyncio.wait(self._running.values(), timeout=STOP_S)

    async def stop_one(self, account: str) -> None:
        """Its lease is given back; nothing happens to what it had not confirmed."""
        task = self._running.get(account)
        if task is not None:
            task.cancel()
            await asyncio.wait([task], timeout=STOP_S)
            del self._running[account]

    def ingest(self, channel: Channel) -> Ingest:
        claims = Claims(self.stream)

        async def ingest(event: Happened) -> bool:
            if isinstance(event, CustomerTyping):
                return await self._typed(event)
            event = named_by_its_call(event)
            window = window_ms(channel, event)
            event, silence = taken_over(event, self.takeover)
            while True:
                try:
                    if isinstance(event, DeliveryUpdated):
                        await claims.vouch(event)
                    new = await self.stream.ingest(
                        event, remember_s=channel.dedupe_s, silence_ms=silence, window_ms=window
                    )
                    self._received(event, new=new)
                    return new  # noqa: TRY300  what was stored is told once it is
                except PartitionFull as full:
                    log.warning("ingest.waiting", account=channel.account, reason=str(full))
                    await asyncio.sleep(FULL_PAUSE_S)
                except WireClosed as closed:
                    raise NotStored("this process is stopping") from closed

        return ingest

    def _received(self, event: Happened, *, new: bool) -> None:
        """A customer's message that the network had told before is none of its request's work."""
        if not new or self.tracer is None or not isinstance(event, MessageReceived):
            return
        if event.author == "customer":
            trail = self.tracer.trail(
                event.shop, event.request_id, event.conversation, event.account
            )
            trail.waited("receive", "server", event.received_at)

    async def _typed(self, event: CustomerTyping) -> bool:
        """A turn waits for as long as the sign lasts; whether one was waiting."""
        stopped = not event.lasts_ms
        lasts_ms = self.turns.usual_ms if stopped else min(event.lasts_ms, self.turns.typing_ms)
        late_ms = max((self.clock() - event.at) / timedelta(milliseconds=1), 0)
        wait_ms = max(round(lasts_ms * self.turns.patience - late_ms), 0)
        return await self.stream.typing(event.conversation, wait_ms, stopped=stopped)

    async def _serve(self, channel: Channel) -> None:
        key = lease_key(self.stream.keys.prefix, channel.account)
        lease = Lease(self.stream.wire, key, self.lease_ms)
        try:
            while True:
                token = await lease.acquire(self.me)
                if token is None:
                    await asyncio.sleep(self.lease_ms / 1000 / 3)
                else:
                    await self._hold(channel, lease, token)
        except ChannelRefused as refusal:
            self.refused(channel.account, str(refusal))
            states = States(self.stream.wire, self.stream.keys.prefix)
            await states.tell(channel.account, "refused", str(refusal))

    def _broke(self, channel: Channel, receiving: asyncio.Task[None]) -> bool:
        """A bug in a channel restarts that channel: nothing it held was acknowledged."""
        error = receiving.exception()
        if isinstance(error, ChannelRefused):
            raise error
        if error is not None:
            log.error("channel.broke", account=channel.account, reason=repr(error))
        return error is not None

    async def _hold(self, channel: Channel, lease: Lease, token: str) -> None:
        """Receives until the lease is lost; gives it back when we are told to stop. A channel that
        has nothing more to receive may still send."""
        receiving = asyncio.create_task(channel.receive(self.ingest(channel)))
        pause_s = self.lease_ms / 1000 / 3
        try:
            while await lease.renew(token):
                await asyncio.wait([receiving], timeout=pause_s)
                if receiving.done():
                    broke = self._broke(channel, receiving)
                    await asyncio.sleep(BROKEN_PAUSE_S if broke else pause_s)
                    if broke:
                        return
        finally:
            receiving.cancel()
            await asyncio.wait([receiving])
            await lease.release(token)


def lease_key(prefix: str, account: str) -> str:
    """Whose value begins with the process that receives for the account now."""
    return f"{prefix}:account:{{{account}}}"


def named_by_its_call(event: Happened) -> Happened:
    """Where somebody called us, the request is that call, by its name."""
    request = requests.current()
    return event if request is None else structs.replace(event, request_id=request)


def taken_over(event: Happened, knobs: TakeoverSettings) -> tuple[Happened, int]:
    """For how long a person's message silences the bot; -1 gives it the word. What they tell the
    bot itself, in the customer's chat, is none of their words; among themselves it always speaks.
    """
    if not isinstance(event, MessageReceived) or event.author != "human":
        return event, 0
    if knobs.is_staff(event.account, event.chat):
        return event, 0
    way = switch(event.text)
    if way is None:
        return event, knobs.silence_s * 1000
    return structs.replace(event, content="service"), -1 if way == "on" else FOR_GOOD_S * 1000


def window_ms(channel: Channel, event: Happened) -> int:
    """How long from now the customer's sign of life lets us answer freely; 0 is no sign."""
    if not offers(channel, Windowed) or not _is_sign_of_life(event):
        return 0
    closes = event.at + timedelta(seconds=channel.window_s)
    return max(round((closes - event.received_at) / timedelta(milliseconds=1)), 0)


def _is_sign_of_life(event: Happened) -> bool:
    """A notice by the network itself, as of a changed number, is none."""
    if isinstance(event, MessageReceived):
        return event.author == "customer" and event.content != "service"
    return isinstance(event, ReactionChanged)
