"""What open pages are told: that something happened, and to which row of the database.

The stream is short and may be trimmed; pages read what they show from Postgres.
"""

import json
from dataclasses import dataclass
from typing import Final

from services.wire import Wire

KEPT: Final = 5000


def key_of(prefix: str, shop: object) -> str:
    return f"{prefix}:live:{shop}"


@dataclass(frozen=True, slots=True)
class News:
    wire: Wire
    key: str

    async def tell(self, kind: str, **ids: object) -> None:
        """`kind` is message, handoff, order, job, alert, review or metric; ids alone, no texts."""
        line = json.dumps({"kind": kind, **{name: str(value) for name, value in ids.items()}})
        await self.wire.command("XADD", self.key, "MAXLEN", "~", str(KEPT), "*", "line", line)
