"""How customers like to be spoken to: one row, read by its key."""

from typing import Final
from uuid import UUID

from store.session import BatchConnection

_STYLE: Final = "SELECT intensity, tone FROM app.customer WHERE shop_id = $1 AND id = $2"


async def style_of(
    connection: BatchConnection, shop: UUID, customer: UUID
) -> tuple[float, str] | None:
    """None before anything was written down of them."""
    found = await connection.fetchrow(_STYLE, shop, customer)
    return (found["intensity"], found["tone"]) if found is not None else None
