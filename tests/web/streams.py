"""Reading a stream of server-sent events as a page does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx2


@dataclass(frozen=True)
class Heard:
    data: str
    id: str = ""
    event: str = ""


@dataclass
class Ear:
    lines: AsyncIterator[str]
    fields: dict[str, list[str]] = field(default_factory=dict)

    async def next(self) -> Heard:
        """The next event; comments keep a stream alive and say nothing."""
        async for line in self.lines:
            if line:
                name, _, value = line.partition(":")
                self.fields.setdefault(name, []).append(value.removeprefix(" "))
            elif self.fields.keys() - {""}:
                heard, self.fields = self.fields, {}
                texts = {name: "\n".join(values) for name, values in heard.items()}
                return Heard(texts.get("data", ""), texts.get("id", ""), texts.get("event", ""))
        raise Ended


class Ended(Exception):
    """The server closed the stream."""


@asynccontextmanager
async def listening(
    client: httpx2.AsyncClient, path: str, last: str | None = None
) -> AsyncIterator[Ear]:
    headers = {"Last-Event-ID": last} if last else {}
    async with client.stream("GET", path, headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Ear(answer.aiter_lines())
