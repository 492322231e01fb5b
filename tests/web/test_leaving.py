"""Whoever goes away in the middle of a stream leaves no fault behind."""

import asyncio
import logging
import socket
import struct
from uuid import uuid4

import pytest

from services.news import News, key_of
from tests.web.conftest import served
from tests.web.staff import let_in, person
from web.app import WebParts
from web.sessions import PLAIN

LONG = "x" * 4_000
MANY = 2_000
RESET = struct.pack("ii", 1, 0)
"""Closed so, a socket says nothing of what it has not read, as a phone that lost its network."""


async def test_a_page_that_is_torn_away_while_it_is_written_to_leaves_no_traceback(
    parts: WebParts, caplog: pytest.LogCaptureFixture
) -> None:
    cookie = await let_in(parts, await person(parts, "seller"))
    news = News(parts.wire, key_of(parts.channel.prefix, parts.shop))
    with caplog.at_level(logging.ERROR):
        async with served(parts) as base:
            host, _, port = base.removeprefix("http://").partition(":")
            for _ in range(3):
                page = await asyncio.to_thread(_asks, (host, int(port)), cookie)
                await asyncio.gather(
                    *(news.tell("message", id=f"{LONG}{uuid4()}") for _ in range(MANY))
                )
                await asyncio.sleep(0.5)
                page.close()
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


def _asks(address: tuple[str, int], cookie: str) -> socket.socket:
    """A page that never reads what it is told."""
    page = socket.create_connection(address, timeout=30)
    page.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    page.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    words = ("GET /vivo?desde=0-0 HTTP/1.1", "Host: 127.0.0.1", f"Cookie: {PLAIN}={cookie}")
    page.sendall("\r\n".join((*words, "", "")).encode())
    page.recv(10)
    return page
