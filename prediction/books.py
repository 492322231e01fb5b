"""Books as they are read from the lender's tables, some clients at a time."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import numpy as np

from prediction.book import EPOCH, METHODS, Book, Flags, Instalments, Loans, Payments
from store import books
from store.books import FIRST, Rows
from store.session import Store

OPEN: Final = frozenset({"current", "overdue"})
REFINANCED: Final = "refinanced"


@dataclass(frozen=True, eq=False)
class Part:
    """A book with the ids of its rows. `asked` are the loans about which something can be foretold
    today: neither paid, refinanced nor written off."""

    book: Book
    clients: list[UUID]
    loans: list[UUID]
    instalments: list[UUID]
    asked: Flags

    def client_of(self, loan: int) -> UUID:
        return self.clients[int(self.book.loans.client[loan])]

    def due_on(self, instalment: int) -> date:
        return EPOCH + timedelta(int(self.book.instalments.due[instalment]))


async def parts(store: Store, shop: UUID, after: UUID = FIRST) -> AsyncIterator[Part]:
    """All clients in the order of their ids, some at a time."""
    while True:
        async with store.batch() as connection:
            rows = await books.after(connection, shop, after)
        if not rows.clients:
            return
        yield part_of(rows)
        after = rows.clients[-1]


def part_of(rows: Rows) -> Part:
    loans, plan, paid = rows.loans, rows.instalments, rows.payments
    places = {row[0]: place for place, row in enumerate(plan)}
    states = [row[5] for row in loans]
    book = Book(
        Loans(
            client=np.array([row[1] for row in loans], np.int64),
            principal=np.array([row[2] for row in loans], np.float64),
            rate=np.array([row[3] for row in loans], np.float64),
            opened=np.array([row[4] for row in loans], np.int64),
            told=np.array([state != REFINANCED for state in states], np.bool_),
        ),
        Instalments(
            loan=np.array([row[1] for row in plan], np.int64),
            number=np.array([row[2] for row in plan], np.int64),
            due=np.array([row[3] for row in plan], np.int64),
            amount=np.array([row[4] for row in plan], np.float64),
        ),
        Payments(
            loan=np.array([row[0] for row in paid], np.int64),
            instalment=np.array([places.get(row[1], -1) for row in paid], np.int64),
            amount=np.array([row[2] for row in paid], np.float64),
            on=np.array([row[3] for row in paid], np.int64),
            method=np.array([METHODS.index(row[4]) for row in paid], np.int64),
        ),
    )
    asked = np.array([state in OPEN for state in states], np.bool_)
    ids = [row[0] for row in loans], [row[0] for row in plan]
    return Part(book, list(rows.clients), *ids, asked)
