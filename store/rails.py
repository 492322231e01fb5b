"""Which guard rail counts what the checks found wrong with an answer: one definition for all."""

from collections.abc import Mapping
from typing import Final

RAILS: Final[Mapping[str, tuple[str, ...]]] = {
    "invented": ("price", "percent", "instalments", "sum"),
    "leaked": ("phone", "email", "identity", "leak"),
    "rude": ("insult",),
}
"""What a customer would pay, what is somebody's or the instructions', what nobody is told."""
BESIDE: Final = ("action", "date", "link", "mark", "measure", "never", "promise", "stock")
"""What is taken out of an answer like those, and takes no candidate back by itself."""


def counted(checks: str, where: str) -> str:
    """Of the answers `where` holds, how many touched each rail. `checks` is a text of verdicts, of
    which the first word is how it ended; the kinds of what was wrong follow the colon."""
    return ", ".join(
        rf"count(*) FILTER (WHERE {where} AND {checks} ~ '\m({'|'.join(kinds)})\M') AS {rail}"
        for rail, kinds in RAILS.items()
    )
