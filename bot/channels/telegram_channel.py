"""Telegram as a channel: nothing is confirmed before it is stored, every send ends as a value."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import structlog

from bot.channels.base import ChannelRefused, Ingest, NotStored, Part, Rate, SendResult
from bot.channels.fields import name_of, table, whole, words
from bot.channels.telegram_normaliser import ALLOWED_UPDATES, Account, normalise
from bot.channels.telegram_outbox import Outbox
from bot.channels.telegram_transport import (
    CallFailed,
    Limited,
    Rejected,
    Taken,
    Transport,
    Unauthorized,
)
from bot.channels.telegram_webhook import Address, Webhook
from services.clock import Clock, now

log = structlog.get_logger()

CALL_S, SLACK_S = 20.0, 15.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0


class TelegramChannel:
    idempotent = False
    limit = 4096
    dedupe_s = 48 * 3600

    def __init__(
        self,
        transport: Transport,
        us: Account,
        address: Address,
        *,
        poll_s: int = 25,
        clock: Clock = now,
    ) -> None:
        self.account = us.key
        self.us = us
        self.address = address
        self._transport = transport
        self._poll_s = poll_s
        self._clock = clock
        self._outbox = Outbox(transport)
        self._nods: set[asyncio.Task[None]] = set()

    # Receiving

    async def receive(self, ingest: Ingest) -> None:
        await self.identify()
        if self.address.base is None:
            # A webhook that was left behind would refuse our polls for ever.
            await self._insist("deleteWebhook", {"drop_pending_updates": False})
            await self._poll(ingest)
        else:
            await self._insist("setWebhook", self._registration())
            await asyncio.Event().wait()

    def _registration(self) -> dict[str, Any]:
        if not self.address.base:
            raise ChannelRefused("a webhook needs our public address: set telegram.webhook_url")
        return {
            "url": self.address.url,
            "secret_token": self.address.secret,
            "allowed_updates": list(ALLOWED_UPDATES),
            "drop_pending_updates": False,
        }

    async def identify(self) -> None:
        """Who we are, for the groups where people call us by name."""
        me = table(await self._insist("getMe", {}))
        us = self.us
        self.us = replace(
            us, bot_id=whole(me.get("id")) or us.bot_id, username=words(me.get("username"))
        )
        log.info("telegram.ready", account=self.account, username=self.us.username)

    def webhook(self, ingest: Ingest) -> Webhook:
        """What the web app mounts at `address.path`, in every process."""
        return Webhook(self.address, lambda update: self._take(update, ingest))

    async def _take(self, update: object, ingest: Ingest) -> None:
        for event in normalise(update, account=self.us, received_at=self._clock()):
            await ingest(event)
        pressed = name_of(table(table(update).get("callback_query")).get("id"))
        if pressed is not None:
            nod = asyncio.create_task(self._nod(pressed))
            self._nods.add(nod)
            nod.add_done_callback(self._nods.discard)

    async def _nod(self, query: str) -> None:
        """The customer's button stops spinning. Telegram forgets old presses; so may we."""
        try:
            await self._call("answerCallbackQuery", {"callback_query_id": query})
        except CallFailed as failure:
            log.debug("telegram.nod_failed", account=self.account, reason=str(failure))

    async def _poll(self, ingest: Ingest) -> None:
        params: dict[str, Any] = {
            "timeout": self._poll_s,
            "allowed_updates": list(ALLOWED_UPDATES),
        }
        while True:
            updates = await self._insist("getUpdates", params, self._poll_s + SLACK_S)
            before = params.get("offset")
            for update in updates if isinstance(updates, list) else ():
                await self._until_stored(update, ingest)
                number = whole(table(update).get("update_id"))
                if number is not None:
                    params["offset"] = number + 1
            if updates and params.get("offset") == before:
                await asyncio.sleep(FIRST_PAUSE_S)

    async def _until_stored(self, update: object, ingest: Ingest) -> None:
        """Never skips: the next poll would confirm what was skipped."""
        pause = FIRST_PAUSE_S
        while True:
            try:
                return await self._take(update, ingest)
            except NotStored as reason:
                log.warning("telegram.waiting", account=self.account, reason=str(reason))
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)

    async def _insist(self, method: str, params: dict[str, Any], timeout_s: float = CALL_S) -> Any:  # noqa: ANN401  JSON
        pause = FIRST_PAUSE_S
        while True:
            try:
                return await self._call(method, params, timeout_s)
            except (Unauthorized, Rejected) as refusal:
                raise ChannelRefused(str(refusal)) from refusal
            except Taken as conflict:
                log.error("telegram.taken", account=self.account, reason=str(conflict))  # noqa: TRY400  the reason is all there is
            except CallFailed as failure:
                log.warning("telegram.unwell", account=self.account, reason=str(failure))
                pause = failure.seconds if isinstance(failure, Limited) else pause
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    # Sending

    async def send(self, part: Part) -> SendResult:
        return await self._outbox.send(part)

    def rates(self, part: Part) -> Sequence[Rate]:
        return self._outbox.rates(part)

    async def _call(self, method: str, params: dict[str, Any], timeout_s: float = CALL_S) -> Any:  # noqa: ANN401  JSON
        return await self._transport.call(method, params, timeout_s=timeout_s)

    async def close(self) -> None:
        for nod in self._nods:
            nod.cancel()
        await self._transport.close()
