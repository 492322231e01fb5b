"""What Meta's answers mean: its error codes, and how a call may fail.

GraphFailed
├── Limited       too many calls: wait; `pair` when it is about this customer alone
├── Rejected      never: this message; `unreachable` when the customer cannot be written to at all
├── Unauthorized  never, nothing: this number or its token has to be mended by a person
├── Troubled      not done, Meta is unwell: again later
├── Unreached     not done, it never left here: again later
└── AnswerLost    perhaps done: nobody knows
"""

import re

from bot.channels.fields import table, whole, words

TEMPORARY = frozenset({1, 2, 131000, 131016, 133004})
BUSY = frozenset({4, 80007, 130429})
PAIR = 131056
STOPPED = frozenset(
    {0, 3, 10, 190, *range(200, 300), 368, 131031, 131042, 131045, 131048, 131057, 133010}
)
CLOSED = frozenset({131026, 131050})
WINDOW = 131047
ILL_FORMED = frozenset({100, 131008, 131009})

_TOKEN = re.compile(r"\bEAA\w{8,}")
TOO_MANY, TOO_LARGE, DENIED = 429, 413, frozenset({401, 403})
SUCCESS, BROKEN = range(200, 300), 500


class GraphFailed(Exception):
    """A call to the Graph API did not succeed; its text never holds the token."""


class Limited(GraphFailed):
    def __init__(self, reason: str, *, pair: bool = False) -> None:
        super().__init__(reason)
        self.pair = pair


class Rejected(GraphFailed):
    def __init__(self, reason: str, *, code: int | None = None, unreachable: bool = False) -> None:
        super().__init__(reason)
        self.code = code
        self.unreachable = unreachable


class Unauthorized(GraphFailed):
    pass


class Troubled(GraphFailed):
    pass


class Unreached(GraphFailed):
    pass


class AnswerLost(GraphFailed):
    pass


def failure_of(status: int, answer: object) -> GraphFailed:
    """What went wrong; the code decides, since Meta's statuses follow no rule."""
    error = table(table(answer).get("error"))
    code = whole(error.get("code"))
    if code is None or not error:
        return _without_code(status)
    said = _said(error, code)
    if code == PAIR or code in BUSY:
        return Limited(said, pair=code == PAIR)
    if code in STOPPED:
        return Unauthorized(said)
    if code in TEMPORARY or error.get("is_transient") is True or status >= BROKEN:
        return Troubled(said)
    return Rejected(said, code=code, unreachable=code in CLOSED)


def _without_code(status: int) -> GraphFailed:
    """Somebody before Meta answered (a proxy, a gateway), or Meta said nothing we know."""
    if status in SUCCESS:
        return AnswerLost(f"an answer we cannot read (HTTP {status})")
    if status == TOO_MANY:
        return Limited("too many requests")
    if status in DENIED:
        return Unauthorized(f"WhatsApp refuses our token (HTTP {status}): check WHATSAPP_TOKEN")
    if status == TOO_LARGE:
        return Rejected("the message is too large for WhatsApp")
    return Troubled(f"HTTP {status} without a reason")


def _said(error: dict[str, object], code: int) -> str:
    """The window is the one reason that the rest of the bot knows by name. Meta repeats a token it
    cannot read; we do not."""
    if code == WINDOW:
        return "window"
    details = words(table(error.get("error_data")).get("details"))
    message = details or words(error.get("message")) or "no reason given"
    return f"{_TOKEN.sub('[token]', message)} ({code})"
