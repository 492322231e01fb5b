"""How far a new shop has come: each step is done when the database says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import exists, select

from store import choices
from store.accounts import ChannelAccount
from store.app import Conversation, Product
from store.knowledge import Document
from store.session import ReadSession
from web.tabs import chatted

PACKS: Final = "pack"
LISTED: Final = {
    "account": ("cuenta", "Crea tu cuenta", "/ajustes/equipo"),
    "facts": ("tienda", "Di lo tuyo", "/ajustes/respuestas"),
    "tone": ("tono", "Elige cómo habla", "/ajustes/tienda"),
    "products": ("productos", "Sube tus productos", "/catalogo/importar"),
    "documents": ("reglas", "Sube tus reglas", "/documentos"),
    "channel": ("canal", "Conecta un canal", "/ajustes/canales"),
    "conversation": ("conversa", "Conversa con tu bot", "/probar"),
}
"""Each step by its key, as it is told, and where it is taken."""


@dataclass(frozen=True, slots=True)
class Step:
    key: str
    name: str
    href: str
    done: bool


@dataclass(frozen=True, slots=True)
class Steps:
    account: bool
    facts: bool
    tone: bool
    products: bool
    documents: bool
    channel: bool
    conversation: bool

    @property
    def done(self) -> int:
        return sum(getattr(self, step) for step in self.__slots__)

    @property
    def whole(self) -> int:
        return len(self.__slots__)

    @property
    def listed(self) -> Sequence[Step]:
        return [Step(*told, getattr(self, step)) for step, told in LISTED.items()]


async def own_words(session: ReadSession, shop: UUID, facts: Sequence[str]) -> bool:
    """Whether none of its pack's samples is told as the shop's own any more."""
    return set(facts) <= (await choices.facts(session, shop)).keys() if facts else True


async def taken(
    session: ReadSession,
    shop: UUID,
    facts: Sequence[str],
    *,
    account: bool,
    configured: bool = False,
) -> Steps:
    """`facts` are what the shop has to say itself, `account` is whether somebody has one of their
    own, `configured` whether a network is named by the settings."""
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
        exists(select(Conversation.id).where(*chatted(shop))),
    )
    products, documents, channel, conversation = (await session.execute(asked)).one()
    own = await own_words(session, shop, facts)
    chosen = await choices.of_shop(session, shop)
    tone = chosen is not None and chosen.tone is not None
    return Steps(account, own, tone, products, documents, channel or configured, conversation)
