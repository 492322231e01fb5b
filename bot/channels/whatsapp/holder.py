"""Holds one WhatsApp session: offers what it said, does what the bot wishes, says how it is."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from bot.channels.fields import table, words
from bot.channels.whatsapp.content import snippet, taken_back, timer_of, unwrapped
from bot.channels.whatsapp.fulfilment import Fulfilment
from bot.channels.whatsapp.health import MESSAGE, unreached
from bot.channels.whatsapp.journal import Entry, Heard, Journal
from bot.channels.whatsapp.library import Phone, PhoneError, PhoneFailed
from bot.channels.whatsapp.people import HIDDEN, server_of
from bot.channels.whatsapp.protocol import (
    Alive,
    Begin,
    Complained,
    Link,
    Offered,
    Stored,
    Told,
    fits,
)

BATCH, PAUSE_S = 64, 1.0
QR_S = 75.0
FINISH_S = 2.0


class Holder:
    def __init__(self, link: Link, journal: Journal, begin: Begin) -> None:
        self._link = link
        self._journal = journal
        self._begin = begin
        self._news = asyncio.Event()
        self._offered: set[int] = set()
        self._over: asyncio.Future[Told] = asyncio.get_running_loop().create_future()
        self._pairing: asyncio.TimerHandle | None = None
        self._code_wanted = bool(begin.phone)
        self._paired = False
        self._phones: dict[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, phone: Phone, wishes: Fulfilment, stop: asyncio.Event) -> None:
        """Until the session is over, the bot is gone, or somebody stops us."""
        self._phone = phone
        phone.on_qr(self._show)
        lives = [asyncio.create_task(self._hear(wishes)), asyncio.create_task(stop.wait())]
        offering = asyncio.create_task(self._offer())
        # Never cancelled: the library would close what its own events are still written to.
        self._connecting = asyncio.create_task(self._connect())
        ends: list[asyncio.Future[Any]] = [*lives, offering, self._over]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        if offering.done() and not isinstance(error := offering.exception(), OSError):
            self.complain(error)
        if self._over.done():
            self._link.put(self._over.result())
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=FINISH_S)
        for task in (*lives, offering, *self._tasks):
            task.cancel()

    # What WhatsApp tells

    def tell(self, told: Told | Offered) -> None:
        if isinstance(told, Offered):
            self._do(self._sign(told))
            return
        self._paired = told.state == "ready" or (self._paired and not told.why)
        if told.state == "ready":
            self._calm()
            self._do(self._introduce())
        if told.why and not self._over.done():
            self._over.set_result(told)
        elif not told.why:
            self._link.put(told)

    def news(self) -> None:
        self._news.set()

    async def _connect(self) -> None:
        try:
            await self._phone.connected()
            end = Told(state="unwell", detail="the connection ended", why="broken")
        except PhoneFailed as failure:
            end = unreached(str(failure))
        self.tell(end)

    def _show(self, qr: bytes) -> None:
        """A new one comes every few seconds; when none does, the library waits for ever."""
        self._calm()
        ran_out = Told(state="pairing", detail="nobody has scanned the QR", why="unpaired")
        self._pairing = asyncio.get_running_loop().call_later(QR_S, self.tell, ran_out)
        if self._code_wanted:
            self._code_wanted = False
            self._do(self._ask_code())
        elif not self._begin.phone:
            self._link.put(Told(state="pairing", qr=qr.decode("ascii", "replace")))

    def _calm(self) -> None:
        if self._pairing is not None:
            self._pairing.cancel()

    async def _ask_code(self) -> None:
        try:
            code = await self._phone.pair_code(self._begin.phone)
            self._link.put(Told(state="pairing", code=code))
        except PhoneError as failure:
            self._link.put(Told(state="pairing", detail=f"no pair code: {failure}"))

    async def _introduce(self) -> None:
        with suppress(PhoneError):
            self._journal.set_ours(await self._phone.ours())
            if self._begin.online:
                await self._phone.show_online()

    # What WhatsApp said

    async def _offer(self) -> None:
        while True:
            self._news.clear()
            for entry in self._journal.pending(BATCH):
                if entry.number not in self._offered:
                    self._offered.add(entry.number)
                    await self._link.say(await self._offered_of(entry))
            await self._link.say(Alive())
            with suppress(TimeoutError):
                # What could not be read becomes due by itself.
                async with asyncio.timeout(PAUSE_S):
                    await self._news.wait()

    async def _offered_of(self, entry: Entry) -> Offered:
        body = self._phone.read(entry.code, entry.raw)
        body |= {"code": entry.code, "ours": self._journal.ours()}
        source = table(table(body.get("Info")).get("MessageSource"))
        await self._name(source)
        if entry.code == MESSAGE:
            self._learn(body, source)
        return _fitting(entry, body, {**body, "Message": {"oversized": {}}}, {"code": entry.code})

    async def _name(self, source: dict[str, Any]) -> None:
        """The phone behind a hidden number, when WhatsApp left it out and the session knows it."""
        sender = words(source.get("Sender")) or ""
        if server_of(sender) != HIDDEN or words(source.get("SenderAlt")) or source.get("IsFromMe"):
            return
        # Asked before it is logged in, the library's Go half panics, and takes us along.
        if self._paired and sender not in self._phones:
            with suppress(PhoneError):
                self._phones[sender] = await self._phone.phone_of(sender)
        if "@" in (phone := self._phones.get(sender, "")):
            source["SenderAlt"] = phone

    async def _sign(self, sign: Offered) -> None:
        """A passing one must not be the first to name somebody: a hidden number alone would make
        another customer of them."""
        source = table(sign.body.get("MessageSource"))
        await self._name(source)
        if server_of(words(source.get("Sender")) or "") != HIDDEN or words(source.get("SenderAlt")):
            self._link.put(sign)

    def _learn(self, body: dict[str, Any], source: dict[str, Any]) -> None:
        """What a later answer needs: whom and what it quotes, and when it has to disappear."""
        chat, id_ = words(source.get("Chat")), words(table(body.get("Info")).get("ID"))
        message, _ = unwrapped(table(body.get("Message")))
        if chat is None or id_ is None:
            return
        if (seconds := timer_of(message)) is not None:
            self._journal.set_timer(chat, seconds)
        self._journal.unlearn(chat, taken_back(message))
        if not source.get("IsFromMe"):
            sender, text = words(source.get("Sender")) or chat, snippet(message) or ""
            timer = self._journal.timer(chat)
            self._journal.remember(chat, Heard(id_, sender, text), for_s=timer)

    # What the bot says

    async def _hear(self, wishes: Fulfilment) -> None:
        async for frame in self._link.heard():
            if isinstance(frame, Stored):
                self._journal.forget(frame.numbers)
                self._offered.difference_update(frame.numbers)
                self.news()
            else:
                self._do(wishes.grant(frame))

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.complain(error)

    def complain(self, error: object) -> None:
        self._link.put(Complained(text=repr(error)))


def _fitting(entry: Entry, *bodies: dict[str, Any]) -> Offered:
    """Few bytes can be many fields, and what cannot be told would be offered for ever."""
    offers = (
        Offered(number=entry.number, at_ms=entry.at_ms, offline=entry.offline, body=body)
        for body in bodies
    )
    return next(filter(fits, offers))
