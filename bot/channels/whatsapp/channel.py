"""WhatsApp by QR, as a linked device: unofficial, off by default. The library runs elsewhere
(`bot.channels.whatsapp.process`); this is what the bot sees of it.

At most once: a message whose answer was lost is never sent again, and what WhatsApp told its
library in the moment of a crash may be lost before it reaches our journal.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal
from uuid import UUID, uuid4

import structlog

from bot.channels.base import (
    Accepted,
    Ambiguous,
    ChannelRefused,
    ChannelUnavailable,
    Ingest,
    MediaGone,
    MediaTooLarge,
    NotStored,
    Part,
    Permanent,
    Rate,
    RetryAfter,
    SendResult,
)
from bot.channels.plain import spelled
from bot.channels.whatsapp.child import started
from bot.channels.whatsapp.health import Patience
from bot.channels.whatsapp.markup import compose
from bot.channels.whatsapp.news import News
from bot.channels.whatsapp.normaliser import heard_at, ids_of, normalise
from bot.channels.whatsapp.pacing import pause_s
from bot.channels.whatsapp.people import Account, place_of
from bot.channels.whatsapp.protocol import Attend, Begin, Deliver, Ended, Fetch, Offered, Told
from bot.channels.whatsapp.requests import Requests
from bot.channels.whatsapp.session import Session
from bot.directory import Directory
from bot.states import States
from config.networks import WhatsAppSettings
from events.contents import Attachment, Composed, Template
from events.happened import Happened, named
from events.vocabulary import ChannelChanged
from services.clock import milliseconds, now
from services.wire import Wire, WireClosed

log = structlog.get_logger()

COMMAND = (sys.executable, "-m", "bot.channels.whatsapp.process")
PATIENCE_S, DEADLINE_S, FETCH_S, ATTEND_S = 5.0, 70.0, 120.0, 2.0
PAUSE_S, LONGEST_PAUSE_S, UNREACHED_S = 0.2, 5.0, 2.0
# WhatsApp watches numbers that write like machines.
ALL = Rate("all", every_ms=1500, burst=8)


class WhatsAppChannel:
    idempotent = False
    limit = 4096
    dedupe_s = 8 * 24 * 3600
    repeats: Literal["never"] = "never"
    status_s = 0.0

    def __init__(
        self,
        us: Account,
        begin: Begin,
        wire: Wire,
        prefix: str,
        *,
        command: Sequence[str] = COMMAND,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.account = us.key
        self._us = us
        self._begin = begin
        self._command = command
        self._patience_s = patience_s
        self._states = States(wire, prefix)
        self._directory = Directory(wire, prefix)
        self._requests = Requests(wire, prefix, us.key)
        self._asked = asyncio.Event()
        self._told: Told | None = None

    # Receiving

    async def receive(self, ingest: Ingest) -> None:
        async def keep(offered: Offered) -> None:
            for event in await self._events(offered):
                await self._until_stored(event, ingest)

        async def tell(told: Told) -> None:
            await self._tell(told, ingest)

        patience = Patience()
        self._told = None  # another process may have told otherwise meanwhile
        while True:
            began = time.monotonic()
            async with started(self._command, self._begin) as child:
                end = await Session(child, self._requests, keep, tell, self._asked).run()
            await tell(end)
            if end.state == "refused":
                raise ChannelRefused(end.detail)
            await asyncio.sleep(patience.after(end, time.monotonic() - began, time.time()))

    async def _events(self, offered: Offered) -> tuple[Happened, ...]:
        body, place = offered.body, place_of(offered.body)
        person = ""
        if place is not None and place.names and not place.aside:
            person = await self._directory.canonical(self.account, place.names, place.phones)
        news = News(
            account=self._us,
            number=offered.number,
            body=body,
            person=person,
            ours=await self._requests.ours(ids_of(body)),
            heard_at=heard_at(offered.at_ms),
            now=now(),
            offline=offered.offline,
        )
        return normalise(news)

    async def _until_stored(self, event: Happened, ingest: Ingest) -> None:
        """Never skips: the journal forgets what we have said is stored."""
        pause = PAUSE_S
        while True:
            try:
                await ingest(event)
            except NotStored as reason:
                log.warning("whatsapp.waiting", account=self.account, reason=str(reason))
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_S)
            else:
                return

    async def _tell(self, told: Told, ingest: Ingest) -> None:
        if told == self._told:
            return
        self._told = told
        log.info("whatsapp.changed", account=self.account, state=told.state, detail=told.detail)
        await self._states.tell(self.account, told.state, told.detail, qr=told.qr, code=told.code)
        at = now()
        moment = str(milliseconds(at))
        said = (told.state, told.detail, told.qr, told.code)
        identity = named(self.account, "changed", moment, *said)
        changed = ChannelChanged(
            id=identity,
            shop=self._us.shop,
            account=self.account,
            conversation=named(self.account, "account"),
            request_id=identity,
            at=at,
            received_at=at,
            state=told.state,
            detail=told.detail,
            qr=told.qr or None,
            code=told.code or None,
        )
        await self._until_stored(changed, ingest)

    # Sending, from any process

    def compose(self, text: str) -> Composed:
        return compose(text)

    async def send(self, part: Part) -> SendResult:
        extra = part.extra
        if isinstance(extra, Template):
            return Permanent("templates belong to the Cloud API")
        text = "" if extra is not None else spelled(part)
        if isinstance(extra, Attachment) and extra.data is None:
            if not extra.url:
                return Permanent("this network takes a file by its contents or its address")
            # Fetching it would let a text send us anywhere; the customer may open it instead.
            text, extra = f"{extra.caption}\n{extra.url}".strip(), None
        wish = Deliver(
            request=part.key, chat=part.chat, text=text, reply_to=part.reply_to, extra=extra
        )
        self._asked.set()
        end = await self._requests.ask(wish, patience_s=self._patience_s, deadline_s=DEADLINE_S)
        return await self._result(end)

    async def _result(self, end: Ended) -> SendResult:
        match end.how:
            case "done":
                return Accepted(end.text)
            case "later":
                return RetryAfter(end.seconds or UNREACHED_S, end.text or await self._absence())
            case "unknown":
                return Ambiguous(end.text)
            case _:
                return Permanent(end.text)

    async def _absence(self) -> str:
        """Why nobody takes what we wish."""
        told = (await self._states.of([self.account])).get(self.account)
        state = f"{told.state} {told.detail}".rstrip() if told else "no bot serves it"
        return f"WhatsApp is not connected ({state})"

    def rates(self, part: Part) -> Sequence[Rate]:
        return (ALL, Rate(f"chat:{part.chat}", every_ms=1000, burst=3))

    def pause_s(self, part: Part) -> float:
        return pause_s(part.key, len(part.text)) * self._begin.pace

    async def attend(self, chat: str, thread: str | None, platform_id: str | None) -> None:  # noqa: ARG002  every network has threads but this one
        wish = Attend(request=f"attend:{uuid4().hex}", chat=chat, platform_id=platform_id)
        with suppress(WireClosed, TimeoutError):
            async with asyncio.timeout(ATTEND_S):
                await self._requests.leave(wish)

    async def download(self, ref: str, limit: int) -> AsyncIterator[bytes]:
        wish = Fetch(request=f"fetch:{uuid4().hex}", ref=ref, limit=limit)
        end = await self._requests.ask(wish, patience_s=self._patience_s, deadline_s=FETCH_S)
        match end.how:
            case "done":
                async for chunk in self._requests.chunks(end):
                    yield chunk
            case "too_large":
                raise MediaTooLarge(end.text)
            case "gone" | "never":
                raise MediaGone(end.text)
            case _:
                raise ChannelUnavailable(end.text or "WhatsApp is not connected")

    async def close(self) -> None:
        """The session ends with `receive`; nothing else is open."""


def whatsapp(
    settings: WhatsAppSettings, shop: UUID, account: str, wire: Wire, prefix: str, folder: Path
) -> WhatsAppChannel:
    session = settings.session.get_secret_value() if settings.session else ""
    begin = Begin(
        account=account,
        folder=str(folder.resolve()),
        session=session,
        phone="".join(filter(str.isdecimal, settings.phone or "")),
        online=settings.online,
        pace=settings.pace,
    )
    return WhatsAppChannel(Account(shop, account), begin, wire, prefix)
