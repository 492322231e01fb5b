"""What pages ask of whoever may open the secrets of accounts: to try one, to keep it, to end it."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Protocol

from web.hands import Hand

_TOKEN: Final = re.compile(r"\d+:[\w-]{30,}")
LONGEST: Final = 1_000


@dataclass(frozen=True, slots=True)
class Found:
    """`why` says in a word what keeps an account from serving, and nothing where it is well: then
    `line` is its name on its network. Neither ever holds a secret."""

    account: str = ""
    line: str = ""
    why: str = ""

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

    async def probe(self, account: str, token: str) -> Found:
        """Whether an account could serve with this token; "" is a new one."""
        ...

    async def connect(self, account: str, token: str, by: Hand, *, anyway: bool) -> Found:
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
