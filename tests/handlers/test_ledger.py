"""One turn of the ledger: what is proposed, what a yes writes, and what a replay writes."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select

from config.packs import load_pack
from handlers.bookkeeping import NOTE
from handlers.ledger import Ledger
from handlers.reading import Understanding
from handlers.steps import Asked, Decision, NotYet, Situation
from nlu.parse import parser_of
from store.app import Customer
from store.ledger import LedgerEntry
from store.session import Store
from tests.handlers.replying import NOW, turn_of
from tests.llm.talking import INDEX

PACK = load_pack("finanzas")
SPENT = "gasté 5 lucas en almuerzo"


@pytest.fixture
def ledger(store: Store) -> Ledger:
    return Ledger(PACK, store, ZoneInfo("America/Santiago"))


@pytest.fixture
async def customer(store: Store, shop: UUID) -> UUID:
    person = turn_of("hola").customer
    async with store.transaction() as session:
        session.add(Customer(shop_id=shop, id=person))
    return person


def asked(
    text: str, notes: Mapping[str, str] | None = None, *, later: timedelta = timedelta()
) -> Asked:
    reading = Understanding(PACK, parser_of(PACK)).read(text, INDEX)
    return Asked(turn_of(text), reading, Situation(notes=notes or {}), NOW + later)


def told(decision: Decision | None) -> str:
    assert decision is not None
    assert decision.answer is not None
    return decision.answer.completion.text


async def notes_after(ledger: Ledger, text: str) -> Mapping[str, str]:
    decision = await ledger.before(asked(text))
    assert decision is not None
    return decision.heard


async def rows(store: Store) -> list[tuple[int, str]]:
    async with store.reading() as session:
        found = await session.scalars(select(LedgerEntry).order_by(LedgerEntry.created_at))
        return [(row.amount, row.category) for row in found]


async def test_a_yes_that_is_handled_again_after_a_kill_writes_the_same_rows(
    ledger: Ledger, store: Store, customer: UUID
) -> None:
    """The rows are committed and the acknowledgement is lost: the note still stands."""
    notes = await notes_after(ledger, "5 lucas en almuerzo y 2 en micro")

    first = await ledger.before(asked("sí", notes))
    again = await ledger.before(asked("sí", notes, later=timedelta(seconds=9)))

    assert told(first) == told(again)
    assert await rows(store) == [(5000, "comida"), (2000, "transporte")]


async def test_a_removal_that_is_handled_again_stays_what_it_was(
    ledger: Ledger, store: Store, customer: UUID
) -> None:
    await ledger.before(asked("sí", await notes_after(ledger, SPENT)))
    notes = await notes_after(ledger, "borra el último gasto")

    await ledger.before(asked("sí", notes))
    await ledger.before(asked("sí", notes, later=timedelta(hours=1)))

    async with store.reading() as session:
        (row,) = (await session.scalars(select(LedgerEntry))).all()
    assert row.cancelled_at == NOW


@pytest.mark.parametrize(
    ("text", "left"),
    [("sí, no, mejor no", []), ("no, eran 6 lucas", []), ("borra eso", []), ("sí", [5000])],
)
async def test_a_yes_whose_answer_nobody_got_can_still_be_taken_back(
    ledger: Ledger, store: Store, customer: UUID, text: str, left: list[int]
) -> None:
    """It was written down, and the customer's next words joined its turn."""
    notes = await notes_after(ledger, SPENT)
    await ledger.before(asked("sí", notes))

    await ledger.before(asked(text, notes, later=timedelta(seconds=1)))

    async with store.reading() as session:
        live = select(LedgerEntry.amount).where(LedgerEntry.cancelled_at.is_(None))
        assert list(await session.scalars(live)) == left


async def test_a_yes_that_is_taken_back_and_given_again_counts(
    ledger: Ledger, store: Store, customer: UUID
) -> None:
    notes = await notes_after(ledger, SPENT)

    for text in ("sí", "no", "sí"):
        last = await ledger.before(asked(text, notes))

    assert "quedó anotado" in told(last)
    async with store.reading() as session:
        live = select(LedgerEntry.amount).where(LedgerEntry.cancelled_at.is_(None))
        assert list(await session.scalars(live)) == [5000]


async def test_a_removal_whose_answer_nobody_got_can_still_be_taken_back(
    ledger: Ledger, store: Store, customer: UUID
) -> None:
    await ledger.before(asked("sí", await notes_after(ledger, SPENT)))
    notes = await notes_after(ledger, "borra el último gasto")
    await ledger.before(asked("sí", notes))

    await ledger.before(asked("no", notes))

    async with store.reading() as session:
        assert await session.scalar(select(LedgerEntry.cancelled_at)) is None


