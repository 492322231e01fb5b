"""How far a new shop has come: each step is done when the database says so."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.accounts import ChannelAccount
from store.app import Conversation, Product
from store.knowledge import Document

PACKS: Final = "pack"


@dataclass(frozen=True, slots=True)
class Steps:
    account: bool
    products: bool
    documents: bool
    channel: bool
    conversation: bool

    @property
    def done(self) -> int:
        return sum((self.account, self.products, self.documents, self.channel, self.conversation))

    @property
    def whole(self) -> int:
        return len(self.__slots__)


async def taken(
    session: AsyncSession, shop: UUID, *, account: bool, configured: bool = False
) -> Steps:
    """`account` is whether somebody has one of their own, `configured` whether a network is named
    by the settings."""
    asked = select(
        exists(select(Product.id).where(Product.shop_id == shop, Product.active)),
        exists(
            select(Document.id).where(
                Document.shop_id == shop, Document.active, Document.origin != PACKS
            )
        ),
        exists(
            select(ChannelAccount.account).where(
                ChannelAccount.shop_id == shop, ChannelAccount.enabled
            )
        ),
        exists(select(Conversation.id).where(Conversation.shop_id == shop)),
    )
    products, documents, channel, conversation = (await session.execute(asked)).one()
    return Steps(account, products, documents, channel or configured, conversation)
