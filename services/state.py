"""What the supervisor tells its clients, in one small file that is replaced as a whole."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from services.errors import ServicesError, named


@dataclass(frozen=True)
class Endpoints:
    database_url: str  # the superuser, over the socket: for migrations and roles
    redis_url: str
    pid: int  # the supervisor's


@dataclass(frozen=True)
class State:
    pid: int
    message: str = ""
    ready: Endpoints | None = None
    failure: ServicesError | None = None


def write(path: Path, state: State) -> None:
    failure = state.failure
    written = {
        "pid": state.pid,
        "message": state.message,
        "ready": asdict(state.ready) if state.ready else None,
        "failure": [type(failure).__name__, *failure.args] if failure else None,
    }
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(written))
    draft.replace(path)


def read(path: Path) -> State | None:
    """None for a file that is absent or damaged: the supervisor soon writes it again."""
    try:
        found = json.loads(path.read_text())
        failure = found["failure"]
        return State(
            pid=int(found["pid"]),
            message=str(found["message"]),
            ready=Endpoints(**found["ready"]) if found["ready"] else None,
            failure=named(failure[0])(*failure[1:]) if failure else None,
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None
