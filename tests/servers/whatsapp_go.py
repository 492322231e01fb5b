"""The process that holds a session, with a Go half of our own: the rest of neonize is real.

`python -m tests.servers.whatsapp_go <network> <socket>`
"""

import base64
import ctypes
import json
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from neonize.aioze import client, events

from bot.channels.whatsapp import process

QR, EVENT = 6, 8
"""Where neonize's connect puts its callbacks."""


class Go:
    """What neonize calls through C. Each call runs on one of its threads, and may block there."""

    def __init__(self, network: str) -> None:
        self._network = network
        self._line: socket.socket | None = None
        self._over = threading.Event()

    def __getattr__(self, name: str) -> Callable[..., bytes]:
        def call(*args: Any) -> bytes:  # noqa: ANN401  as C takes them
            parts = [
                base64.b64encode(one if isinstance(one, bytes) else str(one).encode()).decode()
                for one in args
            ]
            with self._opened() as line, line.makefile("rw") as file:
                _say(file, {"call": name, "args": parts})
                return base64.b64decode(json.loads(file.readline())["result"])

        return call

    def _opened(self) -> socket.socket:
        line = socket.socket(socket.AF_UNIX)
        line.connect(self._network)
        return line

    def Neonize(self, *args: Any) -> bytes:  # noqa: ANN401, N802  C's
        """Parks its thread as long as the connection lives, as the real one does."""
        self._line = self._opened()
        with self._line, self._line.makefile("rw") as file:
            _say(file, {"call": "Neonize"})
            for text in file:
                told = json.loads(text)
                if "error" in told:
                    return str(told["error"]).encode()
                if "qr" in told:
                    code = ctypes.create_string_buffer(told["qr"].encode())
                    args[QR](None, ctypes.addressof(code))
                    continue
                if "hang" in told:
                    loop = events.event_global_loop
                    assert loop is not None
                    loop.call_soon_threadsafe(time.sleep, 3600)
                    continue
                raw = base64.b64decode(told["raw"])
                held = ctypes.create_string_buffer(raw, len(raw))
                args[EVENT](b"u", ctypes.addressof(held), len(raw), told["code"])
                file.write("\n")
                file.flush()
        return b""

    def Disconnect(self, _uuid: bytes) -> bytes:  # noqa: N802  C's
        if self._line is not None:
            self._line.shutdown(socket.SHUT_RDWR)
        return b""

    def Stop(self, _uuid: bytes) -> bytes:  # noqa: N802  C's
        return b""


def _say(file: Any, line: dict[str, Any]) -> None:  # noqa: ANN401  a text file
    file.write(json.dumps(line) + "\n")
    file.flush()


if __name__ == "__main__":
    client.gocode = Go(sys.argv[1])
    process.main()
