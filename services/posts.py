"""Posts to a program of the shop's: signed, to the one address of the settings, at most so long."""

import asyncio
import hashlib
import hmac
from dataclasses import dataclass
from typing import Final, Self
from uuid import UUID

import httpx

PATIENCE_S: Final = 10.0
SIGNATURE, DELIVERY = "X-Aprendiz-Signature", "X-Aprendiz-Delivery"


def signature(secret: str, at_s: int, body: bytes) -> str:
    """What a receiver computes again: of the moment and the body, so that neither can be changed,
    and what was heard once cannot be said again much later."""
    digest = hmac.new(secret.encode(), f"{at_s}.".encode() + body, hashlib.sha256)
    return f"t={at_s},v1={digest.hexdigest()}"


@dataclass(frozen=True, slots=True)
class Poster:
    """It goes nowhere else: redirects are not followed, and nothing of an answer is read."""

    url: str
    secret: str
    client: httpx.AsyncClient

    @classmethod
    def to(cls, url: str, secret: str) -> Self:
        return cls(url, secret, httpx.AsyncClient(timeout=PATIENCE_S, follow_redirects=False))

    async def post(self, delivery: UUID, at_s: int, body: bytes) -> str:
        """Why it was not taken; empty where it was."""
        headers = {
            "Content-Type": "application/json",
            DELIVERY: str(delivery),
            SIGNATURE: signature(self.secret, at_s, body),
        }
        try:
            async with (
                asyncio.timeout(PATIENCE_S),
                self.client.stream("POST", self.url, content=body, headers=headers) as answer,
            ):
                return "" if answer.is_success else str(answer.status_code)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            return type(error).__name__

    async def close(self) -> None:
        await self.client.aclose()
