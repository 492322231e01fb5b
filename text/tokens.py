"""How many tokens a text costs, estimated without a tokenizer's vocabulary."""

import re

_PIECES = re.compile(r"([^\W\d_]+)|(\d+)|([^\w\s]|_)")
MARGIN = 1.1


def estimate(text: str) -> int:
    """A word costs a token per six letters, a number one per three digits, any other sign one."""
    total = 0
    for word, digits, _ in _PIECES.findall(text):
        total += -(-len(word) // 6) or -(-len(digits) // 3) or 1
    return total


def budgeted(text: str) -> int:
    """The estimate with the margin that keeps a prompt inside a hard limit."""
    return -int(-estimate(text) * MARGIN // 1)
