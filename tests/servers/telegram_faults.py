"""Everything the Bot API is known to answer besides success."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fault:
    """`happens` when the call takes effect although its answer is bad or never comes."""

    status: int = 500
    body: bytes | dict[str, Any] = b""
    happens: bool = False
    hangs: bool = False
    resets: bool = False
    adds: dict[str, Any] | None = None


def refused(code: int, description: str, **parameters: int) -> Fault:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return Fault(code, body | ({"parameters": parameters} if parameters else {}))


def limited(seconds: int) -> Fault:
    return refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def migrated(chat: int) -> Fault:
    text = "Bad Request: group chat was upgraded to a supergroup chat"
    return refused(400, text, migrate_to_chat_id=chat)


BLOCKED = refused(403, "Forbidden: bot was blocked by the user")
KICKED = refused(403, "Forbidden: bot was kicked from the supergroup chat")
NO_CHAT = refused(400, "Bad Request: chat not found")
UNAUTHORIZED = refused(401, "Unauthorized")
NOT_FOUND = refused(404, "Not Found")
CONFLICT = refused(409, "Conflict: terminated by other getUpdates request")
TOO_LARGE = refused(413, "Request Entity Too Large")
INTERNAL = refused(500, "Internal Server Error")
RESTARTING = refused(500, "Internal Server Error: restart")
SPEECHLESS = Fault(500, {"ok": False})
NO_LIMIT_SAID = refused(429, "Too Many Requests")
BAD_GATEWAY = Fault(502, b"<html><body>502 Bad Gateway</body></html>")
TIMED_OUT = Fault(504, b"")
ODD = Fault(200, happens=True, adds={"forward_origin": {"type": "from_the_future"}})
HANGS = Fault(hangs=True)
HANGS_DELIVERED = Fault(hangs=True, happens=True)
RESETS = Fault(resets=True)
RESETS_DELIVERED = Fault(resets=True, happens=True)
