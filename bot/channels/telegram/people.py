"""Who wrote a Telegram message, where, and whether they spoke to us."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from msgspec import structs

from bot.channels.fields import entries, name_of, table, whole, words
from bot.channels.telegram.content import full_name, own_phone, replied
from events.contents import Alias, Sender
from events.happened import named
from events.vocabulary import Author

_COMMAND = re.compile(r"/\w+(?:@(\w+))?")


@dataclass(frozen=True, slots=True)
class Account:
    """Our bot on Telegram. Its id and username are known once Telegram has been asked.

    `homes` are the ids under which groups were first heard of: moving changes no conversation.
    """

    shop: UUID
    key: str
    bot_id: int | None = None
    username: str | None = None
    homes: Mapping[str, str] = field(default_factory=dict)

    def conversation(self, chat: str, *parts: str) -> UUID:
        return named(self.key, "conversation", self.homes.get(chat, chat), *parts)

    def customer(self, sender: str) -> UUID:
        """One person for all bots of a shop: user ids are Telegram's, not the bot's."""
        first = self.homes.get(sender, sender)
        return named(str(self.shop), self.key.partition(":")[0], "customer", first)

    def is_us(self, user: dict[str, Any]) -> bool:
        """While we do not know who we are, every bot may be us."""
        if self.bot_id is None:
            return user.get("is_bot") is True
        return whole(user.get("id")) == self.bot_id


@dataclass(frozen=True, slots=True)
class Place:
    """`personal` when everything said there is said to us."""

    chat: str
    kind: str
    thread: str | None

    @property
    def personal(self) -> bool:
        return self.kind == "private" or (self.thread or "").startswith("direct:")

    def conversation(self, account: Account, sender: str) -> UUID:
        if self.kind == "private":
            business = (self.thread,) if (self.thread or "").startswith("business:") else ()
            return account.conversation(self.chat, *filter(None, business))
        return account.conversation(self.chat, self.thread or "", sender)


def groups_of(update: object) -> tuple[str, ...]:
    """The ids of the group an update is from, the oldest first; none when it is from no group.

    Only groups ever change their id.
    """
    for body in map(table, table(update).values()):
        for message in (body, table(body.get("message"))):
            place = place_of(message)
            if place is not None and place.chat.startswith("-") and place.kind != "channel":
                before = name_of(message.get("migrate_from_chat_id"))
                after = name_of(message.get("migrate_to_chat_id"))
                return tuple(dict.fromkeys(filter(None, (before, place.chat, after))))
    return ()


def place_of(message: dict[str, Any]) -> Place | None:
    chat = table(message.get("chat"))
    key = name_of(chat.get("id"))
    if key is None:
        return None
    kind = words(chat.get("type")) or ("group" if key.startswith("-") else "private")
    return Place(key, kind, _thread_of(message))


def _thread_of(message: dict[str, Any]) -> str | None:
    """Where an answer has to go besides the chat; `send` reads the same three shapes."""
    connection = words(message.get("business_connection_id"))
    if connection is not None:
        return f"business:{connection}"
    topic = name_of(table(message.get("direct_messages_topic")).get("topic_id"))
    if topic is not None:
        return f"direct:{topic}"
    return name_of(message.get("message_thread_id")) if message.get("is_topic_message") else None


def sender_of(message: dict[str, Any], chat: str) -> Sender:
    """A chat may write too: a channel, or a group's anonymous administrator."""
    person = table(message.get("sender_chat")) or table(message.get("from"))
    return person_of(person, chat)


def person_of(person: dict[str, Any], otherwise: str) -> Sender:
    own = name_of(person.get("id")) or otherwise
    return Sender(
        id=own,
        aliases=(Alias("telegram", own),) if own else (),
        name=full_name(person),
        username=words(person.get("username")),
        locale=words(person.get("language_code"), 16),
    )


def customer_of(message: dict[str, Any], sender: Sender, author: Author) -> Sender:
    """Whoever writes for the shop has no name that could be mistaken for a customer's."""
    if author != "customer":
        return structs.replace(sender, aliases=())
    phone = own_phone(message)
    more = () if phone is None else (Alias("phone", phone),)
    return structs.replace(sender, aliases=(*sender.aliases, *more))


def author_of(message: dict[str, Any], place: Place, account: Account) -> Author:
    """In a business chat the owner writes from the phone, under the owner's own name. A greeting
    or an away message leaves under it too, and nobody has taken the conversation over by it."""
    user = table(message.get("from"))
    automatic = "sender_business_bot" in message or message.get("is_from_offline") is True
    if automatic or (account.bot_id is not None and account.is_us(user)):
        return "bot"
    writes_home = name_of(user.get("id")) in (None, place.chat)
    return "customer" if "business_connection_id" not in message or writes_home else "human"


def addressed(message: dict[str, Any], place: Place, account: Account, text: str) -> bool:
    """In a group we answer to a command, our name, or a reply to us; never to other bots."""
    if _is_machine(message) or place.kind == "channel" or message.get("is_automatic_forward"):
        return False
    if place.personal or account.is_us(table(replied(message).get("from"))):
        return True
    command = _COMMAND.match(text)
    if command is not None:
        return command[1] is None or _is_our_name(command[1], account)
    return any(
        _is_our_name(name, account) for name in re.findall(r"(?<![\w@])@(\w+)", text)
    ) or any(
        account.is_us(table(entity.get("user")))
        for field in ("entities", "caption_entities")
        for entity in entries(message.get(field))
        if entity.get("type") == "text_mention"
    )


def _is_machine(message: dict[str, Any]) -> bool:
    """Those who write as a chat come under the name of one of Telegram's own bots."""
    return table(message.get("from")).get("is_bot") is True and "sender_chat" not in message


def _is_our_name(name: str, account: Account) -> bool:
    if account.username is None:
        return name.lower().endswith("bot")
    return name.lower() == account.username.lower()


def flags_of(message: dict[str, Any], place: Place) -> frozenset[str]:
    sender_chat = name_of(table(message.get("sender_chat")).get("id"))
    signs = {
        "is_bot": _is_machine(message),
        "channel_post": place.kind == "channel",
        "automatic_forward": message.get("is_automatic_forward") is True,
        "anonymous_admin": sender_chat == place.chat and place.kind != "channel",
        "forwarded": any(name.startswith("forward_") for name in message if isinstance(name, str)),
        "business": "business_connection_id" in message,
        "quote": "quote" in message,
        "via_bot": "via_bot" in message,
        "spoiler": message.get("has_media_spoiler") is True,
    }
    return frozenset(name for name, present in signs.items() if present)
