"""What is a grade, what is a question, and under which answers thumbs stand."""

from uuid import UUID

import pytest
from msgspec import structs

from events.contents import Choice, Generation, SourceUsed
from events.manners import SatisfactionGiven
from events.vocabulary import ReplyDrafted, TurnReady
from handlers.grading import Graded, Grading, graded, only_thumbs, with_thumbs
from handlers.reading import Understanding, spoken
from handlers.steps import Asked, Situation
from tests.handlers.replying import NOW, PACK, PARSER, SHOP, turn_of
from tests.llm.talking import INDEX
from text.verdicts import CSAT

POLL, REPLY = UUID(int=7), UUID(int=9)
WHY = f"why:{POLL}"
TOLD = SourceUsed(kind="product", id="p", title="Mochila")
GREETED = SourceUsed(kind="answer", id="greeting", title="Saludo")


def tapping(*said: tuple[str, str | None]) -> TurnReady:
    """Texts with the buttons they come from."""
    turn = turn_of(*(text for text, _ in said))
    actions = [action for _, action in said]
    messages = [
        structs.replace(one, action=action)
        for one, action in zip(turn.messages, actions, strict=True)
    ]
    return structs.replace(turn, messages=tuple(messages))


def found(turn: TurnReady, note: str = "") -> Graded | None:
    return graded(turn, spoken(turn), note)


@pytest.mark.parametrize(
    ("texts", "note", "expected"),
    [
        (("5",), str(POLL), Graded(POLL, 5)),
        (("4", "gracias por todo"), str(POLL), Graded(POLL, 4)),
        (("2", "tardaron mucho"), str(POLL), Graded(POLL, 2, "tardaron mucho")),
        (("5",), "", None),
        (("quiero 5 tazas",), str(POLL), None),
        (("5, ¿y tienen tazas?",), str(POLL), None),
        (("quiero hablar con una persona",), WHY, None),
        (("no me contestaron nunca",), WHY, Graded(POLL, None, "no me contestaron nunca")),
        (("¿y cuánto sale el envío?",), WHY, None),
        (("3, algo lento",), WHY, Graded(POLL, 3, "3, algo lento")),
        (("5",), "rubbish", None),
        (("",), WHY, None),
    ],
)
def test_only_an_answer_to_the_open_question_is_a_grade(
    texts: tuple[str, ...], note: str, expected: Graded | None
) -> None:
    assert found(turn_of(*texts), note) == expected


def test_a_tap_says_by_itself_what_it_answers() -> None:
    tap = ("⭐⭐ Mal", f"csat:2:{POLL}")
    assert found(tapping(tap)) == Graded(POLL, 2)
    assert found(tapping(tap, ("muy lento", None))) == Graded(POLL, 2, "muy lento")
    assert found(tapping(tap, ("¿tienen tazas?", None))) is None, "the question is answered"
    assert found(tapping(("⭐ Mal", f"csat:1:{POLL}"), tap)) == Graded(POLL, 2), "the last one"
    assert found(tapping(("Sí", f"confirm:{POLL}")), str(POLL)) is None


def test_a_thumb_alone_needs_no_answer_and_with_words_it_does() -> None:
    thumb = ("👍", f"rate:up:{REPLY}")
    assert only_thumbs(tapping(thumb))
    assert not only_thumbs(tapping(thumb, ("¿y en rojo?", None)))
    assert not only_thumbs(turn_of("👍"))
    assert not only_thumbs(structs.replace(turn_of("x"), messages=()))


@pytest.mark.parametrize(
    ("text", "said", "left"),
    [("5", "csat_thanks", ""), ("3", "csat_why", WHY), ("1, tardaron mucho", "csat_thanks", "")],
)
async def test_who_is_not_content_is_asked_why_once(text: str, said: str, left: str) -> None:
    reading = Understanding(PACK, PARSER).read(text, INDEX)
    asked = Asked(turn_of(text), reading, Situation(notes={CSAT: str(POLL)}), NOW)
    decision = await Grading(PACK).before(asked)
    assert decision is not None
    assert decision.answer is not None
    assert decision.answer.completion.used == (said,)
    assert (decision.purpose, decision.notes) == ("thanks", {CSAT: left})
    [given] = decision.events
    assert isinstance(given, SatisfactionGiven)
    assert (given.question, given.stars) == (POLL, int(text[0]))


def draft(*sources: SourceUsed, **fields: object) -> ReplyDrafted:
    plain = ReplyDrafted(
        id=REPLY, shop=SHOP, account="memory:main", conversation=REPLY, request_id=REPLY, at=NOW,
        received_at=NOW, customer=REPLY, chat="ana", text="Cuesta $9.990.", parts=("x",),
        generation=Generation(sources=sources),
    )  # fmt: skip
    return structs.replace(plain, **fields)


def test_thumbs_stand_under_what_tells_something() -> None:
    choices = with_thumbs(draft(TOLD)).choices
    assert [(one.title, one.id) for one in choices] == [
        ("👍", f"rate:up:{REPLY}"),
        ("👎", f"rate:down:{REPLY}"),
    ]


@pytest.mark.parametrize(
    "one",
    [
        draft(GREETED),
        draft(),
        draft(TOLD, choices=(Choice(id="confirm", title="Sí"),)),
        draft(TOLD, purpose="order"),
        draft(TOLD, then_silent_ms=1000),
    ],
    ids=["a greeting", "nothing", "other buttons", "an order", "the last word"],
)
def test_and_under_nothing_else(one: ReplyDrafted) -> None:
    assert with_thumbs(one) == one
