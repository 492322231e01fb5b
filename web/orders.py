"""What a seller sees of the orders: which wait for a look, and the proof that came with each.

Every question is asked inside the shop's own transaction, where row-level security binds it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import and_, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from store.app import Customer
from store.dealings import MediaFile, Order, OrderLine
from web.paging import Place, write_cursor

SHOWN: Final = 40
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "revisar": ("receipt",),
    "pendientes": ("confirmed", "rejected"),
    "pagados": ("paid",),
    "otros": ("draft", "cancelled", "expired"),
}
PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
DECIDED: Final = ("confirmed", "receipt", "rejected")
"""A person may still say whether the money came."""


@dataclass(frozen=True, slots=True)
class Seen:
    order: Order
    lines: Sequence[OrderLine]
    name: str | None
    receipt: MediaFile | None

    @property
    def pictured(self) -> bool:
        """Whether a browser can show the proof; photos of Telegram come without a type."""
        file = self.receipt
        return file is not None and (
            file.mime in PICTURES or (file.mime, file.kind) == (None, "photo")
        )

    @property
    def open(self) -> bool:
        return self.order.state in DECIDED


@dataclass(frozen=True, slots=True)
class Listed:
    """`next` is where the next page begins, empty on the last one."""

    rows: Sequence[Seen]
    next: str


async def listed(
    session: AsyncSession, shop: UUID, group: str, after: Place | None = None
) -> Listed:
    """The one that has waited longest first, where somebody waits."""
    oldest = group == "revisar"
    place = tuple_(Order.updated_at, Order.id)
    query = select(Order).where(Order.shop_id == shop, Order.state.in_(GROUPS[group]))
    if after is not None:
        query = query.where(place > tuple_(*after) if oldest else place < tuple_(*after))
    order = (Order.updated_at, Order.id)
    query = query.order_by(*(order if oldest else (one.desc() for one in order)))
    found = (await session.scalars(query.limit(SHOWN + 1))).all()
    shown, more = found[:SHOWN], len(found) > SHOWN
    following = write_cursor((shown[-1].updated_at, shown[-1].id)) if more else ""
    return Listed(await seen(session, shop, shown), following)


async def counted(session: AsyncSession, shop: UUID) -> Mapping[str, int]:
    query = select(Order.state, func.count()).where(Order.shop_id == shop).group_by(Order.state)
    states = dict(iter(await session.execute(query)))
    return {name: sum(states.get(one, 0) for one in group) for name, group in GROUPS.items()}


async def seen(session: AsyncSession, shop: UUID, orders: Sequence[Order]) -> Sequence[Seen]:
    """With their lines, whose they are, and the file that was sent as proof."""
    if not orders:
        return ()
    ids = [one.id for one in orders]
    lines: dict[UUID, list[OrderLine]] = {}
    query = select(OrderLine).where(OrderLine.shop_id == shop, OrderLine.order_id.in_(ids))
    for line in await session.scalars(query.order_by(OrderLine.sku)):
        lines.setdefault(line.order_id, []).append(line)
    people = select(Customer.id, Customer.name).where(
        Customer.shop_id == shop, Customer.id.in_({one.customer_id for one in orders})
    )
    names = dict(iter(await session.execute(people)))
    proofs = select(MediaFile).where(
        and_(
            MediaFile.shop_id == shop,
            MediaFile.message_id.in_({one.receipt_id for one in orders if one.receipt_id}),
            MediaFile.path.is_not(None),
        )
    )
    files: dict[UUID | None, MediaFile] = {
        file.message_id: file for file in await session.scalars(proofs)
    }
    return [
        Seen(one, lines.get(one.id, []), names.get(one.customer_id), files.get(one.receipt_id))
        for one in orders
    ]
