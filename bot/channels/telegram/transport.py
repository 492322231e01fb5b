"""What the Telegram channel needs of an HTTP client, whichever library that is.

CallFailed
├── Limited       too many calls: wait `seconds`
├── Migrated      the group has a new id: `chat`
├── Rejected      never: this chat or message; `unreachable` when the chat is closed to us
├── Unauthorized  never, nothing: the token is wrong or withdrawn
├── Taken         another process polls with our token, or a webhook was set
├── Troubled      not done, the server is unwell: again later
├── Unreached     not done, it never left here: again later
└── AnswerLost    perhaps done: nobody knows
"""

import re
from collections.abc import AsyncGenerator, Mapping
from typing import Any, Protocol, TypeAlias

Files: TypeAlias = Mapping[str, tuple[str, bytes]]
"""Form field → the file's name and contents."""

CONNECT_S = 5.0
CHUNK = 64 * 1024
_TOKEN = re.compile(r"\d+:[\w-]{30,}")
WHAT_TO_CHECK = "check TELEGRAM_BOT_TOKEN"
GONE = ("chat not found", "deactivated", "kicked", "blocked", "not a member", "can't initiate")


class CallFailed(Exception):
    """A call to the Bot API did not succeed; its text never holds the token, even if a server's
    own words do."""

    def __init__(self, reason: str) -> None:
        super().__init__(_TOKEN.sub("[token]", reason))


class Limited(CallFailed):
    def __init__(self, seconds: float) -> None:
        self.seconds = max(seconds, 0.1)
        super().__init__(f"too many requests: wait {self.seconds:g} s")


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
    async def call(
        self,
        method: str,
        params: Mapping[str, Any],
        *,
        timeout_s: float,
        files: Files | None = None,
    ) -> Any:  # noqa: ANN401  JSON, as it came
        """The `result` of the answer. Raises CallFailed and nothing else."""
        ...

    def download(self, path: str, *, timeout_s: float) -> AsyncGenerator[bytes, None]:
        """Chunks of the file that lies at a `file_path` of getFile, each waited for so long.

        Raises CallFailed.
        """
        ...

    async def close(self) -> None: ...


def refusal(said: str, *, forbidden: bool) -> Rejected:
    """Some chats that are closed to us are told as a bad request; libraries re-case the words."""
    gone = any(word in said.lower() for word in GONE)
    return Rejected(said, unreachable=forbidden or gone)


def unknown_token() -> Unauthorized:
    return Unauthorized(f"Telegram does not know the token: {WHAT_TO_CHECK}")


def no_token() -> Unauthorized:
    return Unauthorized(f"the token is none of Telegram's: {WHAT_TO_CHECK}")


def closed() -> Unreached:
    return Unreached("the account was taken away")


def too_large() -> Rejected:
    return Rejected("the message is too large for Telegram")


def no_file(status: int) -> CallFailed:
    """Why a file was not given to us."""
    if status in (400, 404):
        return Rejected("Telegram no longer has the file")
    return unknown_token() if status in (401, 403) else Troubled(f"HTTP {status} for a file")
