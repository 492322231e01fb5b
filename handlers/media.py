"""Reads what customers send before their turn is answered: voice, pictures, documents.

Whatever happens, a file ends in one MediaRead: its turn waits for it. What is too large, too long
or meant to be seen once is not even fetched.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

import structlog

from config.manners import MediaSettings
from config.packs import Pack
from events.contents import MediaReading, MediaUse
from events.effects import Effects, Outcome
from events.happened import following
from events.manners import MediaRead, MediaWanted
from handlers.drafting import Answer
from handlers.steps import Asked, Decision
from knowledge.extraction import Caps, DocumentError, opened_reader
from llm.base import (
    Completion,
    File,
    ModelError,
    ModelMisconfigured,
    ModelUnavailable,
    Payer,
    Sense,
    Sensed,
    Use,
)
from services.clock import Clock, now
from services.files import Files, kind_of
from text.folding import clean

log = structlog.get_logger()
Problem: TypeAlias = Literal[
    "too_big", "too_long", "unreadable", "late", "view_once", "off", "gone"
]
MB: Final = 1024**2
BYTES_A_S: Final = 16_000
"""No voice note has more: a recording is at least so long."""
PAUSE_S: Final = 1.0
VOICE: Final = frozenset({"voice", "audio"})
ANSWERS: Final = {
    "too_big": "media_too_big",
    "too_long": "media_too_long",
    "unreadable": "media_unseen",
    "late": "media_late",
    "view_once": "media_view_once",
    "gone": "media_late",
}
LONGEST: Final = 4_000
READING_CPU_S, READING_S = 10, 15.0


class FileProblem(Exception):
    """A file cannot be had, or says nothing; `problem` is what the customer is told. `use` is what
    finding that out took."""

    def __init__(self, problem: Problem, use: Use | None = None) -> None:
        super().__init__(problem)
        self.problem: Problem = problem
        self.use = use


class FileWaits(Exception):
    """The network cannot be reached now."""


Fetch: TypeAlias = Callable[[str, str, int], Awaitable[bytes]]
"""A file of an account, by its reference and the most bytes: raises FileProblem or FileWaits."""


@dataclass(frozen=True, slots=True)
class Media:
    """`hearing` and `seeing` are None where nobody is configured for it."""

    knobs: MediaSettings
    fetch: Fetch
    files: Files
    hearing: Sense | None = None
    seeing: Sense | None = None
    clock: Clock = now

    async def close(self) -> None:
        for sense in (self.hearing, self.seeing):
            if sense is not None:
                await sense.close()

    async def on_wanted(self, wanted: MediaWanted) -> Outcome:
        problem = refused(wanted, self.knobs) or self._off(wanted)
        data, sensed = b"", Sensed("")
        if problem is None:
            try:
                async with asyncio.timeout(self.knobs.wait_s):
                    data = await self._fetched(wanted)
                    sensed = await self._sensed(wanted, data)
            except FileProblem as error:
                problem, sensed = error.problem, Sensed("", use=error.use)
            except TimeoutError:
                problem = "late"
        if problem is not None:
            log.info("media.unread", problem=problem, content=wanted.content)
        return Effects([self._read(wanted, data, sensed, problem)])

    def _off(self, wanted: MediaWanted) -> Problem | None:
        """A picture nobody looks at may still be a receipt, so it is fetched to be kept."""
        return "off" if wanted.content in VOICE and self.hearing is None else None

    async def _fetched(self, wanted: MediaWanted) -> bytes:
        while True:
            try:
                return await self.fetch(wanted.account, wanted.media.ref, self.knobs.max_mb * MB)
            except FileWaits:
                await asyncio.sleep(PAUSE_S)

    async def _sensed(self, wanted: MediaWanted, data: bytes) -> Sensed:
        """Nothing for a picture that nobody looks at."""
        if wanted.content == "document":
            try:
                return Sensed(await _text(data, self.knobs.max_pages))
            except DocumentError as error:
                log.info("media.document_unreadable", reason=str(error))
                raise FileProblem("unreadable") from None
        if wanted.content in VOICE and len(data) / BYTES_A_S > self.knobs.max_voice_s:
            raise FileProblem("too_long")  # not every network tells how long it is
        sense = self.hearing if wanted.content in VOICE else self.seeing
        if sense is None:
            return Sensed("")
        mime = wanted.media.mime or ("audio/ogg" if wanted.content in VOICE else "image/jpeg")
        payer = Payer(str(wanted.shop), str(wanted.customer))
        file = File(data, mime, wanted.locale, wanted.media.seconds, payer)
        while True:
            try:
                return await sense.read(file)
            except ModelUnavailable as error:
                await asyncio.sleep(min(error.retry_after or PAUSE_S, self.knobs.wait_s))
            except ModelMisconfigured as error:
                log.error("media.misconfigured", reason=str(error))  # noqa: TRY400  the reason is all there is
                raise FileProblem("off") from None
            except ModelError as error:
                raise FileProblem("unreadable", error.use) from None

    def _read(
        self, wanted: MediaWanted, data: bytes, sensed: Sensed, problem: Problem | None
    ) -> MediaRead:
        text = clean(sensed.text)[:LONGEST].strip()
        if problem is None and not text:
            problem = "off"
        digest, place = (None, None)
        if data and self.knobs.keep:
            digest, place = self.files.keep(str(wanted.shop), data)
        return MediaRead(
            **following(wanted, "read", self.clock()),
            customer=wanted.customer,
            chat=wanted.chat,
            thread=wanted.thread,
            locale=wanted.locale,
            message_at=wanted.at,
            platform_id=wanted.platform_id,
            reading=MediaReading(
                message=wanted.message,
                content=wanted.content,
                text="" if problem else text,
                confidence=None if problem else sensed.confidence,
                problem=problem,
            ),
            sha256=digest,
            path=place,
            mime=kind_of(data) or wanted.media.mime,
            size=len(data) or wanted.media.size,
            seconds=wanted.media.seconds,
            use=_told(sensed.use),
        )


def _told(use: Use | None) -> MediaUse | None:
    if use is None:
        return None
    return MediaUse(
        provider=use.provider, model=use.model, seconds=use.seconds, cost_micros=use.cost_micros,
        tokens_in=use.usage.tokens_in, tokens_out=use.usage.tokens_out,
    )  # fmt: skip


async def _text(data: bytes, pages: int) -> str:
    """Of the first pages: nobody's message is longer."""
    caps = Caps(size=len(data), pages=pages, cpu_s=READING_CPU_S, patience_s=READING_S)
    async with opened_reader(caps) as reader:
        _, extract = await reader.read(data, whole=False)
    return "\n".join(block.text for block in extract.blocks)


