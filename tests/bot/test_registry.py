"""Channels that come and go, seen by all who hold the registry."""

from collections.abc import Callable
from uuid import uuid4

from bot.channels.base import Answer, Call, Channel, Hook, Ingest
from bot.channels.memory import MemoryChannel
from bot.registry import Registry
from events.happened import Happened

CALL = Call("POST", b"{}", {}, {})


class CalledChannel(MemoryChannel):
    """A network that calls `path`, or does not call when that is None."""

    path: str | None = None

    def webhook(self, ingest: Ingest) -> Hook:
        async def hook(_call: Call) -> Answer:
            return Answer(200, f"{self.account} {ingest.__name__}")

        return hook


def called(account: str, path: str | None) -> CalledChannel:
    channel = CalledChannel(uuid4(), account)
    channel.path = path
    return channel


def ingest_of(asked: list[str]) -> Callable[[Channel], Ingest]:
    def of(channel: Channel) -> Ingest:
        asked.append(channel.account)

        async def ingest(_event: Happened) -> bool:
            return True

        return ingest

    return of


def test_who_holds_it_sees_what_changes() -> None:
    registry = Registry({"a:main": called("a:main", None)})
    first, second = called("b:main", None), called("b:main", None)

    assert registry.put("b:main", first) is None
    assert registry.put("b:main", second) is first
    assert dict(registry)["b:main"] is second
    for account in registry:
        registry.take(account)
    assert (len(registry), registry.get("a:main")) == (0, None)


async def test_a_path_belongs_to_every_channel_that_names_it() -> None:
    registry = Registry(
        {
            "a:one": called("a:one", "/whatsapp/x"),
            "a:two": called("a:two", "/whatsapp/x"),
            "a:polls": called("a:polls", None),
            "m:main": MemoryChannel(uuid4(), "m:main"),
        }
    )
    hooks = registry.hooks("/whatsapp/x", ingest_of([]))

    assert [(await hook(CALL)).text for hook in hooks] == ["a:one ingest", "a:two ingest"]
    assert registry.hooks("/whatsapp/y", ingest_of([])) == []


async def test_a_hook_is_made_once_for_each_channel() -> None:
    registry, asked = Registry({"a:one": called("a:one", "/x")}), list[str]()
    for _ in range(3):
        registry.hooks("/x", ingest_of(asked))
    assert asked == ["a:one"]

    registry.put("a:one", called("a:one", "/x"))
    registry.hooks("/x", ingest_of(asked))
    assert asked == ["a:one", "a:one"]
