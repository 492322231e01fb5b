"""Customers, their names on the networks, and their conversations: written once, remembered."""

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar
from uuid import UUID

from events.vocabulary import MessageReceived, ReplyDispatched
from store import app
from store.batches import BatchInsert, Row
from store.session import BatchConnection

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Spoken: TypeAlias = MessageReceived | ReplyDispatched
Key: TypeAlias = tuple[UUID, UUID]

CUSTOMERS = BatchInsert.into(
    app.Customer, "shop_id", "id", "name", "locale",
    conflict="(shop_id, id) DO UPDATE SET name = coalesce(old.name, excluded.name),"
    " locale = coalesce(old.locale, excluded.locale) RETURNING shop_id, id, name",
)  # fmt: skip
ALIASES = BatchInsert.into(app.CustomerAlias, "shop_id", "channel", "external_id", "customer_id")
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


@dataclass(slots=True)
class Met:
    """Who one batch speaks of, and what must be written about them first."""

    names: dict[Key, str | None] = field(default_factory=dict)
    customers: dict[Key, Row] = field(default_factory=dict)
    aliases: dict[tuple[UUID, str, str], Row] = field(default_factory=dict)
    conversations: dict[Key, Row] = field(default_factory=dict)


class People:
    """What is already in Postgres need not be written again; after an error nothing is known."""

    def __init__(self, size: int = 20_000) -> None:
        self._names: Recent[Key, str] = Recent(size)
        self._aliases: Recent[tuple[UUID, str, str], UUID] = Recent(size)
        self._conversations: Recent[Key, UUID] = Recent(size)

    def meet(self, events: Iterable[Spoken]) -> Met:
        met = Met()
        for event in events:
            self._meet_customer(met, event)
            here = event.shop, event.conversation
            if here not in met.conversations and self._conversations.get(here) is None:
                met.conversations[here] = (
                    *here, event.customer, event.account, event.chat, event.thread, event.at
                )  # fmt: skip
        return met

    def _meet_customer(self, met: Met, event: Spoken) -> None:
        who = event.shop, event.customer
        sender = event.sender if isinstance(event, MessageReceived) else None
        if sender is None or (isinstance(event, MessageReceived) and event.author != "customer"):
            name, locale = None, None
        else:
            name, locale = sender.name, sender.locale
            alias = event.shop, event.account.partition(":")[0], sender.id
            if alias not in met.aliases and self._aliases.get(alias) is None:
                met.aliases[alias] = (*alias, event.customer)
        known = self._names.get(who)
        if known is None or (not known and name):
            _, _, old_name, old_locale = met.customers.get(who, (*who, None, None))
            met.customers[who] = (*who, old_name or name, old_locale or locale)
        met.names[who] = met.names.get(who) or known or name

    async def write(self, connection: BatchConnection, met: Met) -> None:
        """Sorted, so that two processes never wait for each other."""
        if met.customers:
            rows = CUSTOMERS.arrays(sorted(met.customers.values(), key=lambda row: row[:2]))
            for shop, customer, name in await connection.fetch(CUSTOMERS.sql, *rows):
                met.names[shop, customer] = name
        await ALIASES.write(connection, sorted(met.aliases.values(), key=lambda row: row[:3]))
        await CONVERSATIONS.write(connection, list(met.conversations.values()))

    def remember(self, met: Met) -> None:
        """Only after the commit."""
        self._names.update({who: met.names[who] or "" for who in met.customers})
        self._aliases.update({alias: row[-1] for alias, row in met.aliases.items()})
        self._conversations.update({here: row[2] for here, row in met.conversations.items()})

    def forget(self) -> None:
        for memory in (self._names, self._aliases, self._conversations):
            memory.clear()
