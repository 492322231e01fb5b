"""Who may be given which role by whom, and what is wrong with what somebody typed."""

import re
from dataclasses import dataclass
from typing import Final

from web.identity import Identity
from web.permissions import GRANTS, SCOPES, Role, allowed

EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")
LONGEST_EMAIL: Final = 254
LONGEST_NAME: Final = 80
STAFF: Final[tuple[Role, ...]] = ("viewer", "seller", "owner", "admin")


@dataclass(frozen=True, slots=True)
class Given:
    """What was typed about somebody."""

    email: str = ""
    name: str = ""
    role: str = "seller"

    def problem(self) -> str:
        """A code word; empty when all is well."""
        if len(self.email) > LONGEST_EMAIL or not _is_email(self.email.strip()):
            return "email"
        name = self.name.strip()
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            return "name"
        return "" if self.role in STAFF else "above"


def _is_email(text: str) -> bool:
    return text.isprintable() and EMAIL.fullmatch(text) is not None


def gives(who: Identity) -> list[Role]:
    """Nobody hands out more than they have."""
    return [role for role in STAFF if GRANTS[role] <= who.permissions]


def is_above(who: Identity, role: str) -> bool:
    """Whether an account can do what `who` cannot: then it is not theirs to change."""
    return role not in gives(who)


def offers(who: Identity) -> list[str]:
    """The scopes that somebody may put into a key."""
    return [scope for scope in SCOPES if allowed([scope]) <= who.permissions]


def refused(code: object) -> str:
    return code if isinstance(code, str) else "nobody"
