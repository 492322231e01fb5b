"""How customers like to be spoken to: one row read by its key, beside the shop's own way."""

from typing import Final
from uuid import UUID

from store.session import BatchConnection

# Whoever has said nothing of it, and of whom nobody has, stands as they were first written down.
_STYLE: Final = """
SELECT CASE WHEN plain THEN coalesce(shop.intensity, own.intensity) ELSE own.intensity END
         AS intensity,
       CASE WHEN plain THEN coalesce(shop.tone, own.tone) ELSE own.tone END AS tone
FROM (SELECT c.shop_id, c.intensity, c.tone, c.intensity = 0.5 AND c.tone = 'neutral' AS plain
      FROM app.customer c WHERE c.shop_id = $1 AND c.id = $2) own
LEFT JOIN app.shop_choice shop ON shop.shop_id = own.shop_id
"""


async def style_of(
    connection: BatchConnection, shop: UUID, customer: UUID
) -> tuple[float, str] | None:
    """None before anything was written down of them."""
    found = await connection.fetchrow(_STYLE, shop, customer)
    return (found["intensity"], found["tone"]) if found is not None else None
