"""Processor time of the processes that take part, read from /proc."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.wire import connect
from store.session import open_connection

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Usage:
    """Seconds by process."""

    seconds: dict[str, float]

    def since(self, before: "Usage") -> "Usage":
        return Usage({name: s - before.seconds[name] for name, s in self.seconds.items()})

    def per(self, messages: int) -> dict[str, float]:
        """Microseconds per message, and their sum."""
        each = {name: round(s / messages * 1e6, 1) for name, s in self.seconds.items()}
        return each | {"all": round(sum(self.seconds.values()) / messages * 1e6, 1)}


async def servers(database_url: str, redis_url: str) -> dict[str, int]:
    """The main process of each server."""
    redis = connect(redis_url, connections=1)
    info = await redis.info("server")
    await redis.aclose()
    connection = await open_connection(database_url)
    parent = _parent(await connection.fetchval("SELECT pg_backend_pid()"))
    await connection.close()
    return {"redis": int(info["process_id"]), "postgres": parent}


def usage(processes: dict[str, int]) -> Usage:
    return Usage({name: _family(pid) for name, pid in processes.items()})


def resident_mb(pid: int) -> float:
    for line in (PROC / str(pid) / "status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return round(int(line.split()[1]) / 1024, 1)
    return 0.0


def _family(pid: int) -> float:
    """A process, its children that live, and those it has buried."""
    own, buried = _times(pid)
    children = (int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit())
    return own + buried + sum(_times(child)[0] for child in children if _parent(child) == pid)


def _fields(pid: int) -> list[str]:
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ["X"] + ["0"] * 20


def _parent(pid: int) -> int:
    return int(_fields(pid)[1])


def _times(pid: int) -> tuple[float, float]:
    user, system, children_user, children_system = map(int, _fields(pid)[11:15])
    return (user + system) / TICKS, (children_user + children_system) / TICKS


def machine() -> dict[str, Any]:
    """`load_average` of the minutes before the end: others at work make every figure worse."""
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "load_average": [round(one, 2) for one in os.getloadavg()],
    }
