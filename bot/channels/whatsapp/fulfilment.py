"""Does what the bot wishes of a session, and says how each wish ended."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from bot.channels.whatsapp.journal import Journal
from bot.channels.whatsapp.library import Phone, PhoneError, PhoneFailed, PhoneSilent
from bot.channels.whatsapp.outgoing import ended, file_message, reaction_message, text_message
from bot.channels.whatsapp.people import PHONE
from bot.channels.whatsapp.protocol import Attend, Deliver, Ended, Fetch, Link, Said, Wish
from events.contents import Attachment, Reaction

AGAIN_S = 5.0


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """`folder` is where fetched files are put for the bot to take away."""

    phone: Phone
    journal: Journal
    link: Link
    folder: Path

    async def grant(self, frame: Said) -> None:
        match frame:
            case Deliver():
                await self._granted(frame, self._deliver(frame))
            case Fetch():
                await self._granted(frame, self._fetch(frame))
            case Attend():
                await self._granted(frame, self._attend(frame))

    async def _granted(self, wish: Wish, work: Any) -> None:  # noqa: ANN401  a coroutine
        try:
            end = await work
        except PhoneSilent as silence:
            end = Ended(request=wish.request, how="unknown", text=str(silence))
        except PhoneFailed as failure:
            how = "gone" if isinstance(wish, Fetch) else ended(str(failure))
            end = Ended(request=wish.request, how=how, text=str(failure), seconds=AGAIN_S)
        await self.link.say(end)

    async def _deliver(self, wish: Deliver) -> Ended:
        chat = _whole(wish.chat)
        message = await self._message(wish, chat)
        if isinstance(message, Ended):
            return message
        id_ = await self.phone.send(chat, message)
        return Ended(request=wish.request, how="done", text=id_)

    async def _message(self, wish: Deliver, chat: str) -> dict[str, Any] | Ended:
        quoted, timer = self.journal.heard(chat, wish.reply_to), self.journal.timer(chat)
        match wish.extra:
            case Reaction(target=target, emoji=emoji):
                heard = self.journal.heard(chat, target)
                return reaction_message(chat, target, emoji, heard, time.time_ns() // 1_000_000)
            case Attachment(data=bytes(contents)) as file:
                try:
                    uploaded = await self.phone.upload(contents, file.kind)
                except PhoneError as failure:
                    # Nothing was sent yet, whatever became of the upload.
                    return Ended(
                        request=wish.request, how="later", text=str(failure), seconds=AGAIN_S
                    )
                return file_message(file, uploaded, quoted, timer)
            case _:
                return text_message(wish.text, quoted, timer)

    async def _fetch(self, wish: Fetch) -> Ended:
        contents = await self.phone.download(wish.ref, wish.limit)
        if contents is None:
            return Ended(request=wish.request, how="too_large", text=f"over {wish.limit} bytes")
        file = self.folder / uuid4().hex
        file.write_bytes(contents)
        return Ended(request=wish.request, how="done", text=str(file))

    async def _attend(self, wish: Attend) -> Ended:
        chat = _whole(wish.chat)
        heard = self.journal.heard(chat, wish.platform_id)
        if heard is not None:
            await self.phone.mark_read(chat, heard.sender, heard.id)
        await self.phone.show_typing(chat)
        return Ended(request=wish.request, how="done")


def _whole(chat: str) -> str:
    return chat if "@" in chat else f"{chat}@{PHONE}"
