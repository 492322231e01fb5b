"""Who has the word in a conversation, as whoever looks at it is told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["bot", "you", "person", "nobody"]


@dataclass(frozen=True, slots=True)
class Standing:
    """`by` is who silenced the bot, None where it did so itself; `owner` whose the conversation is
    since `since`; `asked` when it last asked for a person that nobody has been yet."""

    silent: bool
    by: str | None = None
    owner: str | None = None
    since: datetime | None = None
    asked: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attending:
    """`nobody`: the bot is silent, and a person is still to come. `name` is a person's, empty where
    it is not known."""

    kind: Kind
    name: str = ""


def attending(standing: Standing, me: str, my_name: str) -> Attending:
    """Whoever spoke last has the word: an owner whom somebody followed has it no more."""
    if not standing.silent:
        return Attending("bot")
    followed = standing.by is not None and standing.by != my_name
    if standing.owner == me and not followed and not _asked_since(standing):
        return Attending("you")
    if _asked_since(standing):
        return Attending("nobody")
    return Attending("person", standing.by or "")


def _asked_since(standing: Standing) -> bool:
    """The bot's own call is newer than whoever had the conversation before."""
    asked, since = standing.asked, standing.since
    if asked is None or standing.by is not None:
        return False
    return standing.owner is None or since is None or asked > since
