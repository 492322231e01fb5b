"""What taking an import back does to one product. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from knowledge.importing.changes import Goods


@dataclass(frozen=True, slots=True)
class Back:
    """`fields` are to be written; `again` names what changed since the import, and is in the way.

    `short`: more was sold meanwhile than the former stock held.
    """

    fields: Mapping[str, Any]
    again: tuple[str, ...] = ()
    short: bool = False


def way_back(former: Mapping[str, Any] | None, given: Mapping[str, Any], current: Goods) -> Back:
    """Prices and words become what they were; stock goes back by its difference, so that what was
    sold in between stays sold."""
    again = tuple(
        name for name, value in given.items() if name != "stock" and current[name] != value
    )
    if former is None:
        return Back({"active": False}, again)
    fields = {name: value for name, value in former.items() if name != "stock"}
    if "stock" not in former:
        return Back(fields, again)
    stock = current["stock"] + former["stock"] - given["stock"]
    return Back(fields | {"stock": max(stock, 0)}, again, short=stock < 0)
