"""One turn of the ledger: what is proposed, what a yes writes, and what a replay writes."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

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
    return decision.notes


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
    assert question.notes == notes


@pytest.mark.parametrize("text", ["hola", "gracias", "a cuánto está la uf", "quién eres", "asdf"])
async def test_what_is_no_business_of_the_ledger_is_left_to_others(
    ledger: Ledger, customer: UUID, text: str
) -> None:
    assert await ledger.before(asked(text)) is None
