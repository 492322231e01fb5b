"""Lives through the personas' steps, and hears what the bot does meanwhile."""

import asyncio
import re
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import msgspec

from app.personas import Lived, Persona, Step
from bot.channels.base import MediaGone, MediaTooLarge, Part
from bot.channels.memory import MemoryChannel
from evaluation.assessing import plain
from events.contents import Alias, Media, Sender
from llm.base import File, Sensed

PATIENCE_S = 45.0


class HabitsChannel(MemoryChannel):
    """A network in memory whose customers send files: a voice note's bytes are its words."""

    def __init__(self, shop: UUID, account: str) -> None:
        super().__init__(shop, account)
        self.files: dict[str, bytes] = {}

    async def download(self, ref: str, limit: int) -> AsyncIterator[bytes]:
        if ref not in self.files:
            raise MediaGone(ref)
        if len(self.files[ref]) > limit:
            raise MediaTooLarge(ref)
        yield self.files[ref]

    def file(self, chat: str, key: str, content: Literal["voice", "photo"], said: str) -> Media:
        ref, data = f"{chat}/{key}", said.encode()
        self.files[ref] = data
        mime = {"voice": "audio/ogg", "photo": "image/jpeg"}[content]
        seconds = max(len(said) // 12, 1) if content == "voice" else None
        return Media(kind=content, ref=ref, mime=mime, size=len(data), seconds=seconds)


class Words:
    """Hears what a simulated voice note says."""

    async def read(self, file: File) -> Sensed:
        return Sensed(file.data.decode(), 1.0)

    async def close(self) -> None:
        """Nothing is open."""


@dataclass(slots=True)
class Life:
    """One customer on the way through a persona's steps. A `stubborn` one goes on after a wrong
    answer; a pattern is then read without accents, as those of `never` are."""

    channel: HabitsChannel
    chat: str
    persona: Persona
    lived: Lived
    heard: int = 0
    said: int = 0
    person_spoke: int | None = None
    last_said: float = 0.0
    stubborn: bool = False
    patience_s: float = PATIENCE_S

    async def live(self) -> None:
        self.lived.customers += 1
        for step in self.persona.steps:
            await asyncio.sleep(step.after)
            if not await self._take(step):
                break
        self.lived.heard += self._answers()
        self.lived.surplus += max(len(self._answers()) - self.heard, 0)

    async def _take(self, step: Step) -> bool:
        """False when going on makes no sense: what was to come did not come."""
        if step.expect is not None:
            return await self._expect(step.expect)
        if step.quiet is not None:
            return await self._quiet(step.quiet)
        if step.human is not None:
            self.person_spoke = len(self._answers())
            return await self._send(step.human, author="human")
        if step.tap is not None:
            return await self._tap(step.tap)
        if step.voice is not None or step.photo is not None:
            content: Literal["voice", "photo"] = "voice" if step.voice else "photo"
            return await self._send(step.voice or step.photo or "", content=content)
        return await self._send(step.say or "")

    async def _send(
        self,
        text: str,
        *,
        author: Literal["customer", "human"] = "customer",
        content: Literal["text", "voice", "photo"] = "text",
        action: str | None = None,
    ) -> bool:
        self.said += 1
        key = f"{self.chat}-{self.said}"
        written = "" if content != "text" else text
        message = self.channel.message(self.chat, written, key=key)
        media = () if content == "text" else (self.channel.file(self.chat, key, content, text),)
        message = msgspec.structs.replace(
            message, author=author, content=content, media=media, action=action, **self._known_by()
        )
        await self.channel.deliver(message)
        if author == "customer":
            self.lived.messages += 1
            self.last_said = time.perf_counter()
        return True

    def _known_by(self) -> dict[str, Sender]:
        """With the phone that the network vouches for, where the persona has one."""
        if self.persona.phone is None:
            return {}
        aliases = (Alias("phone", self.persona.phone),)
        return {"sender": Sender(id=self.chat, name=self.persona.name, aliases=aliases)}

    async def _tap(self, title: str) -> bool:
        offered = [choice for part in self._parts() for choice in part.choices]
        found = [choice for choice in reversed(offered) if choice.title.startswith(title)]
        if not found:
            return self._wrong(f"no choice {title!r} was offered")
        return await self._send(found[0].title, action=found[0].id)

    async def _expect(self, wanted: str) -> bool:
        self.lived.expected += 1
        try:
            async with asyncio.timeout(self.patience_s):
                while len(self._answers()) <= self.heard:
                    await self.channel.wait_for_replies(self.chat, len(self._parts()) + 1)
        except TimeoutError:
            self.lived.unanswered += 1
            self.lived.complaints.append(f"{self.chat}: nothing came instead of {wanted!r}")
            return False
        self.lived.waits.append(time.perf_counter() - self.last_said)
        text = self._answers()[self.heard]
        self.heard += 1
        read = plain(text) if self.stubborn else text
        if re.search(wanted, read, re.IGNORECASE) is None:
            return self._wrong(f"{text!r} instead of {wanted!r}") or self.stubborn
        self.lived.answered += 1
        return True

    async def _quiet(self, seconds: float) -> bool:
        await asyncio.sleep(seconds)
        if self.person_spoke is not None:
            self.lived.after_a_person += max(len(self._answers()) - self.person_spoke, 0)
            self.heard = len(self._answers())
        return True

    def _wrong(self, complaint: str) -> bool:
        self.lived.wrong += 1
        self.lived.complaints.append(f"{self.chat}: {complaint}")
        return False

    def _parts(self) -> Sequence[Part]:
        return [part for part in self.channel.sent if part.chat == self.chat]

    def _answers(self) -> list[str]:
        """Each as the customer reads it, whatever number of messages it travelled in."""
        texts: dict[str, list[str]] = defaultdict(list)
        for part in self._parts():
            texts[part.key.rpartition(":")[0]].append(part.text)
        return ["\n".join(parts) for parts in texts.values()]


async def play(
    channel: HabitsChannel,
    personas: Sequence[Persona],
    each: int,
    run: str,
    told: Callable[[], None] = lambda: None,
) -> list[Lived]:
    """So many customers of every persona, all at once."""
    lives = [(persona, Lived(persona.name)) for persona in personas]

    async def one(persona: Persona, lived: Lived, number: int) -> None:
        await Life(channel, f"{run}-{persona.name}-{number}", persona, lived).live()
        told()

    await asyncio.gather(
        *(one(persona, lived, number) for persona, lived in lives for number in range(each))
    )
    return [lived for _, lived in lives]
