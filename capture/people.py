"""Customers, their names on the networks, and their conversations: written once, remembered.

Ids of customers derive from the first name we heard, so one person may have several: a new name may
show that two customers are the same one.
"""

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeAlias, TypeVar
from uuid import UUID

from events.vocabulary import MessageReceived, ReplyDispatched
from store import app
from store.batches import BatchInsert, Row, storable
from store.session import BatchConnection

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Spoken: TypeAlias = MessageReceived | ReplyDispatched
Key: TypeAlias = tuple[UUID, UUID]
Name: TypeAlias = tuple[UUID, str, str]
Claim: TypeAlias = tuple[Name, UUID]

# Many write about people at once, but nobody while somebody merges them: see merging.py.
TOGETHER = """
SELECT pg_advisory_xact_lock_shared(hashtextextended('people of ' || one.shop_id, 0))
FROM unnest($1::uuid[]) AS one(shop_id)
"""
CUSTOMERS = BatchInsert.into(
    app.Customer, "shop_id", "id", "name", "locale", "created_at",
    conflict="(shop_id, id) DO UPDATE SET name = coalesce(old.name, excluded.name),"
    " locale = coalesce(old.locale, excluded.locale)"
    " RETURNING shop_id, id, name, coalesce(merged_into, id)",
)  # fmt: skip
# Writing an alias again changes nothing; it tells whose it is, once others have committed theirs.
ALIASES = BatchInsert.into(
    app.CustomerAlias, "shop_id", "channel", "external_id", "customer_id",
    conflict="(shop_id, channel, external_id) DO UPDATE SET customer_id = old.customer_id"
    " RETURNING shop_id, channel, external_id, customer_id",
)  # fmt: skip
CONVERSATIONS = BatchInsert.into(
    app.Conversation, "shop_id", "id", "customer_id", "account", "chat", "thread", "last_at"
)


class Recent(Generic[K, V]):
    """The `size` things that were used last."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._known: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        if key in self._known:
            self._known.move_to_end(key)
        return self._known.get(key)

    def update(self, news: Mapping[K, V]) -> None:
        for key, value in news.items():
            self._known[key] = value
            self._known.move_to_end(key)
        while len(self._known) > self.size:
            self._known.popitem(last=False)

    def clear(self) -> None:
        self._known.clear()


@dataclass(frozen=True, slots=True)
class Dispute:
    """A name that a customer gave as theirs is known to be another one's."""

    name: Name
    owner: UUID
    claimant: UUID
    at: datetime


class Disputed(Exception):
    """The names of a batch show that customers are one person: that takes more care."""


@dataclass(slots=True)
class Met:
    """Who one batch speaks of, and what must be written about them first.

    `claims` are the names customers gave, and when; several may give the same one.
    """

    names: dict[Key, str | None] = field(default_factory=dict)
    customers: dict[Key, Row] = field(default_factory=dict)
    claims: dict[Claim, datetime] = field(default_factory=dict)
    conversations: dict[Key, Row] = field(default_factory=dict)


class People:
    """What is already in Postgres need not be written again; after an error nothing is known."""

    def __init__(self, size: int = 20_000) -> None:
        self._names: Recent[Key, str] = Recent(size)
        self._claims: Recent[Claim, datetime] = Recent(size)
        self._conversations: Recent[Key, UUID] = Recent(size)

    def meet(self, events: Iterable[Spoken]) -> Met:
        met = Met()
        for event in events:
            here = event.shop, event.conversation
            strange = self._claim(met, event)
            if here not in met.conversations and self._conversations.get(here) is None:
                strange = True
                met.conversations[here] = (
                    *here, event.customer, event.account, event.chat, event.thread, event.at
                )  # fmt: skip
            self._meet_customer(met, event, strange=strange)
        return met

    def _claim(self, met: Met, event: Spoken) -> bool:
        """Whether they said a name we do not know as theirs; a blank one would be everybody's."""
        if isinstance(event, ReplyDispatched) or event.author != "customer":
            return False
        strange = False
        for name in _names(event):
            if self._claims.get((name, event.customer)) is not None:
                continue
            stored = _stored(name)
            if stored[-1].strip():
                met.claims.setdefault((stored, event.customer), event.at)
                strange = True
        return strange

    def _meet_customer(self, met: Met, event: Spoken, *, strange: bool) -> None:
        """Somebody with a new name or conversation is written again, which tells who they are now:
        another process may have merged them."""
        who = event.shop, event.customer
        name, locale = None, None
        if isinstance(event, MessageReceived) and event.author == "customer":
            name, locale = event.sender.name, event.sender.locale
        known = self._names.get(who)
        if strange or known is None or (not known and name):
            first = (*who, None, None, event.received_at)
            _, _, old_name, old_locale, since = met.customers.get(who, first)
            met.customers[who] = (*who, old_name or name, old_locale or locale, since)
        met.names[who] = met.names.get(who) or known or name

    async def write(self, connection: BatchConnection, met: Met) -> list[Dispute]:
        """Sorted, so that two processes never wait for each other.

        Where names are disputed, what was written must not be committed before that is settled.
        """
        persons: dict[Key, UUID] = {}
        if met.customers:
            await connection.execute(TOGETHER, sorted({shop for shop, _ in met.customers}))
            rows = CUSTOMERS.arrays(sorted(met.customers.values(), key=lambda row: row[:2]))
            for shop, customer, name, person in await connection.fetch(CUSTOMERS.sql, *rows):
                met.names[shop, customer] = name
                persons[shop, customer] = person
        owners = await _owners(connection, met, persons)
        conversations = [
            (shop, id_, persons[shop, customer], *rest)
            for shop, id_, customer, *rest in met.conversations.values()
        ]
        await CONVERSATIONS.write(connection, conversations)
        return [
            Dispute(name, owners[name], person, at)
            for (name, customer), at in met.claims.items()
            if owners[name] != (person := persons[name[0], customer])
        ]

    def remember(self, met: Met) -> None:
        """Only after the commit."""
        self._names.update({who: met.names[who] or "" for who in met.customers})
        self._claims.update(met.claims)
        self._conversations.update({here: row[2] for here, row in met.conversations.items()})

    def forget(self) -> None:
        for memory in (self._names, self._claims, self._conversations):
            memory.clear()


async def _owners(
    connection: BatchConnection, met: Met, persons: Mapping[Key, UUID]
) -> dict[Name, UUID]:
    """Whose each name is: whoever gave it first."""
    rows: dict[Name, Row] = {}
    for name, customer in met.claims:
        rows.setdefault(name, (*name, persons[name[0], customer]))
    if not rows:
        return {}
    ordered = ALIASES.arrays(sorted(rows.values(), key=lambda row: row[:3]))
    found = await connection.fetch(ALIASES.sql, *ordered)
    return {(shop, kind, id_): owner for shop, kind, id_, owner in found}


def _names(message: MessageReceived) -> Iterator[Name]:
    sender = message.sender
    yield message.shop, message.account.partition(":")[0], sender.id
    for alias in sender.aliases:
        yield message.shop, alias.kind, alias.id


def _stored(name: Name) -> Name:
    """The name as Postgres keeps and returns it."""
    shop, kind, id_ = name
    return shop, kind, storable([id_])[0] or ""
