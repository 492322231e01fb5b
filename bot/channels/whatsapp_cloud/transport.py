"""The Graph API over plain HTTP: one call, one upload, one download; the token never leaves."""

import asyncio
import json
import ssl
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from typing import Any

import httpx

from bot.channels.base import ChannelUnavailable, MediaGone, MediaTooLarge
from bot.channels.fields import whole
from bot.channels.whatsapp_cloud.errors import (
    SUCCESS,
    AnswerLost,
    GraphFailed,
    Rejected,
    Unauthorized,
    Unreached,
    failure_of,
)

CONNECT_S, READ_S, WRITE_S, POOL_S = 5.0, 20.0, 20.0, 5.0
DOWNLOAD_S = 120.0
LONGEST_ANSWER = 1_000_000
META = ("facebook.com", "fbsbx.com", "fbcdn.net", "whatsapp.com", "whatsapp.net")
GONE = frozenset({404, 410})


@cache
def trusted() -> ssl.SSLContext:
    """Reading the certificates takes a twentieth of a second: once for all numbers."""
    return httpx.create_ssl_context()


class CloudTransport:
    """One number's way to Meta; `phone_id` is part of most addresses."""

    def __init__(self, token: str, base_url: str, api_version: str, phone_id: str) -> None:
        self._token = token
        self._phone_id = phone_id
        self._base = base_url.rstrip("/")
        self._root = f"{self._base}/{api_version.strip('/')}" if api_version else self._base
        limits = httpx.Timeout(READ_S, connect=CONNECT_S, write=WRITE_S, pool=POOL_S)
        self._client = httpx.AsyncClient(timeout=limits, follow_redirects=False, verify=trusted())

    def __repr__(self) -> str:
        return f"CloudTransport({self._phone_id!r} at {self._base!r})"

    async def send(self, body: Mapping[str, Any], *, timeout_s: float) -> dict[str, Any]:
        """What every message, receipt and reaction is. Raises GraphFailed and nothing else."""
        content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        headers = {"Content-Type": "application/json"}
        return await self._ask(
            "POST", f"{self._phone_id}/messages", timeout_s, content=content, headers=headers
        )

    async def number(self, *, timeout_s: float, proof: str = "") -> dict[str, Any]:
        """The number as Meta knows it. Raises GraphFailed.

        With a `proof`, our token signed with the app's secret, Meta also says whether that is the
        secret of the token's app.
        """
        params = {"fields": "display_phone_number,verified_name,quality_rating"}
        if proof:
            params["appsecret_proof"] = proof
        return await self._ask("GET", self._phone_id, timeout_s, params=params)

    async def upload(self, name: str, data: bytes, mime: str, *, timeout_s: float) -> str:
        """The id under which Meta keeps the file for thirty days. Raises GraphFailed."""
        answer = await self._ask(
            "POST",
            f"{self._phone_id}/media",
            timeout_s,
            data={"messaging_product": "whatsapp", "type": mime},
            files={"file": (name, data, mime)},
        )
        found = answer.get("id")
        if not isinstance(found, str) or not found:
            raise AnswerLost("an upload without an id")
        return found

    async def download(self, ref: str, limit: int) -> AsyncIterator[bytes]:
        """Chunks of a customer's file, as `Downloading.download` promises."""
        address = await self._address_of(ref, limit)
        given, until = 0, time.monotonic() + DOWNLOAD_S
        async with self._opened(address) as answer:
            async for chunk in answer.aiter_raw():
                given += len(chunk)
                if given > limit:
                    raise MediaTooLarge(f"more than {limit} bytes")
                if time.monotonic() > until:
                    raise ChannelUnavailable("the file came too slowly")
                yield chunk

    async def close(self) -> None:
        await self._client.aclose()

    async def _address_of(self, ref: str, limit: int) -> httpx.URL:
        if not ref.isascii() or not ref.isalnum():
            raise MediaGone("no id of a file")
        try:
            told = await self._ask("GET", ref, READ_S)
        except Rejected as refusal:
            raise MediaGone(str(refusal)) from None
        except GraphFailed as failure:
            raise ChannelUnavailable(str(failure)) from None
        if (whole(told.get("file_size")) or 0) > limit:
            raise MediaTooLarge(f"more than {limit} bytes")
        return self._allowed(told.get("url"))

    def _allowed(self, url: object) -> httpx.URL:
        """Our token goes to Meta's own hosts, or to the one we were told to use; nowhere else."""
        try:
            found = httpx.URL(url if isinstance(url, str) else "")
            ours = httpx.URL(self._base)
        except httpx.InvalidURL:
            raise MediaGone("the file has no address") from None
        metas = any(found.host == host or found.host.endswith(f".{host}") for host in META)
        same = (found.scheme, found.host, found.port) == (ours.scheme, ours.host, ours.port)
        if found.userinfo or not (same or (metas and found.scheme == "https" and not found.port)):
            raise MediaGone("the file lies with somebody else")
        return found

    @asynccontextmanager
    async def _opened(self, address: httpx.URL) -> AsyncIterator[httpx.Response]:
        try:
            with translated():
                headers = {**self._identity(), "Accept-Encoding": "identity"}
                async with self._client.stream("GET", address, headers=headers) as answer:
                    if answer.status_code in GONE:
                        raise MediaGone("the network no longer has the file")
                    if answer.status_code not in SUCCESS:
                        raise ChannelUnavailable(f"the file: HTTP {answer.status_code}")
                    yield answer
        except GraphFailed as failure:
            raise ChannelUnavailable(str(failure)) from None

    async def _ask(self, method: str, path: str, timeout_s: float, **how: Any) -> dict[str, Any]:  # noqa: ANN401  httpx's own arguments
        headers = {**self._identity(), **how.pop("headers", {})}
        with translated():
            async with asyncio.timeout(timeout_s):
                url = f"{self._root}/{path}"
                async with self._client.stream(method, url, headers=headers, **how) as answer:
                    said = await self._parsed(answer)
        if answer.status_code in SUCCESS and isinstance(said, dict) and "error" not in said:
            return said
        raise failure_of(answer.status_code, said)

    def _identity(self) -> dict[str, str]:
        if self._client.is_closed:
            raise Unreached("the account was taken away")
        if not self._token or not self._token.isascii() or not self._token.isprintable():
            raise Unauthorized("the token is none of Meta's: check WHATSAPP_TOKEN")
        return {"Authorization": f"Bearer {self._token}"}

    async def _parsed(self, answer: httpx.Response) -> object:
        """Its JSON, without our token; None for what is none, or longer than any answer."""
        body = bytearray()
        async for chunk in answer.aiter_bytes():
            body += chunk
            if len(body) > LONGEST_ANSWER:
                return None
        try:
            return json.loads(body.replace(self._token.encode(), b"[token]"))
        except (ValueError, RecursionError):
            return None


@contextmanager
def translated() -> Iterator[None]:
    """Without the cause: its text may hold what we sent."""
    try:
        yield
    except (
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.PoolTimeout,
        httpx.UnsupportedProtocol,
        httpx.ProxyError,
        httpx.InvalidURL,
    ) as error:
        raise Unreached(f"WhatsApp cannot be reached ({type(error).__name__})") from None
    except (httpx.HTTPError, httpx.StreamError, httpx.CookieConflict, TimeoutError) as error:
        raise AnswerLost(f"WhatsApp did not answer ({type(error).__name__})") from None
