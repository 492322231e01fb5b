"""What customers say of answers and conversations: kept, thanked for, and never taken for a
question. Pure decisions, and the step that tells them."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from msgspec import structs

from config.packs import NEEDED, Pack
from events.contents import Choice
from events.happened import following
from events.manners import SatisfactionGiven
from events.vocabulary import ReplyDrafted, TurnReady
from handlers.drafting import Answer
from handlers.steps import Asked, Decision
from llm.base import Completion
from text.appeals import wants_person
from text.verdicts import CSAT, DOWN, RATE, UP, stars, tapped_stars, tapped_thumb

BAD: Final = 3
"""So many stars or fewer, and the customer is asked what was wrong."""
WHY: Final = "why:"
"""How the note begins while that answer is awaited; otherwise it is the open question's id."""
LONGEST: Final = 1_000
THANKS, SORRY = "csat_thanks", "csat_why"


@dataclass(frozen=True, slots=True)
class Graded:
    question: UUID
    stars: int | None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Grading:
    pack: Pack

    async def before(self, asked: Asked) -> Decision | None:
        """A thumb needs no answer; who grades a conversation is thanked, or asked why, once."""
        if only_thumbs(asked.turn):
            return Decision(None)
        found = graded(asked.turn, asked.reading.text, asked.situation.notes.get(CSAT, ""))
        if found is None:
            return None
        asks_why = found.stars is not None and found.stars <= BAD and not found.comment
        name = SORRY if asks_why else THANKS
        text = self.pack.answers[name].say(asked.reading.parsed.locale, {})
        return Decision(
            Answer(Completion(text, "pack", self.pack.name, used=(name,))),
            events=(_given(asked, found),),
            notes={CSAT: f"{WHY}{found.question}" if asks_why else ""},
            purpose="thanks",
        )


def only_thumbs(turn: TurnReady) -> bool:
    taps = [tapped_thumb(one.action) for one in turn.messages]
    return bool(taps) and None not in taps


def graded(turn: TurnReady, text: str, note: str) -> Graded | None:
    """A tap says what it is about; a number or words only count while the question is open, and
    not where they ask something themselves."""
    taps = [tap for one in turn.messages if (tap := tapped_stars(one.action)) is not None]
    typed = "\n".join(one.text for one in turn.messages if tapped_stars(one.action) is None)
    words = typed if taps else text
    if "?" in words or "¿" in words or wants_person(words):
        return None
    if taps:
        given, question = taps[-1]
        return Graded(question, given, typed.strip()[:LONGEST])
    if any(one.action for one in turn.messages) or not words.strip():
        return None
    awaited = _uuid(note.removeprefix(WHY))
    if awaited is None:
        return None
    said = stars(words)
    if note.startswith(WHY):
        return Graded(awaited, said[0] if said else None, words.strip()[:LONGEST])
    return Graded(awaited, said[0], said[1][:LONGEST]) if said else None


def with_thumbs(draft: ReplyDrafted) -> ReplyDrafted:
    """Buttons under an answer that tells something, where it has none of its own."""
    told = any(one.id not in NEEDED for one in draft.generation.sources)
    plain = draft.purpose == "answer" and not draft.choices and not draft.then_silent_ms
    if not (told and plain):
        return draft
    sides = (("up", UP), ("down", DOWN))
    choices = tuple(Choice(id=f"{RATE}:{side}:{draft.id}", title=sign) for side, sign in sides)
    return structs.replace(draft, choices=choices)


def _given(asked: Asked, found: Graded) -> SatisfactionGiven:
    turn = asked.turn
    return SatisfactionGiven(
        **following(turn, f"graded:{turn.revision}", asked.at, of=turn.turn or turn.id),
        customer=turn.customer,
        question=found.question,
        stars=found.stars,
        comment=found.comment,
    )


def _uuid(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None
