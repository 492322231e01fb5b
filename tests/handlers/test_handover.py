"""When a person is needed, what the customer is told, and for how long the bot is silent."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec import structs

from config.manners import HandOverSettings, HoursSettings
from events.manners import HandedOver, SilenceChanged
from handlers.drafting import Answer
from handlers.handover import DOUBTS, KEPT, HandOver, reason_of, requested
from handlers.openings import Openings
from handlers.reading import Understanding
from handlers.steps import Asked, Decision, Situation
from handlers.summary import About, Known, Summary, short
from llm.base import Action, Completion, Message
from store.session import Store
from tests.handlers.replying import NOW, PACK, PARSER, turn_of
from tests.llm.talking import INDEX

KNOBS = HandOverSettings()
WEEK = HoursSettings(week={"mon-fri": "09:00-18:00"})
NIGHT = datetime(2026, 5, 5, 2, tzinfo=UTC)  # Monday, 22:00 in Santiago
FRIDAY = datetime(2026, 5, 8, 23, tzinfo=UTC)
SAID = (
    Message("user", "tienen la mochila azul?"),
    Message("assistant", "Sí, tenemos Mochila Urbana Azul disponible, a $24.990."),
)


@pytest.fixture
def handover(store: Store) -> HandOver:
    return HandOver(PACK, KNOBS, Openings(store, WEEK), Known(store))


def asked(
    text: str,
    notes: Mapping[str, str] | None = None,
    *,
    at: datetime = NOW + timedelta(hours=2),
    said: tuple[Message, ...] = (),
) -> Asked:
    """NOW is a Monday morning, 8:00 in Santiago."""
    reading = Understanding(PACK, PARSER).read(text, INDEX, said)
    return Asked(turn_of(text), reading, Situation(notes=notes or {}), at)


def told(decision: Decision | None) -> str:
    assert decision is not None
    assert decision.answer is not None
    return decision.answer.completion.text


def event(decision: Decision | None) -> HandedOver:
    assert decision is not None
    (found,) = [one for one in decision.events if isinstance(one, HandedOver)]
    return found


def answer(text: str = "Cuesta $24.990.", verdict: str = "ok", **more: Any) -> Answer:  # noqa: ANN401  fields of a completion
    return Answer(Completion(text, "groq", "m", **more), verdict)


@pytest.mark.parametrize(
    ("text", "topic", "reason"),
    [
        ("quiero hablar con una persona", "", "asked"),
        ("me llegó roto, quiero hablar con un humano", "", "asked"),
        ("son unos ladrones", "", "complaint"),
        ("precio por mayor?", "compra por mayor", "policy"),
        ("¿cuánto cuesta la mochila?", "", None),
    ],
)
def test_the_reason_is_typed_and_the_plainest_one_counts(
    text: str, topic: str, reason: str | None
) -> None:
    assert reason_of(text, topic) == reason


BEFORE = (
    "Antes · Cliente: tienen la mochila azul? · "
    "Bot: Sí, tenemos Mochila Urbana Azul disponible, a $24.990."
)


async def test_while_people_are_there_the_bot_says_so_and_is_silent(handover: HandOver) -> None:
    decision = await handover.before(asked("quiero hablar con una persona", said=SAID))

    assert told(decision).startswith("Te paso con una persona")
    assert decision is not None
    assert decision.then_silent_ms == KNOBS.silence_s * 1000
    assert decision.notes == {DOUBTS: "", KEPT: ""}
    handed = event(decision)
    assert (handed.reason, handed.question) == ("asked", "quiero hablar con una persona")
    assert handed.summary == (
        "Cliente en memory (test), chat ana",
        "Pide hablar con una persona.",
        "Pregunta: «quiero hablar con una persona»",
        "Productos: Mochila Urbana Azul ($24.990)",
        BEFORE,
    )
    (silence,) = [one for one in decision.events if isinstance(one, SilenceChanged)]
    assert (silence.silenced, silence.reason) == (True, "hand_over")
    assert silence.until == asked("").at + timedelta(seconds=KNOBS.silence_s)


@pytest.mark.parametrize(
    ("account", "chat", "name", "expected"),
    [
        ("web:main", "0341bcdbe29d59f3655bcb0cf996fd97", None, "Visita 0341, en chat web"),
        ("web:main", "0341bcdbe29d59f3655bcb0cf996fd97", "Ana", "Ana, en chat web"),
        ("telegram:main", "740112233", "Ana", "Ana, en Telegram"),
        ("whatsapp:main", "56911112222", "Ana", "Ana, en WhatsApp, chat 56911112222"),
        ("whatsapp:main", "56911112222", None, "Cliente en WhatsApp, chat 56911112222"),
    ],
)
def test_a_customer_is_called_by_what_people_know(
    account: str, chat: str, name: str | None, expected: str
) -> None:
    one = asked("quiero hablar con una persona")
    one = replace(one, turn=structs.replace(one.turn, account=account, chat=chat))
    assert Summary(PACK).lines(one, "asked", "", About(name))[0] == expected


def test_a_list_reads_as_one_line() -> None:
    listed = "Tu pedido:\n• 2 × Mochila ($49.980)\n• 1 × Termo\n\nTotal: $69.970."
    assert short(listed) == "Tu pedido: 2 × Mochila ($49.980), 1 × Termo, Total: $69.970."


async def test_at_night_the_bot_says_when_people_are_back_and_goes_on(handover: HandOver) -> None:
    decision = await handover.before(asked("quiero hablar con una persona", at=NIGHT))

    assert "vuelven mañana a las 9:00" in told(decision)
    assert decision is not None
    assert decision.then_silent_ms == 0
    assert [type(one) for one in decision.events] == [HandedOver]
    assert decision.notes[KEPT] == "2026-05-05T13:00:00+00:00"


async def test_who_insists_at_night_is_told_again_and_recorded_once(handover: HandOver) -> None:
    first = await handover.before(asked("quiero hablar con una persona", at=NIGHT))
    assert first is not None
    again = asked("pásame con alguien", first.notes, at=NIGHT + timedelta(hours=1))
    second = await handover.before(again)
    assert told(second) == told(first)
    assert second is not None
    assert second.events == ()
    morning = asked("pásame con alguien", first.notes, at=NIGHT + timedelta(hours=12))
    assert event(await handover.before(morning)).reason == "asked"


async def test_a_complaint_is_followed_by_silence_until_people_are_back(
    handover: HandOver,
) -> None:
    decision = await handover.before(asked("me llegó roto, son unos ladrones", at=FRIDAY))

    assert "que vuelve el lunes a las 9:00" in told(decision)
    assert decision is not None
    until_monday = datetime(2026, 5, 11, 13, tzinfo=UTC) - FRIDAY
    assert decision.then_silent_ms == int(until_monday.total_seconds() * 1000)


async def test_a_subject_of_the_pack_is_for_people_alone(handover: HandOver) -> None:
    handed = event(await handover.before(asked("hacen precio al por mayor?")))
    assert handed.reason == "policy"
    assert "Pregunta algo que responde una persona: compra por mayor." in handed.summary


async def test_english_customers_are_told_in_english(handover: HandOver) -> None:
    decision = await handover.before(asked("i want to talk to a person please", at=NIGHT))
    assert "they are back tomorrow at 9:00" in told(decision)


async def test_a_tap_and_an_ordinary_question_hand_nothing_over(handover: HandOver) -> None:
    assert await handover.before(asked("cuánto cuesta la mochila azul?")) is None
    written = asked("Hablar con una persona")
    (message,) = written.turn.messages
    message = structs.replace(message, action="menu:person")
    tap = replace(written, turn=structs.replace(written.turn, messages=(message,)))
    assert await handover.before(tap) is None


async def test_two_answers_in_a_row_that_know_nothing_ask_a_person(handover: HandOver) -> None:
    unsure = answer("No lo sé.", used=("unknown",))
    first = await handover.after(asked("tienen robots de cocina industriales?"), unsure)
    assert first is not None
    assert (first.answer, first.notes, first.events) == (unsure, {DOUBTS: "1"}, ())

    second = await handover.after(asked("y de las otras?", first.notes), unsure)
    assert event(second).reason == "doubt"
    assert second is not None
    assert second.notes[DOUBTS] == ""


@pytest.mark.parametrize(
    ("doubtful", "counts"),
    [
        (answer("La verdad no tengo esa información."), "1"),
        (answer("Cuesta $9.990.", verdict="unsupported_price"), "1"),
        (answer("I don't know that."), "1"),
    ],
)
async def test_what_an_answer_admits_or_invents_is_a_doubt(
    handover: HandOver, doubtful: Answer, counts: str
) -> None:
    decision = await handover.after(asked("cuánto cuesta la mochila azul?"), doubtful)
    assert decision is not None
    assert decision.notes == {DOUBTS: counts}


async def test_an_answer_that_knows_ends_the_doubts(handover: HandOver) -> None:
    question = asked("cuánto cuesta la mochila azul?", {DOUBTS: "1"})
    decision = await handover.after(question, answer())
    assert decision is not None
    assert (decision.answer, decision.notes) == (answer(), {DOUBTS: ""})
    assert await handover.after(asked("cuánto cuesta la mochila azul?"), answer()) is None


async def test_an_unread_file_is_no_doubt_about_what_the_bot_knows(handover: HandOver) -> None:
    unread = answer("Solo leo texto.", used=("media_unreadable",))
    assert await handover.after(asked("", {DOUBTS: "1"}), unread) is None


async def test_a_model_may_ask_for_a_person_by_a_typed_action_alone(handover: HandOver) -> None:
    proposed = answer("Claro.", actions=(Action("request_person", {"reason": "complaint"}),))
    assert event(await handover.after(asked("es azul?"), proposed)).reason == "complaint"
    spoken = answer("Te paso con una persona ahora mismo.")
    assert await handover.after(asked("cuánto cuesta la mochila azul?"), spoken) is None
    assert requested((Action("request_person", {"reason": "<script>"}),)) == "asked"
    assert requested((Action("draft_order", {}),)) is None


async def test_a_turn_that_is_answered_anew_is_one_hand_over(handover: HandOver) -> None:
    text = "quiero hablar con una persona"
    first, second = asked(text), asked(text, at=NOW + timedelta(hours=3))
    ids: list[UUID] = [event(await handover.before(one)).id for one in (first, second)]
    assert ids[0] == ids[1]


async def test_without_postgres_a_person_is_asked_all_the_same(closed_store: Store) -> None:
    alone = HandOver(PACK, KNOBS, Openings(closed_store, WEEK), Known(closed_store))
    handed = event(await alone.before(asked("quiero hablar con una persona")))
    assert handed.name is None
    turn = turn_of("x")
    assert await alone.known.about(turn.shop, turn.customer, turn.conversation) == About()
