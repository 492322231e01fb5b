"""Who wrote in WhatsApp, and where: a phone number, a hidden number (LID), or both names of one."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bot.channels.fields import table, words
from bot.channels.whatsapp.content import context_of, unwrapped
from events.contents import Alias, Sender
from events.happened import named
from text.phones import matching_key

GROUP, PHONE, HIDDEN = "g.us", "s.whatsapp.net", "lid"
ASIDE = {"broadcast", "newsletter"}
"""Status updates and channels: nobody speaks to us there."""


@dataclass(frozen=True, slots=True)
class Account:
    shop: UUID
    key: str

    def conversation(self, *parts: str) -> UUID:
        return named(self.key, "conversation", *parts)

    def customer(self, name: str) -> UUID:
        return named(str(self.shop), self.key.partition(":")[0], "customer", name)


@dataclass(frozen=True, slots=True)
class Place:
    """`names` are the other person's, the one that never changes first."""

    chat: str
    sender: str
    names: tuple[str, ...]
    from_me: bool

    @property
    def group(self) -> bool:
        return server_of(self.chat) == GROUP

    @property
    def aside(self) -> bool:
        return server_of(self.chat) in ASIDE

    @property
    def phones(self) -> tuple[str, ...]:
        return tuple(name for name in self.names if not server_of(name).endswith(HIDDEN))

    @property
    def machine(self) -> bool:
        return server_of(self.sender) == "bot"

    def root(self, person: str) -> tuple[str, ...]:
        """What the ids of its messages begin with; `person` is the name that stands for all."""
        return (self.chat, "", person) if self.group else (person,)


def server_of(name: str) -> str:
    return name.rpartition("@")[2]


def place_of(event: dict[str, Any]) -> Place | None:
    source = table(table(event.get("Info")).get("MessageSource"))
    source = source or table(event.get("MessageSource"))
    chat = words(source.get("Chat"))
    if chat is None or "@" not in chat:
        return None
    sender, from_me = words(source.get("Sender")) or chat, source.get("IsFromMe") is True
    if server_of(chat) == GROUP:
        names = [_spoken_to(event) or sender] if from_me else [sender, source.get("SenderAlt")]
    else:
        names = [chat, source.get("RecipientAlt" if from_me else "SenderAlt")]
    known = [name for name in map(words, names) if name is not None and "@" in name]
    # A hidden number stays when the phone number changes.
    known.sort(key=lambda name: not server_of(name).endswith(HIDDEN))
    return Place(chat, sender, tuple(dict.fromkeys(known)), from_me)


def _spoken_to(event: dict[str, Any]) -> str | None:
    """In a group, whom a person of ours has answered."""
    message, _ = unwrapped(table(event.get("Message")))
    return words(context_of(message).get("participant"))


def sender_of(event: dict[str, Any], place: Place, person: str) -> Sender:
    if place.from_me:
        return Sender(id=place.sender)
    name = words(table(event.get("Info")).get("Pushname"))
    return Sender(id=person, aliases=aliases(place.names), name=name)


def aliases(names: tuple[str, ...]) -> tuple[Alias, ...]:
    found: list[Alias] = []
    for name in names:
        user, _, server = name.rpartition("@")
        if server == PHONE:
            key = matching_key(user)
            found += [Alias("wa_id", user), *([Alias("phone", key)] if key else [])]
        elif server == HIDDEN:
            found.append(Alias("lid", user))
    return tuple(found)


def addressed(place: Place, context: dict[str, Any], ours: frozenset[str]) -> bool:
    """In a group we answer when we are mentioned or quoted; never to other bots."""
    if place.from_me or place.machine:
        return False
    mentioned = context.get("mentionedJID")
    called = [*(mentioned if isinstance(mentioned, list) else ()), context.get("participant")]
    return not place.group or any(isinstance(name, str) and name in ours for name in called)
