"""Who a customer is, with everybody who turned out to be them, and the names they are known by."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

from store.privacy.places import Of
from store.session import BatchConnection

RECENT_S: Final = 49 * 3600
"""For so long at most the stream remembers how far a reply got."""

_IDS: Final = """
SELECT c.id FROM app.customer c JOIN app.customer named ON named.shop_id = c.shop_id
WHERE named.shop_id = $1 AND named.id = $2
  AND (c.id = coalesce(named.merged_into, named.id)
       OR c.merged_into = coalesce(named.merged_into, named.id))
ORDER BY c.merged_into IS NOT NULL, c.id
"""
_TALKS: Final = """
SELECT id, account, chat FROM app.conversation WHERE shop_id = $1 AND customer_id = ANY($2::uuid[])
ORDER BY id
"""
_NAMES: Final = """
SELECT channel, external_id FROM app.customer_alias
WHERE shop_id = $1 AND customer_id = ANY($2::uuid[]) ORDER BY channel, external_id
"""
_REPLIES: Final = """
SELECT id FROM app.message WHERE shop_id = $1 AND conversation_id = ANY($2::uuid[])
  AND author <> 'customer' AND received_at > now() - make_interval(secs => $3)
"""


@dataclass(frozen=True, slots=True)
class Talk:
    id: UUID
    account: str
    chat: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name that a network gave them; `channel` is the network, or the kind of name."""

    channel: str
    external_id: str


@dataclass(frozen=True, slots=True)
class Person:
    """`ids` begins with the one that is kept; the others were merged into it."""

    shop: UUID
    ids: tuple[UUID, ...]
    talks: tuple[Talk, ...] = ()
    names: tuple[Name, ...] = ()

    @property
    def id(self) -> UUID:
        return self.ids[0]

    @property
    def conversations(self) -> tuple[UUID, ...]:
        return tuple(talk.id for talk in self.talks)

    def leads(self, of: Of) -> tuple[UUID, ...]:
        """What finds the roots of these places; all but their own ids hang on conversations."""
        return self.ids if of in {"client", "person", "order"} else self.conversations

    def kept(self) -> dict[str, Any]:
        """As a request holds it while it is carried out."""
        return {
            "ids": [str(one) for one in self.ids],
            "talks": [asdict(talk) | {"id": str(talk.id)} for talk in self.talks],
            "names": [asdict(name) for name in self.names],
        }

    @classmethod
    def read(cls, shop: UUID, kept: Mapping[str, Any]) -> "Person":
        return cls(
            shop,
            tuple(map(UUID, kept["ids"])),
            tuple(Talk(UUID(one["id"]), one["account"], one["chat"]) for one in kept["talks"]),
            tuple(Name(**one) for one in kept["names"]),
        )


async def find(connection: BatchConnection, shop: UUID, customer: UUID) -> Person | None:
    ids = [row["id"] for row in await connection.fetch(_IDS, shop, customer)]
    if not ids:
        return None
    talks = await connection.fetch(_TALKS, shop, ids)
    names = await connection.fetch(_NAMES, shop, ids)
    return Person(
        shop, tuple(ids), tuple(Talk(*row) for row in talks), tuple(Name(*row) for row in names)
    )


async def late_replies(connection: BatchConnection, who: Person) -> list[UUID]:
    """What was said to them lately, of which the stream still keeps how far it got."""
    found = await connection.fetch(_REPLIES, who.shop, who.conversations, float(RECENT_S))
    return [row["id"] for row in found]
