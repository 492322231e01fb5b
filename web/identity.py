"""Who asks: found out before every route, and known to every page."""

from dataclasses import dataclass
from typing import Literal, TypeAlias
from uuid import UUID

from fastapi import Request

from store.audit import Actor
from web.permissions import GRANTS, Perm, Role

By: TypeAlias = Literal["session", "key", "link"]


class Locked(Exception):
    """Nobody we know asks for this."""


class Forbidden(Exception):
    """We know who asks, and they may not: `needed` is what they lack, where it is that."""

    def __init__(self, needed: Perm | None = None) -> None:
        super().__init__(needed)
        self.needed = needed


@dataclass(frozen=True, slots=True)
class Identity:
    """`person` is None for the shop's own key and for programs; `until` is when it ends, in seconds
    since 1970. `session` and `key` are the ids of what they came by."""

    role: Role
    shop: UUID
    name: str
    until: int
    person: UUID | None = None
    locale: str | None = None
    by: By = "session"
    scopes: frozenset[Perm] | None = None
    session: UUID | None = None
    key: UUID | None = None
    theme: str | None = None
    shortcuts: bool = True

    @property
    def permissions(self) -> frozenset[Perm]:
        granted = GRANTS[self.role]
        return granted if self.scopes is None else granted & self.scopes

    @property
    def first_name(self) -> str:
        """What a customer may know them by; whoever comes by the shop's key has none."""
        return self.name.split()[0] if self.person and self.name.strip() else ""

    def may(self, permission: Perm) -> bool:
        return permission in self.permissions

    @property
    def who(self) -> str:
        """As the audit names them."""
        if self.person is not None:
            return f"{'customer' if self.role == 'customer' else 'person'}:{self.person}"
        return f"key:{self.key}" if self.key else "shop"


def known(request: Request) -> Identity | None:
    """On a public page somebody we know may look too."""
    found: Identity | None = getattr(request.state, "identity", None)
    return found


def identity_of(request: Request) -> Identity:
    found = known(request)
    if found is None:
        raise Locked
    return found


def actor_of(request: Request) -> Actor:
    """For the audit: who, from where, in which request."""
    found = known(request)
    return Actor(
        found.who if found else "visitor",
        getattr(request.state, "ip_hash", None),
        getattr(request.state, "request_id", None),
    )
