"""Whether a channel offers something besides, asked at each message."""

from typing import TypeGuard, TypeVar

TraitT = TypeVar("TraitT")
_KNOWN: dict[tuple[type, type], bool] = {}


def offers(channel: object, trait: type[TraitT]) -> TypeGuard[TraitT]:
    """isinstance of a protocol looks each of its members up, which takes 10 microseconds and more;
    this does it once a class."""
    key = type(channel), trait
    known = _KNOWN.get(key)
    if known is None:
        known = _KNOWN[key] = isinstance(channel, trait)
    return known