def refused(wanted: MediaWanted, knobs: MediaSettings) -> Problem | None:
    """What is not even fetched."""
    if "view_once" in wanted.flags:
        return "view_once"
    if "too_big" in wanted.flags or (wanted.media.size or 0) > knobs.max_mb * MB:
        return "too_big"
    return "too_long" if (wanted.media.seconds or 0) > knobs.max_voice_s else None


@dataclass(frozen=True, slots=True)
class Doubtful:
    """What is said instead of an answer while a file is unread, or was hardly understood."""

    pack: Pack
    sure: float

    async def before(self, asked: Asked) -> Decision | None:
        if asked.turn.pending:
            return self._say(asked, "media_pending", {})
        unsure = [
            one.text
            for one in asked.turn.readings
            if one.text and one.confidence is not None and one.confidence < self.sure
        ]
        if unsure:
            return self._say(asked, "media_doubtful", {"heard": unsure[0][:120]})
        name = None if asked.reading.text else unread(asked.turn.readings)
        return self._say(asked, name, {}) if name else None

    def remark(self, asked: Asked, answer: Answer) -> Answer:
        """Words are answered, and a file among them that nobody could read is not passed over."""
        name = unread(asked.turn.readings) if asked.reading.text else None
        if name is None or name in answer.completion.used:
            return answer
        said = self.pack.answers[name].say(asked.reading.parsed.locale, {})
        completion = answer.completion
        text = f"{completion.text.strip()}\n\n{said}"
        return replace(answer, completion=replace(completion, text=text))

    def _say(self, asked: Asked, name: str, slots: dict[str, str]) -> Decision:
        text = self.pack.answers[name].say(asked.reading.parsed.locale, slots)
        return Decision(Answer(Completion(text, "pack", self.pack.name, used=(name,))))


def unread(readings: tuple[MediaReading, ...]) -> str | None:
    """The pack's answer to files that say nothing; one for all of them."""
    for reading in readings:
        if reading.problem == "off":
            return "media_unreadable" if reading.content in VOICE else "media_kept"
        if reading.problem:
            return ANSWERS[reading.problem]
    return None