async def test_what_is_left_behind_by_another_wish_is_told(ledger: Ledger, customer: UUID) -> None:
    notes = await notes_after(ledger, SPENT)

    other = await ledger.before(asked("presupuesto de 20 lucas para ropa", notes))

    assert told(other).startswith("Lo anterior quedó sin confirmar. Creo un presupuesto")


async def test_who_is_not_yet_written_down_is_waited_for(ledger: Ledger, shop: UUID) -> None:
    notes = await notes_after(ledger, SPENT)

    with pytest.raises(NotYet):
        await ledger.before(asked("sí", notes))


async def test_a_proposal_is_no_longer_one_after_a_day(
    ledger: Ledger, store: Store, customer: UUID
) -> None:
    notes = await notes_after(ledger, SPENT)

    assert await ledger.before(asked("sí", notes, later=timedelta(hours=25))) is None
    assert await rows(store) == []


@pytest.mark.parametrize("note", ["", "{", "[]", '{"id": 5}', "null"])
async def test_a_note_that_nobody_can_read_is_none(
    ledger: Ledger, customer: UUID, note: str
) -> None:
    assert await ledger.before(asked("sí", {NOTE: note})) is None


async def test_a_question_in_between_leaves_the_proposal_open(
    ledger: Ledger, store: Store, customer: UUID
) -> None:
    notes = await notes_after(ledger, SPENT)

    question = await ledger.before(asked("cuánto llevo gastado este mes?", notes))

    assert question is not None
    assert "No tienes gastos anotados" in told(question)
    assert question.heard == notes


@pytest.mark.parametrize("text", ["hola", "gracias", "a cuánto está la uf", "quién eres", "asdf"])
async def test_what_is_no_business_of_the_ledger_is_left_to_others(
    ledger: Ledger, customer: UUID, text: str
) -> None:
    assert await ledger.before(asked(text)) is None


@pytest.mark.parametrize(
    ("text", "day", "said"),
    [(SPENT, NOW, "ayer"), (f"{SPENT} ayer", NOW - timedelta(days=1), "anteayer")],
)
async def test_a_message_that_waited_is_noted_on_the_day_it_was_written(
    ledger: Ledger, store: Store, customer: UUID, text: str, day: datetime, said: str
) -> None:
    """Whoever reads the answer does so a day later, and is told the day as it looks from there."""
    proposed = await ledger.before(asked(text, later=timedelta(days=1)))
    assert f"en comida, {said}." in told(proposed)
    assert proposed is not None
    await ledger.before(asked("sí", proposed.heard, later=timedelta(days=1, hours=1)))

    async with store.reading() as session:
        assert await session.scalar(select(LedgerEntry.on_day)) == day.date()


async def test_a_message_from_the_future_is_noted_today(
    ledger: Ledger, store: Store, customer: UUID
) -> None:
    proposed = await ledger.before(asked(SPENT, later=-timedelta(days=3)))

    assert "en comida, hoy." in told(proposed)


@pytest.mark.parametrize(
    ("question", "span"),
    [
        ("cuánto gasté en marzo de 2024?", "en marzo de 2024"),
        ("cuánto gasté este año?", "este año"),
        ("cuánto gasté el año pasado?", "en 2025"),
        ("cuánto gasté en total?", "en total"),
        ("gastos de los últimos 7 días", "el 28 de abril – hoy"),
        ("cuánto gasté en enero y febrero?", "el 1 de enero – el 28 de febrero"),
        ("cuál es mi saldo de este año", "este año"),
    ],
)
async def test_the_days_that_are_summed_are_named(
    ledger: Ledger, store: Store, customer: UUID, question: str, span: str
) -> None:
    days = ("2024-03-05", "2025-06-06", "2026-01-10", "2026-05-01")
    rows = [_spent(customer, date.fromisoformat(day)) for day in days]
    async with store.transaction() as session:
        await session.execute(insert(LedgerEntry), rows)

    said = told(await ledger.before(asked(question)))

    assert f", {span}: " in said, said


async def test_days_that_are_not_understood_are_asked_for(ledger: Ledger, customer: UUID) -> None:
    said = told(await ledger.before(asked("cuánto gasté esta quincena?")))

    assert "No entendí de qué días" in said


def _spent(customer: UUID, day: date) -> dict[str, object]:
    return {
        "shop_id": turn_of("hola").shop, "id": uuid4(), "customer_id": customer, "kind": "expense",
        "amount": 5000, "currency": "CLP", "category": "comida", "on_day": day,
    }  # fmt: skip
