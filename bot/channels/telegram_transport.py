"""What the Telegram channel needs of an HTTP client, whichever library that is.

CallFailed
├── Limited       too many calls: wait `seconds`
├── Migrated      the group has a new id: `chat`
├── Rejected      never: this chat or message; `unreachable` when the chat is closed to us
├── Unauthorized  never, nothing: the token is wrong or withdrawn
├── Taken         another process polls with our token
├── Troubled      not done, the server is unwell: again later
├── Unreached     not done, it never left here: again later
└── AnswerLost    perhaps done: nobody knows
"""

from collections.abc import Mapping
from typing import Any, Protocol


class CallFailed(Exception):
    """A call to the Bot API did not succeed; its text never holds the token."""


class Limited(CallFailed):
    def __init__(self, seconds: float) -> None:
        super().__init__(f"too many requests: wait {seconds:g} s")
        self.seconds = seconds


class Migrated(CallFailed):
    def __init__(self, chat: str) -> None:
        super().__init__(f"the group moved to {chat}")
        self.chat = chat


class Rejected(CallFailed):
    def __init__(self, reason: str, *, unreachable: bool = False) -> None:
        super().__init__(reason)
        self.unreachable = unreachable


class Unauthorized(CallFailed):
    pass


class Taken(CallFailed):
    pass


class Troubled(CallFailed):
    pass


class Unreached(CallFailed):
    pass


class AnswerLost(CallFailed):
    pass


class Transport(Protocol):
    async def call(self, method: str, params: Mapping[str, Any], *, timeout_s: float) -> Any:  # noqa: ANN401  JSON, as it came
        """The `result` of the answer. Raises CallFailed and nothing else."""
        ...

    async def close(self) -> None: ...
