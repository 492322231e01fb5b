"""The server inside our loop: its port, and how it stops."""

import asyncio
import signal
import socket
from contextlib import suppress

import httpx2
import pytest

from tests.web.conftest import asking, served
from tests.web.streams import Ended, listening
from web.app import WebParts, build
from web.server import bind, serve


async def test_a_port_is_found_and_told(parts: WebParts) -> None:
    async with served(parts) as base, httpx2.AsyncClient(base_url=base) as client:
        answer = await client.get("/salud")

    assert answer.json() == {"ok": True}
    assert "server" not in answer.headers


def test_a_busy_port_gives_the_next_free_one() -> None:
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with bind("127.0.0.1", port) as found:
            assert port < found.getsockname()[1] <= port + 20


def test_an_address_that_is_not_ours_is_an_error() -> None:
    with pytest.raises(OSError, match=r"\[Errno"):
        bind("192.0.2.1", 0)


def test_the_loopback_of_ipv6_works_too() -> None:
    with bind("::1", 0) as found:
        assert found.family == socket.AF_INET6


async def test_open_pages_do_not_keep_the_server(parts: WebParts) -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()

    async def look(base: str, opened: asyncio.Event) -> None:
        async with asking(build(parts), base) as client:
            await client.get("/chat")
            async with listening(client, "/chat/stream") as ear:
                opened.set()
                with suppress(Ended):
                    await ear.next()
                ended.set()

    opened = asyncio.Event()
    async with served(parts) as base:
        looking = asyncio.create_task(look(base, opened))
        await opened.wait()
        began = loop.time()
    took = loop.time() - began
    await looking

    assert ended.is_set()
    assert took < 2


async def test_signals_are_left_to_the_program(parts: WebParts) -> None:
    before = signal.getsignal(signal.SIGTERM)

    async with served(parts):
        assert signal.getsignal(signal.SIGTERM) is before


async def test_a_host_that_is_not_ours_is_an_error_at_once(parts: WebParts) -> None:
    with pytest.raises(OSError, match=r"\[Errno"):
        await serve(build(parts), "192.0.2.1", 0, lambda _port: None)
