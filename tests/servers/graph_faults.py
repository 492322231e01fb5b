"""Everything the Graph API is known to answer besides success."""

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


def error(code: int, said: str = "no", status: int = 400, **more: object) -> Fault:
    body = {
        "message": f"(#{code}) {said}",
        "type": "OAuthException",
        "code": code,
        "error_data": {"messaging_product": "whatsapp", "details": said},
        "fbtrace_id": "AXsgnV2Cm3ZMGF3dF_cfYIn",
    }
    return Fault(status, {"error": body | more})


UNAUTHORIZED = Fault(
    401,
    {
        "error": {
            "message": "Invalid OAuth access token - Cannot parse access token",
            "type": "OAuthException",
            "code": 190,
            "fbtrace_id": "A",
        }
    },
)
UNKNOWN_OBJECT = error(100, "Object does not exist, or you lack the permission", error_subcode=33)
PAIR = error(131056, "Too many messages from this number to the same customer", 429)
BUSY = error(130429, "Rate limit hit", 429)
UNDELIVERABLE = error(131026, "Message undeliverable")
WINDOW = error(131047, "More than 24 hours have passed since the customer last replied")
INTERNAL = error(131000, "Something went wrong", 500)
LOCKED = error(131031, "Business account has been locked", 403)
HTML = Fault(502, b"<html><body>502 Bad Gateway</body></html>")
HTML_OK = Fault(200, b"<html><body>Sign in to this wireless network</body></html>")
EMPTY = Fault(503, b"")
NAMELESS = Fault(200, {"messaging_product": "whatsapp", "contacts": []}, happens=True)
HANGS = Fault(hangs=True)
HANGS_DELIVERED = Fault(hangs=True, happens=True)
RESETS = Fault(resets=True)
RESETS_DELIVERED = Fault(resets=True, happens=True)
