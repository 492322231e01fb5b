"""When a person is needed: the customer asks for one, complains, is not understood, or the subject
is for people alone. A typed decision, never a phrase within an answer.

While people are there the bot says so, and that is its last word until they give it back. At night
it only tells when they are back and goes on helping, for hours of silence would serve nobody;
after a complaint it is silent all the same, for nobody who complains wants to hear about tea cups.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final, get_args
from uuid import UUID

from config.manners import HandOverSettings
from config.packs import Pack
from events.happened import following
from events.manners import HandedOver, HandOverReason, SilenceChanged
from handlers.drafting import Answer
from handlers.hours import Hours
from handlers.loops import CALLS_A_PERSON, repeats
from handlers.openings import Openings
from handlers.steps import Asked, Decision
from handlers.summary import Known, Summary
from llm.base import Action, Completion
from nlu.parse import GENERAL
from text.appeals import wants_person
from text.complaints import complains
from text.folding import fold
from text.phrases import Phrases, dictionary
from text.stemming import stems

DOUBTS: Final = "doubts"
"""So many answers in a row that knew nothing."""
KEPT: Final = "handed_over"
"""Until when the hand-over of a closed shop need not be recorded again."""
PROPOSED: Final = "request_person"
UNKNOWN: Final = "unknown"
UNPROVED: Final = "identidad sin confirmar"
SURE: Final = frozenset({"ok", "custom"})
OURS: Final = frozenset({"custom", "pack"})
"""Who answers so has been told to."""
SENTENCE: Final = 3
_ADMITS: Final = re.compile(
    r"\bno (?:tengo|cuento con|dispongo de|manejo) (?:es[ae]s?|el|la|los|mas|ning\w+)? ?"
    r"(?:datos?|informacion|detalles?)\b|\bno (?:lo |la )?se con (?:seguridad|certeza)\b"
    r"|\bi (?:do not|don'?t) (?:know|have (?:that|this|any) information)\b"
)
ASIDE: Final = frozenset({"media_unreadable", "media_too_big"})
"""Say nothing about what the bot knows."""


@dataclass(frozen=True)
class HandOver:
    pack: Pack
    knobs: HandOverSettings
    openings: Openings
    known: Known

    @cached_property
    def topics(self) -> Phrases[str]:
        topics = self.pack.handover.topics.items()
        return dictionary((word, name) for name, words in topics for word in words)

    async def before(self, asked: Asked) -> Decision | None:
        """A tap is an answer to what the bot asked, whatever its title says."""
        if asked.action:
            return None
        topic = self._topic(asked.reading.text)
        reason = reason_of(asked.reading.text, topic)
        if reason is None and repeats(asked.reading) >= CALLS_A_PERSON and not self._kept(asked):
            reason = "doubt"
        return await self._handed(asked, reason, topic) if reason is not None else None

    async def after(self, asked: Asked, answer: Answer) -> Decision | None:
        """What a model proposes counts as if the customer had said it."""
        proposed = requested(answer.completion.actions)
        if proposed is not None:
            return await self._handed(asked, proposed)
        before = doubts_of(asked)
        doubts = counted(before, asked, answer)
        if doubts >= self.knobs.doubts and not self._kept(asked):
            return await self._handed(asked, "doubt")
        if doubts == before:
            return None
        return Decision(answer, notes={DOUBTS: str(doubts) if doubts else ""})

    async def unproved(self, asked: Asked) -> Decision:
        """Somebody could not show who they are."""
        return await self._handed(asked, "policy", UNPROVED)

    def _topic(self, text: str) -> str:
        found = self.topics.found(stems(text[:600]))
        return found[0][2][0] if found else ""

    async def _handed(self, asked: Asked, reason: HandOverReason, topic: str = "") -> Decision:
        hours = await self.openings.of(asked.turn.shop)
        opens, here = hours.opens_next(asked.at), hours.is_open(asked.at)
        name = answer_for(reason, here=here)
        told = Decision(self._told(asked, name, hours, opens))
        notes = {DOUBTS: ""}
        if not here and reason != "complaint":
            if self._kept(asked):
                return replace(told, notes=notes)
            until = opens or asked.at + timedelta(seconds=self.knobs.silence_s)
            handed = await self._event(asked, reason, topic)
            return replace(told, events=(handed,), notes=notes | {KEPT: until.isoformat()})
        silence = silence_for(self.knobs.silence_s, asked.at, opens)
        events = (await self._event(asked, reason, topic), silenced(asked, silence))
        then_silent_ms = int(silence.total_seconds() * 1000)
        return replace(told, events=events, notes=notes | {KEPT: ""}, then_silent_ms=then_silent_ms)

    def _kept(self, asked: Asked) -> bool:
        until = asked.situation.notes.get(KEPT)
        return until is not None and asked.at < datetime.fromisoformat(until)

    def _told(self, asked: Asked, name: str, hours: Hours, opens: datetime | None) -> Answer:
        locale = asked.reading.parsed.locale
        slots = {"shop": self.pack.identity.shop.name}
        if opens is not None:
            slots["opens"] = hours.spoken(opens, asked.at, locale)
        text = self.pack.answers[name].say(locale, slots)
        return Answer(Completion(text, "pack", self.pack.name, used=(name,)))

    async def _event(self, asked: Asked, reason: HandOverReason, topic: str) -> HandedOver:
        """One a turn, however often the turn is answered anew."""
        turn = asked.turn
        about = await self.known.about(turn.shop, turn.customer, turn.conversation)
        return HandedOver(
            **following(turn, "handed-over", asked.at, of=_once(asked)),
            customer=turn.customer,
            chat=turn.chat,
            reason=reason,
            question=asked.reading.text[:1000],
            summary=Summary(self.pack).lines(asked, reason, topic, about),
            name=about.name,
        )


def reason_of(text: str, topic: str) -> HandOverReason | None:
    if wants_person(text):
        return "asked"
    if complains(text):
        return "complaint"
    return "policy" if topic else None


def requested(actions: tuple[Action, ...]) -> HandOverReason | None:
    """A reason that we do not know is the customer's wish."""
    for action in actions:
        if action.name == PROPOSED:
            told = action.arguments.get("reason")
            return next((one for one in get_args(HandOverReason) if one == told), "asked")
    return None


