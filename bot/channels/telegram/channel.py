"""Telegram as a channel: nothing is confirmed before it is stored, every send ends as a value."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from typing import Any

import structlog

from bot.channels.base import ChannelRefused, Hook, Ingest, NotStored, Part, Rate, SendResult
from bot.channels.fields import name_of, table, whole, words
from bot.channels.telegram.files import fetched
from bot.channels.telegram.health import Watched, wrong_with
from bot.channels.telegram.normaliser import ALLOWED_UPDATES, Account, normalise
from bot.channels.telegram.outbox import Outbox
from bot.channels.telegram.people import groups_of
from bot.channels.telegram.transport import (
    CallFailed,
    Limited,
    Rejected,
    Taken,
    Unauthorized,
)
from bot.channels.telegram.webhook import Address, Webhook
from bot.composing import composed
from events.contents import Composed
from services.clock import Clock, now

log = structlog.get_logger()

CALL_S, SLACK_S, ATTEND_S = 20.0, 15.0, 3.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
LOOK_S = 60.0


class TelegramChannel:
    idempotent = False
    limit = 4096
    dedupe_s = 48 * 3600

    def __init__(
        self,
        transport: Watched,
        us: Account,
        address: Address,
        *,
        poll_s: int = 25,
        look_s: float = LOOK_S,
        clock: Clock = now,
    ) -> None:
        self.account = us.key
        self.us = us
        self.address = address
        self._transport = transport
        self._poll_s = poll_s
        self.look_s = look_s
        self._clock = clock
        self._outbox = Outbox(transport)
        self._nods: set[asyncio.Task[None]] = set()

    # Receiving

    async def receive(self, ingest: Ingest) -> None:
        try:
            await self.identify()
            if self.address.base is None:
                # A webhook that was left behind would refuse our polls for ever.
                await self._insist("deleteWebhook", {"drop_pending_updates": False})
                await self._poll(ingest)
            else:
                await self._insist("setWebhook", self._registration())
                await self._look_after_webhook()
        except ChannelRefused as refusal:
            self._transport.tell("refused", str(refusal))
            await self._transport.settled()
            raise

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

    async def _look_after_webhook(self) -> None:
        """Tells when Telegram stops calling us. Who took the address over keeps it: two bots that
        take it from each other would both be deaf."""
        heard = int(self._clock().timestamp())
        while True:
            await asyncio.sleep(self.look_s)
            info = await self._insist("getWebhookInfo", {})
            wrong = wrong_with(info, self.address.url, heard)
            heard = max(heard, whole(table(info).get("last_error_date")) or 0)
            if wrong is None:
                self._transport.tell("ready")
            else:
                log.error("telegram.not_called", account=self.account, reason=wrong)
                self._transport.tell("unwell", wrong)

    @property
    def path(self) -> str | None:
        return None if self.address.base is None else self.address.path

    def webhook(self, ingest: Ingest) -> Hook:
        """Every process may be called."""
        return Webhook(self.address, lambda update: self._take(update, ingest))

    async def _take(self, update: object, ingest: Ingest) -> None:
        us = await self._at_home(update)
        for event in normalise(update, account=us, received_at=self._clock()):
            await ingest(event)
        pressed = name_of(table(table(update).get("callback_query")).get("id"))
        if pressed is not None:
            nod = asyncio.create_task(self._nod(pressed))
            self._nods.add(nod)
            nod.add_done_callback(self._nods.discard)

    async def _at_home(self, update: object) -> Account:
        """Us, who know under which id the update's group was first heard of."""
        groups = groups_of(update)
        first = await self._transport.first_known(groups)
        return self.us if first is None else replace(self.us, homes=dict.fromkeys(groups, first))

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

    def compose(self, text: str) -> Composed:
        return composed(text, limit=self.limit)

    def rates(self, part: Part) -> Sequence[Rate]:
        return self._outbox.rates(part)

    async def attend(self, chat: str, thread: str | None, platform_id: str | None) -> None:  # noqa: ARG002  Telegram shows bots no read marks
        """ "typing…", for five seconds; a channel's direct messages show none."""
        kind, _, name = (thread or "").partition(":")
        if kind == "direct":
            return
        params = {"chat_id": chat, "action": "typing"}
        if kind == "business":
            params["business_connection_id"] = name
        elif thread is not None:
            params["message_thread_id"] = thread
        try:
            await self._call("sendChatAction", params, ATTEND_S)
        except CallFailed as failure:
            log.debug("telegram.not_attended", account=self.account, reason=str(failure))

    def download(self, ref: str, limit: int) -> AsyncGenerator[bytes, None]:
        return fetched(self._transport, ref, limit)

    async def _call(self, method: str, params: dict[str, Any], timeout_s: float = CALL_S) -> Any:  # noqa: ANN401  JSON
        return await self._transport.call(method, params, timeout_s=timeout_s)

    async def close(self) -> None:
        for nod in self._nods:
            nod.cancel()
        await self._transport.close()
