"""How many tokens a text costs, estimated without a tokenizer's vocabulary."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

_PIECES = re.compile(r"[^\W\d_]{1,6}|\d{1,3}|[^\w\s]|_")
MARGIN = 1.1


def estimate(text: str) -> int:
    """A word costs a token per six letters, a number one per three digits, any other sign one."""
    return len(_PIECES.findall(text))


def reaches(text: str, tokens: int) -> bool:
    """Whether the estimate is at least so much; no more of a text is read than that takes."""
    return sum(1 for _ in islice(_PIECES.finditer(text), tokens)) == tokens


@lru_cache(maxsize=1_000)
def budgeted(text: str) -> int:
    """The estimate with the margin that keeps a prompt inside a hard limit."""
    return _with_margin(estimate(text))


def budgeted_lines(lines: Iterable[str]) -> int:
    """Of the lines together: no token reaches over the end of one."""
    return _with_margin(sum(map(_remembered, lines)))


_remembered = lru_cache(maxsize=1_000)(estimate)


def _with_margin(tokens: int) -> int:
    return -int(-tokens * MARGIN // 1)
