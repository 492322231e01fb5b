"""What a client with much history is told: every row is counted, and a list that is cut says so."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from handlers.lending import Lending, labels_of
from handlers.owed import Teller
from handlers.record_wishes import Wish
from handlers.told import Told
from knowledge.lookups import resolved
from knowledge.verify import Evidence, verify
from store.portfolio import (
    InstalmentRow,
    LoanRow,
    PaymentRow,
    Portfolio,
    client_id,
    replace,
)
from store.session import Store
from tests.handlers.test_lending import PACK, lending

__all__ = ["lending"]
PLANNED = 72
BEGUN = date(2026, 6, 1)
ASKED = date(2026, 11, 30)
LOANS = ("2001", "2002")
TELLER = Teller(PACK, labels_of(PACK))


def month(place: int) -> date:
    return date(2026 + (6 + place) // 12, (6 + place) % 12 + 1, 5)


@pytest.fixture
async def ana(lending: Lending, store: Store, shop: UUID) -> UUID:
    """Two plans of six years beside the loan 1001, whose one payment is older than 24 of theirs."""
    history = Portfolio(
        loans=tuple(
            LoanRow(loan, "C-1", 100_000, 72_000, Decimal("24.5"), "current", BEGUN)
            for loan in LOANS
        ),
        instalments=tuple(
            InstalmentRow(loan, place + 1, month(place), 1000, 0, "pending")
            for loan in LOANS
            for place in range(PLANNED)
        ),
        payments=tuple(
            PaymentRow(
                f"X{n}", "2001", None, 500 + n, date(2026, 11, 2) + timedelta(days=n), "cash"
            )
            for n in range(24)
        ),
    )
    async with store.transaction() as session:
        await replace(session, shop, history)
    return client_id(shop, "C-1")


async def answer(lending: Lending, shop: UUID, client: UUID, wish: Wish) -> str:
    standing = await lending.books.standing(
        shop, client, ASKED, loan=wish.loan, instalment=wish.instalment
    )
    return checked(TELLER.tell(wish, standing))


def checked(told: Told) -> str:
    """A figure without a row behind it would not leave."""
    assert verify(told.text, Evidence(told.sources, "x", peso="CLP")).text == told.text
    return told.text


@pytest.mark.parametrize(
    ("wish", "parts"),
    [
        (Wish("pending"), ["145 cuotas", "$144.300 en total", "Las primeras 12"]),
        (Wish("pending", loan="2002"), ["72 cuotas", "$72.000 en total", "Las primeras 12"]),
        (Wish("pending", ordinal=3), ["72 cuotas", "del préstamo 2002"]),
        (Wish("pending", loan="1001"), ["una cuota por pagar, $300"]),
        (Wish("overdue"), ["10 cuotas vencidas por $10.000", "05-07-2026, hace 148 días"]),
        (Wish("overdue", loan="2002"), ["5 cuotas vencidas por $5.000"]),
        (Wish("next", loan="2002"), ["cuota es la 6 del préstamo 2002: $1.000", "05-12-2026"]),
        (Wish("next", loan="2001", instalment=70), ["cuota 70 del préstamo 2001", "05-04-2032"]),
        (Wish("next", loan="2001", instalment=73), ["No encuentro la cuota 73"]),
        (Wish("payment"), ["$523", "25-11-2026"]),
        (Wish("payment", loan="1001"), ["$100", "01-11-2026", "préstamo 1001"]),
        (Wish("payment", loan="2002"), ["No veo pagos"]),
        (Wish("balance"), ["Debes $144.900 en total"]),
    ],
)
async def test_every_row_is_counted_however_many_there_are(
    lending: Lending, shop: UUID, ana: UUID, wish: Wish, parts: list[str]
) -> None:
    said = await answer(lending, shop, ana, wish)

    assert all(part in said for part in parts), said


async def test_what_was_read_of_all_answers_for_each(
    lending: Lending, shop: UUID, ana: UUID
) -> None:
    standing = await lending.books.standing(shop, ana, ASKED)

    for loan in LOANS:
        assert "72 cuotas" in TELLER.tell(Wish("pending", loan=loan), standing).text
    assert "préstamo 1001" in TELLER.tell(Wish("payment", loan="1001"), standing).text


async def test_the_loans_beyond_those_that_are_listed_are_in_the_sum(
    lending: Lending, store: Store, shop: UUID, ana: UUID
) -> None:
    many = tuple(
        LoanRow(f"3{n:03}", "C-1", 5000, 1000, Decimal(20), "current", BEGUN) for n in range(150)
    )
    async with store.transaction() as session:
        await replace(session, shop, Portfolio(loans=many))

    said = await answer(lending, shop, ana, Wish("balance"))
    assert "Debes $294.900 en total" in said
    assert "Son 153 en total; estos son 12." in said
    assert "3149 debes $1.000" in await answer(lending, shop, ana, Wish("balance", loan="3149"))
    assert "Son 153 en total" in await answer(lending, shop, ana, Wish("loan"))


@pytest.mark.parametrize(
    ("field", "parts"),
    [
        (("instalment", "amount"), ["Son 145 en total; estos son 12."]),
        (("payment", "amount"), ["Son 25 en total; estos son 12.", "$523"]),
        (("loan", "balance"), ["$900"]),
    ],
)
async def test_a_list_that_is_cut_says_so(
    lending: Lending, shop: UUID, ana: UUID, field: tuple[str, str], parts: list[str]
) -> None:
    lookups = resolved([field], await lending.books.fields(shop))
    read = await lending.books.read(shop, ana, lookups)

    said = checked(TELLER.fields(read))

    assert all(part in said for part in parts), said
    assert ("en total" in said) == (field[0] != "loan")
