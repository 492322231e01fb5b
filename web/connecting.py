"""What pages ask of whoever may open the secrets of accounts: to try one, to keep it, to end it."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from web.hands import Hand

TELEGRAM: Final = "telegram"
CLOUD: Final = "whatsapp_cloud"
_TOKEN: Final = re.compile(r"\d+:[\w-]{30,}")
_PHONE_ID: Final = re.compile(r"[0-9]{5,30}")
_SECRET: Final = re.compile(r"[!-~]{8,1000}")
LONGEST: Final = 1_000


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody gives for an account on a network; what is left out stays as it was."""

    network: str
    given: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Found:
    """`why` says in a word what keeps an account from serving, and nothing where it is well: then
    `line` is its name on its network. Neither ever holds a secret. `path` is where a network has to
    call us and `verify` what it shows us first, where a person has to tell it both."""

    account: str = ""
    line: str = ""
    why: str = ""
    path: str = ""
    verify: str = field(default="", repr=False)

    @property
    def fine(self) -> bool:
        return not self.why


class Connecting(Protocol):
    @property
    def fixed(self) -> Collection[str]:
        """The accounts that the settings name; they go before stored ones."""
        ...

    async def test(self, account: str) -> Found:
        """How it is now, as its network says."""
        ...

    async def probe(self, account: str, offer: Offer) -> Found:
        """Whether an account could serve with what is offered; "" is a new one."""
        ...

    async def connect(self, account: str, offer: Offer, by: Hand, *, anyway: bool) -> Found:
        """Kept if it can serve, and served when this ends or a moment later. `anyway` takes it
        over from a program that is called for it now."""
        ...

    async def remove(self, account: str, by: Hand) -> bool:
        """Its secrets are deleted; what was said there stays."""
        ...


def token_in(pasted: str) -> str:
    """People paste the whole message in which they got it. "" where there is none, or several."""
    found = set(_TOKEN.findall(pasted))
    return found.pop() if len(found) == 1 else ""


def bot_of(pasted: str) -> Offer | None:
    token = token_in(pasted)
    return Offer(TELEGRAM, {"token": token}) if token else None


def number_of(phone_id: str, token: str, app_secret: str, *, new: bool) -> Offer | None:
    """A `new` one needs all three; of one that is there, what is empty stays."""
    given = {"phone_id": phone_id.strip(), "token": token.strip(), "app_secret": app_secret.strip()}
    filled = {name: value for name, value in given.items() if value}
    if not filled or (new and len(filled) < len(given)):
        return None
    shapes = {"phone_id": _PHONE_ID, "token": _SECRET, "app_secret": _SECRET}
    fits = all(shapes[name].fullmatch(value) for name, value in filled.items())
    return Offer(CLOUD, filled) if fits else None
