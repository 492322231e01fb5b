"""What the holder of a session asks of WhatsApp, and how that may fail.

PhoneError
├── PhoneFailed   it says why; `bot.channels.whatsapp.outgoing.ended` knows what that means
└── PhoneSilent   it did not answer in time: nobody knows whether it was done
"""

from collections.abc import Callable
from typing import Any, Protocol

from bot.channels.whatsapp.outgoing import Uploaded


class PhoneError(Exception):
    """What we asked of WhatsApp was not done, as far as we know."""


class PhoneFailed(PhoneError):
    """It says so."""


class PhoneSilent(PhoneError):
    """It does not say."""


class Phone(Protocol):
    """One account's connection; people and chats are addresses like `569…@s.whatsapp.net`."""

    def on_qr(self, show: Callable[[bytes], None]) -> None: ...

    async def connected(self) -> None:
        """Stays as long as the connection does. Raises PhoneFailed when it cannot be made."""
        ...

    async def disconnect(self) -> None: ...

    async def pair_code(self, phone: str) -> str: ...

    async def ours(self) -> list[str]: ...

    async def phone_of(self, lid: str) -> str: ...

    def read(self, code: int, raw: bytes) -> dict[str, Any]:
        """An event as plain fields, with what opens its file under "file"."""
        ...

    async def send(self, chat: str, message: dict[str, Any]) -> str:
        """Gives the id WhatsApp knows it by."""
        ...

    async def upload(self, contents: bytes, kind: str) -> Uploaded: ...

    async def download(self, ref: str, limit: int) -> bytes | None:
        """None when the file is larger."""
        ...

    async def mark_read(self, chat: str, sender: str, id_: str) -> None: ...

    async def show_online(self) -> None:
        """From now on WhatsApp tells who is writing."""
        ...

    async def show_typing(self, chat: str) -> None: ...