def doubts_of(asked: Asked) -> int:
    said = asked.situation.notes.get(DOUBTS, "")
    return int(said) if said.isascii() and said.isdigit() else 0


def counted(before: int, asked: Asked, answer: Answer) -> int:
    """Doubts in a row, with this answer."""
    used = frozenset(answer.completion.used)
    if used & ASIDE:
        return before
    doubts = UNKNOWN in used or answer.verdict not in SURE or at_a_loss(asked, answer)
    return before + 1 if doubts else 0


def at_a_loss(asked: Asked, answer: Answer) -> bool:
    """The answer admits it, or a whole sentence was understood by nobody and rests on no fact."""
    if answer.completion.provider in OURS:
        return False
    if _ADMITS.search(fold(answer.completion.text)):
        return True
    reading = asked.reading
    unread = reading.parsed.intent == GENERAL and not reading.parsed.acts
    return unread and not reading.found.sources and len(reading.text.split()) >= SENTENCE


def answer_for(reason: HandOverReason, *, here: bool) -> str:
    name = "hand_over_complaint" if reason == "complaint" else "hand_over"
    return name if here else f"{name}_closed"


def silence_for(silence_s: int, at: datetime, opens: datetime | None) -> timedelta:
    """At least until people are back."""
    return max(timedelta(seconds=silence_s), opens - at if opens is not None else timedelta())


def silenced(asked: Asked, silence: timedelta) -> SilenceChanged:
    """What the claim of the last word does to the bot, for everybody else to know."""
    return SilenceChanged(
        **following(asked.turn, "hand-over-silence", asked.at, of=_once(asked)),
        silenced=True,
        until=asked.at + silence,
        reason="hand_over",
    )


def _once(asked: Asked) -> UUID:
    return asked.turn.turn or asked.turn.id
