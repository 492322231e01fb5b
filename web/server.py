"""Serves the web application inside our own event loop and stops when told to."""

import asyncio
import errno
import socket
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress

import structlog
import uvicorn
from fastapi import FastAPI

log = structlog.get_logger()
TRIES = 20
GRACE_S = 5
LOOPBACK = ("127.0.0.1", "::1")


class Server(uvicorn.Server):
    """Leaves signals to the program, and ends open streams before it waits for connections."""

    def __init__(
        self, app: FastAPI, on_ready: Callable[[int], None], proxies: Sequence[str]
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                ws="none",
                timeout_graceful_shutdown=GRACE_S,
                forwarded_allow_ips=list(proxies),
            )
        )
        self.app = app
        self.on_ready = on_ready

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listening in sockets or []:
            self.on_ready(listening.getsockname()[1])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.app.state.close_streams()
        await super().shutdown(sockets)
        # One that was being accepted meanwhile was told nothing: it would be served for ever, by
        # pages whose streams have ended.
        for connection in list(self.server_state.connections):
            connection.transport.close()


async def serve(
    app: FastAPI,
    host: str,
    port: int,
    on_ready: Callable[[int], None],
    proxies: Sequence[str] = LOOPBACK,
) -> None:
    """Serves until cancelled. A busy port is replaced by the next free one, and that is said."""
    server = Server(app, on_ready, proxies)
    running = asyncio.create_task(server.serve([bind(host, port)]), name="web")
    try:
        await asyncio.shield(running)
    finally:
        server.should_exit = True
        await asyncio.wait([running])


def bind(host: str, port: int) -> socket.socket:
    for wanted in [*range(port, min(port + TRIES, 65535)), 0] if port else [0]:
        with suppress(_Busy):
            found = _listen(host, wanted)
            if wanted != port:
                log.warning("web.port_busy", wanted=port, port=found.getsockname()[1])
            return found
    raise OSError(errno.EADDRINUSE, f"no free port on {host}")


class _Busy(Exception):
    """Somebody listens there already."""


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
        found.listen()
    except OSError as error:
        found.close()
        if error.errno == errno.EADDRINUSE:
            raise _Busy from error
        raise
    return found
