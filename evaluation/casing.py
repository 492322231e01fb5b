"""A golden case of a shop's own: what an answer must and must never say, told by a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic import ValidationError

from config.golden import Case
from config.packs import Pack
from evaluation.cases import golden_set, row_of
from knowledge.prompt import own_recognisers
from nlu.parse import GENERAL
from store import evaluating
from store.app import Shop
from store.session import ReadSession, WriteSession
from text.privacy import scrub


class CaseRefused(Exception):
    """`what` is wrong, `why`, and what to do `next`."""

    def __init__(self, what: str, why: str = "", hint: str = "") -> None:
        super().__init__(what, why, hint)
        self.what, self.why, self.hint = what, why, hint


class IntentUnknown(CaseRefused): ...


class NothingExpected(CaseRefused): ...


class NothingAsked(CaseRefused): ...


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer must and must never say; `a|b` is either."""

    split: str
    must: Sequence[str] = ()
    never: Sequence[str] = ()
    intent: str = ""
    unknown: bool = False
    by: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a case comes from: its name, its messages, and the answer of ours if it was one."""

    name: str
    messages: Sequence[str]
    training: UUID | None = None


async def of_answer(session: ReadSession, shop: UUID, reply: UUID) -> Source | None:
    """What led to an answer of ours; None where there is nothing to learn from it."""
    turns = await evaluating.answered_turns(session, shop, reply)
    if all(turn.id != reply for turn in turns):
        return None
    return Source(f"shop:{reply}", [turn.user_message for turn in turns], reply)


async def keep(session: WriteSession, shop: Shop, pack: Pack, source: Source, told: Told) -> Case:
    """The same name again says it anew. Raises CaseRefused."""
    extra = own_recognisers(pack)
    messages = [scrub(text, extra=extra).text for text in source.messages]
    case = case_from(source.name, messages, told, pack)
    set_id = golden_set(shop, pack)
    await evaluating.keep_set(session, shop.id, set_id, pack.name)
    more = {"training_id": source.training, "added_by": told.by}
    await evaluating.keep_cases(session, [row_of(shop.id, set_id, case, "shop", **more)])
    return case


def case_from(name: str, messages: Sequence[str], told: Told, pack: Pack) -> Case:
    """Raises CaseRefused."""
    if told.intent and told.intent not in {GENERAL, *(rule.name for rule in pack.intents)}:
        raise IntentUnknown(f"the pack {pack.name} has no intent {told.intent!r}")
    if not (told.must or told.never or told.unknown or told.intent):
        hint = 'say what makes it right: --must "24.990", --never, --unknown or --intent'
        raise NothingExpected("a case without an expectation shows nothing", hint=hint)
    try:
        return Case(
            name=name,
            split="test" if told.split == "test" else "dev",
            messages=tuple(messages),
            intent=told.intent or None,
            must=tuple(told.must),
            never=tuple(told.never),
            unknown=told.unknown,
            tags=("shop",),
        )
    except ValidationError as error:
        raise NothingAsked("that is no case", str(error.errors()[0]["msg"])) from error
