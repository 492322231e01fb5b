"""Two clients in each of two shops, with the same numbers everywhere."""

from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from store.portfolio import (
    ClientRow,
    InstalmentRow,
    LoanRow,
    PaymentRow,
    Portfolio,
    client_id,
    replace,
)
from store.session import Store

DUE: Final = date(2026, 12, 5)


def portfolio(balance: int = 900) -> Portfolio:
    """Ana owes `balance`, Luis ten times as much."""
    return Portfolio(
        clients=(
            ClientRow("C-1", "Ana Soto", "5678", date(1985, 3, 12), "56961234501"),
            ClientRow("C-2", "Luis Mella", "6543", date(1979, 11, 2), "56961234502"),
        ),
        loans=tuple(
            LoanRow(number, client, 1000, owed, Decimal("24.5"), "current", date(2026, 6, 1))
            for number, client, owed in (("1001", "C-1", balance), ("1002", "C-2", balance * 10))
        ),
        instalments=tuple(
            InstalmentRow(loan, 1, DUE, 300, 0, "pending") for loan in ("1001", "1002")
        ),
        payments=tuple(
            PaymentRow(f"P-{loan}", loan, 1, 100, date(2026, 11, 1), "cash")
            for loan in ("1001", "1002")
        ),
    )


async def lend(store: Store, shop: UUID, balance: int = 900) -> tuple[UUID, UUID]:
    async with store.transaction() as session:
        await replace(session, shop, portfolio(balance))
    return client_id(shop, "C-1"), client_id(shop, "C-2")
