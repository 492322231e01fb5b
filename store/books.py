"""Reads a lender's book, some clients at a time; its rows point to each other by place.

Left out is who asked not to be learned from, and whoever turned out to be them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from store.predicting import Of
from store.session import BatchConnection, Record

CHUNK: Final = 1_000
FIRST: Final = UUID(int=0)

_OBJECTS: Final = """
SELECT FROM app.client_link l
JOIN app.customer k ON k.shop_id = l.shop_id AND k.id = l.customer_id
LEFT JOIN app.customer one ON one.shop_id = k.shop_id AND one.id = k.merged_into
WHERE l.shop_id = c.shop_id AND l.client_id = c.id
  AND (k.no_training OR k.restricted_at IS NOT NULL OR one.no_training
       OR one.restricted_at IS NOT NULL)
"""
_NEXT: Final = f"""
SELECT c.id FROM app.client c
WHERE c.shop_id = $1 AND c.id > $2 AND NOT EXISTS ({_OBJECTS}) ORDER BY c.id LIMIT $3
"""  # noqa: S608  our own text
_WHOSE: Final[dict[Of, str]] = {
    "loan": f"""
SELECT c.id FROM app.loan l JOIN app.client c ON c.shop_id = l.shop_id AND c.id = l.client_id
WHERE l.shop_id = $1 AND l.id = $2 AND NOT EXISTS ({_OBJECTS})
""",  # noqa: S608  our own text
    "instalment": f"""
SELECT c.id FROM app.instalment i
JOIN app.loan l ON l.shop_id = i.shop_id AND l.id = i.loan_id
JOIN app.client c ON c.shop_id = l.shop_id AND c.id = l.client_id
WHERE i.shop_id = $1 AND i.id = $2 AND NOT EXISTS ({_OBJECTS})
""",  # noqa: S608  our own text
}
_LOANS: Final = """
SELECT l.id, who.place - 1 AS client, l.principal::float8, l.rate::float8,
       l.opened_on - DATE '1970-01-01' AS opened, l.state
FROM unnest($2::uuid[]) WITH ORDINALITY AS who(id, place)
JOIN app.loan l ON l.shop_id = $1 AND l.client_id = who.id ORDER BY who.place, l.id
"""
_INSTALMENTS: Final = """
SELECT i.id, what.place - 1 AS loan, i.number, i.due_on - DATE '1970-01-01' AS due,
       i.amount::float8
FROM unnest($2::uuid[]) WITH ORDINALITY AS what(id, place)
JOIN app.instalment i ON i.shop_id = $1 AND i.loan_id = what.id ORDER BY what.place, i.number
"""
_PAYMENTS: Final = """
SELECT what.place - 1 AS loan, p.instalment_id, p.amount::float8,
       p.paid_on - DATE '1970-01-01' AS paid, p.method
FROM unnest($2::uuid[]) WITH ORDINALITY AS what(id, place)
JOIN app.payment p ON p.shop_id = $1 AND p.loan_id = what.id ORDER BY p.id
"""
_CLIENTS: Final = "SELECT count(*) FROM app.client WHERE shop_id = $1"


@dataclass(frozen=True, slots=True)
class Rows:
    """`loans`: id, client, principal, rate, opened, state; `instalments`: id, loan, number, due,
    amount; `payments`: loan, instalment_id, amount, paid, method. Clients and loans are places in
    the lists before, days are counted from 1970."""

    clients: Sequence[UUID]
    loans: Sequence[Record]
    instalments: Sequence[Record]
    payments: Sequence[Record]


async def after(
    connection: BatchConnection, shop: UUID, client: UUID = FIRST, most: int = CHUNK
) -> Rows:
    """The next clients by their ids; none at the end."""
    found = await connection.fetch(_NEXT, shop, client, most)
    return await _of(connection, shop, [row["id"] for row in found])


async def around(connection: BatchConnection, shop: UUID, of: Of, target: UUID) -> Rows | None:
    """All that the client of a loan, or of an instalment, has; None where nobody has it, or who has
    it is left out."""
    client = await connection.fetchval(_WHOSE[of], shop, target)
    return None if client is None else await _of(connection, shop, [client])


async def count(connection: BatchConnection, shop: UUID) -> int:
    """Of all clients, whether they object or not."""
    return int(await connection.fetchval(_CLIENTS, shop))


async def _of(connection: BatchConnection, shop: UUID, clients: list[UUID]) -> Rows:
    loans = await connection.fetch(_LOANS, shop, clients)
    ids = [row["id"] for row in loans]
    instalments = await connection.fetch(_INSTALMENTS, shop, ids)
    return Rows(clients, loans, instalments, await connection.fetch(_PAYMENTS, shop, ids))
