"""What a user's module, named in aprendiz.toml, adds to the bot through `register(app: App)`.

PluginError  the module cannot be loaded, or asks for something that does not exist
"""

import importlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from bot.channels.base import Channel
from config.packs import Pack, load_pack
from evaluation.business import words_signal
from evaluation.scoring import Signal
from events.effects import Handler
from events.happened import Happened
from events.stages import Lanes
from handlers.custom import Answer, Custom, Predicate
from services.wire import Wire

EventT = TypeVar("EventT", bound=Happened)


class PluginError(Exception):
    """A user's module does not fit."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a channel is built with: its shop, its account's key, and the way to Redis, where all
    our keys begin with `prefix`."""

    shop: UUID
    account: str
    wire: Wire
    prefix: str = "aprendiz"


ChannelFactory: TypeAlias = Callable[[Setting], Channel]


@dataclass(slots=True)
class App:
    """Passed to every plugin's `register`; nothing happens until the bot is built from it."""

    replies: list[Custom] = field(default_factory=list)
    listeners: list[Lanes] = field(default_factory=list)
    channels: dict[str, ChannelFactory] = field(default_factory=dict)
    signals: list[Signal] = field(default_factory=list)
    packs: list[Path] = field(default_factory=list)

    def reply(self, *, when: Predicate, then: Answer) -> None:
        """Tried before the default reply, in the order of registration; None declines."""
        self.replies.append(Custom(when, then))

    def listen(self, kind: type[EventT], handler: Handler[EventT]) -> None:
        """A consumer group of its own, named after the handler: the same guarantees as ours."""
        group = f"listener:{handler.__module__}.{getattr(handler, '__qualname__', handler)}"
        if any(listener.group == group for listener in self.listeners):
            raise PluginError(f"{group} listens already: give each listener its own function")
        self.listeners.append(Lanes(group, {kind: handler}))

    def channel(self, name: str, factory: ChannelFactory) -> None:
        """`factory` is called with a Setting when the bot runs; the account is "name:main"."""
        if name in self.channels:
            raise PluginError(f"a channel named {name!r} is registered already")
        self.channels[name] = factory

    def signal(self, signal: Signal) -> None:
        """Adds evidence to the score of a reply, from the customer's next message."""
        self.signals.append(signal)

    def pack(self, folder: str | Path) -> None:
        """A folder shaped like config/domains/ventas; the setting app.pack picks it by name."""
        self.packs.append(Path(folder))


def find_pack(name: str, extension: App) -> Pack:
    """A plugin's folder of that name before one of ours."""
    for folder in extension.packs:
        if folder.name == name:
            return load_pack(folder)
    return load_pack(name)


def signals(pack: Pack, extension: App) -> list[Signal]:
    """What adds to the general lexicon: the pack's own words, then a plugin's functions."""
    return [words_signal(pack.lexicon.score, pack.lexicon.success), *extension.signals]


def load(modules: Sequence[str]) -> App:
    """Raises PluginError with the module's name and what to do about it."""
    app = App()
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    for name in modules:
        register = _register(name)
        register(app)
    return app


def _register(name: str) -> Callable[[App], Any]:
    try:
        module = importlib.import_module(name)
    except ImportError as error:
        raise PluginError(
            f"the plugin {name!r} cannot be imported: {error}. "
            "Put its file beside aprendiz.toml, or correct [app] plugins."
        ) from error
    register = getattr(module, "register", None)
    if not callable(register):
        raise PluginError(f"the plugin {name!r} has no function register(app)")
    found: Callable[[App], Any] = register
    return found
