"""The browser of a visitor: the cookie that opens its chat, and what it reads when a wish is
refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from fastapi import Request
from starlette.responses import Response

from web.chatting import SECRET
from web.security import keep_cookie, partition

COOKIE: Final = "chat"
COOKIE_S: Final = 180 * 86400
FRAMES: Final = frozenset({"iframe", "frame"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """`holes` are what its text is filled in with, in whatever language."""

    status: int
    text: str
    holes: Mapping[str, int] = field(default_factory=dict)

    @property
    def wait_s(self) -> int:
        return self.holes.get("seconds", 0)


def secret_of(request: Request) -> str | None:
    secret = request.cookies.get(COOKIE, "")
    return secret if SECRET.fullmatch(secret) else None


def framed(request: Request) -> bool:
    """Whether the page is shown within another. Its scripts ask as any page's."""
    return request.headers.get("sec-fetch-dest") in FRAMES


def keep(request: Request, response: Response, secret: str, *, apart: bool) -> None:
    """`apart`: for the page alone that frames the chat, where no other cookie would be taken."""
    keep_cookie(request, response, COOKIE, secret, COOKIE_S)
    if apart:
        partition(response)


def forget(response: Response, *, apart: bool) -> None:
    """Where pages of others may frame the chat, one browser may hold both of its cookies."""
    response.delete_cookie(COOKIE)
    if apart:
        response.delete_cookie(COOKIE, httponly=True)
        partition(response)
