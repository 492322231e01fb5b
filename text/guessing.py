"""What somebody meant who mistyped a word of a list. Pure."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(typed: str, known: Iterable[str]) -> str | None:
    """However it is written: `JSONL` is `jsonl`."""
    by = {word.casefold(): word for word in known}
    near = get_close_matches(typed.strip().casefold(), list(by), n=1)
    return by[near[0]] if near else None


def meant(typed: str, known: Iterable[str], within: str = "") -> str:
    """A question, or nothing where no word is like it; `within` stands before the word."""
    near = nearest(typed, known)
    return f"did you mean {within}{near}?" if near is not None else ""
