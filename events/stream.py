"""The partitioned stream: ingest, fenced reads, and finishing an event with its effects.

Facts that shape it: a delivery goes only to the holder of the partition's token; every script may
be repeated after a lost answer; stream ids order a partition, never a sequence of ours.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias
from uuid import UUID

import msgspec

from events.answers import Entry, Held, Read, fenced, told
from events.effects import Effects, Join
from events.envelope import DATA, encode
from events.happened import Happened
from events.manners import ConsentChanged, SilenceChanged
from events.partitions import Keys
from events.vocabulary import (
    MessageReceived,
    ReachabilityChanged,
    ReplyDispatched,
)
from services.wire import Argument, Script, Wire, script
from text.ways_in import shut

INGEST, READ, PENDING = (script("events", name) for name in ("ingest", "read", "pending"))
FINISH, JOIN, PARK = (script("events", name) for name in ("finish", "join", "park"))
ATTEMPT, TRIM, ACKNOWLEDGE = (script("events", name) for name in ("attempt", "trim", "acknowledge"))
TYPING = script("events", "typing")

Wanted: TypeAlias = tuple[str, str, int, bytes]
"""A group, ",Kind,Kind," or "*", how many, and how far it has read; b"" where nobody remembers."""
HISTORY_CAP = 40
SPLICED = ("kind", "turn", DATA)
SHUT_S = 30 * 86400


class PartitionFull(Exception):
    """The partition holds more unhandled events than allowed: wait, then ingest again."""


@dataclass(frozen=True)
class Delivery:
    """An entry on its way to a group's handler; `redelivered` when somebody may have begun it."""

    group: str
    entry: str
    fields: Mapping[bytes, bytes]
    redelivered: bool = False

    @cached_property
    def conversation(self) -> str:
        """Whose lane it is; rubbish without a conversation shares one."""
        return self.fields.get(b"conversation", b"").decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Stream:
    """`limit` is the number of entries a partition may hold before ingest refuses more."""

    wire: Wire
    keys: Keys
    limit: int = 10_000

    async def ingest(
        self, event: Happened, *, remember_s: int, silence_ms: int = 0, window_ms: int = 0
    ) -> bool:
        """True when new, False when known already. Raises PartitionFull; waits for Redis.

        For `window_ms` from now the network lets us answer freely; for `silence_ms` the bot says
        nothing, and -1 ends that.
        """
        partition, conversation = self.keys.partition(event.conversation), event.conversation
        line = history_line(event) if isinstance(event, MessageReceived) else b""
        keys = [
            self.keys.seen(partition, event.id),
            self.keys.stream(partition),
            self.keys.history(conversation, partition),
            self.keys.silence(conversation, partition),
            self.keys.shut(conversation, partition),
            self.keys.window(conversation, partition),
            self.keys.nudge(conversation, partition),
            self.keys.poll(conversation, partition),
        ]
        args: list[Argument] = [remember_s, self.limit, line, HISTORY_CAP, silence_ms]
        args += [_shuts(event), window_ms, int(_answers(event)), *encode(event)]
        done = await self.wire.call(INGEST, keys, args)
        if done == -1:
            raise PartitionFull(f"partition {partition} holds {self.limit} unhandled events")
        return bool(done)

    def ask(self, held: Held, wanted: Sequence[Wanted]) -> asyncio.Future[Any]:
        """Begins a read; `told` reads its answer. Raises WireOutage rather than be repeated: what
        it says of how far the groups have read may not be true of what comes back."""
        p = held.partition
        keys = [self.keys.lease(p), self.keys.stream(p), self.keys.timers(p)]
        keys.append(self.keys.timer_events(p))
        args: list[Argument] = [held.token]
        for group in wanted:
            args += group
        return self.wire.call(READ, keys, args, once=True)

    async def read(self, held: Held, wanted: Sequence[Wanted]) -> Read:
        return told(held, await self.ask(held, wanted))

    async def pending(self, held: Held, group: str, after: str, count: int) -> Sequence[Entry]:
        keys = [self.keys.stream(held.partition)]
        page: Sequence[Entry] = await self._fenced(PENDING, held, keys, [group, after, count])
        return page

    async def attempt(self, held: Held, group: str, entry: str, by: int = 1) -> int:
        keys = [self.keys.attempts(held.partition)]
        return int(await self._fenced(ATTEMPT, held, keys, [f"{group}|{entry}", by]))

    async def finish(
        self, held: Held, delivery: Delivery, effects: Effects, *, counted: bool = False
    ) -> bool:
        """Acknowledge and apply. False when it had been done before."""
        return bool(fenced(held, await self.begin(held, delivery, effects, counted=counted)))

    def begin(
        self, held: Held, delivery: Delivery, effects: Effects, *, counted: bool = False
    ) -> asyncio.Future[Any]:
        """`finish` without waiting; `fenced` reads the answer."""
        if effects.join is not None:
            return self._join(held, delivery, effects.join)
        keys = self._finishing(held, delivery.conversation)
        keys.append(self.keys.notes(delivery.conversation, held.partition))
        keys += [self.keys.claim(held.partition, draft) for draft in effects.forget]
        args: list[Argument] = [delivery.group, delivery.entry, int(counted)]
        args += [str(effects.closes or ""), len(effects.events)]
        for event in effects.events:
            args += _counted(event)
        args.append(len(effects.timers))
        for timer in effects.timers:
            args += (timer.key, timer.after_ms, *_counted(timer.event))
        args += [part for note in effects.notes.items() for part in note]
        return self._ask(FINISH, held, keys, args)

    def acknowledge(self, held: Held, group: str, entries: Sequence[str]) -> asyncio.Future[Any]:
        """Many entries that have no effects, at once; `fenced` reads the answer."""
        stream = self.keys.stream(held.partition)
        return self._ask(ACKNOWLEDGE, held, [stream], [group, *entries])

    def _join(self, held: Held, delivery: Delivery, join: Join) -> asyncio.Future[Any]:
        flat = encode(join.ready)
        header = dict(zip(flat[::2], flat[1::2], strict=True))
        own = msgspec.json.decode(header[DATA])
        for counted in ("readings", "pending"):
            own.pop(counted, None)
        message = msgspec.json.encode(own.pop("messages")[0])
        del own["revision"]
        others = [part for name in header if name not in SPLICED for part in (name, header[name])]
        args: list[Argument] = [delivery.group, delivery.entry, join.wait_ms]
        args += [join.after_question_ms, int(join.question), join.longest_ms]
        args += [join.media_ms, int(join.pending), *_read(join), str(join.ready.messages[0].id)]
        args += [str(join.ready.turn), message, msgspec.json.encode(own)[:-1]]
        args += [*(_counted(join.wanted) if join.wanted else [0]), *others]
        keys = self._finishing(held, delivery.conversation)
        keys.append(self.keys.history(join.ready.conversation, held.partition))
        return self._ask(JOIN, held, keys, args)

    async def typing(self, conversation: UUID, wait_ms: int, *, stopped: bool) -> bool:
        """The customer is writing, or stopped: whether an open turn waits for it."""
        p = self.keys.partition(conversation)
        keys = [self.keys.timers(p), self.keys.turn(conversation, p)]
        return bool(await self.wire.call(TYPING, keys, [wait_ms, int(not stopped)]))

    async def park(self, held: Held, delivery: Delivery, error: str, attempts: int) -> None:
        """To the group's dead letters, with the reason; the turn it belongs to is closed."""
        p = held.partition
        keys = [
            self.keys.stream(p),
            self.keys.attempts(p),
            self.keys.dead(p, delivery.group),
            self.keys.turn(delivery.conversation, p),
        ]
        turn = delivery.fields.get(b"turn", b"")
        args: list[Argument] = [delivery.group, delivery.entry, error, attempts, turn]
        args += [part for pair in delivery.fields.items() for part in pair]
        await self._fenced(PARK, held, keys, args)

    async def trim(self, held: Held) -> int:
        return int(await self._fenced(TRIM, held, [self.keys.stream(held.partition)], []))

    def _finishing(self, held: Held, conversation: str) -> list[str]:
        p = held.partition
        return [
            self.keys.stream(p),
            self.keys.attempts(p),
            self.keys.timers(p),
            self.keys.timer_events(p),
            self.keys.turn(conversation, p),
        ]

    def _ask(
        self, run: Script, held: Held, keys: Sequence[str], args: Sequence[Argument]
    ) -> asyncio.Future[Any]:
        return self.wire.call(run, [self.keys.lease(held.partition), *keys], [held.token, *args])

    async def _fenced(
        self, run: Script, held: Held, keys: Sequence[str], args: Sequence[Argument]
    ) -> Any:  # noqa: ANN401  each script has its own answer
        return fenced(held, await self._ask(run, held, keys, args))


def _shuts(event: Happened) -> int:
    """Seconds for which the chat is closed to us; 0 opens it, -1 says nothing about it."""
    if isinstance(event, ReachabilityChanged):
        return 0 if event.reachable else SHUT_S
    return 0 if isinstance(event, MessageReceived) and event.author == "customer" else -1


def _answers(event: Happened) -> bool:
    """Whether what we wanted to write first is no longer wanted."""
    return isinstance(event, MessageReceived | SilenceChanged | ConsentChanged)


def _read(join: Join) -> tuple[bytes, bytes]:
    """A file's reading, and its line of the history when it says something."""
    if join.reading is None:
        return b"", b""
    line = {"r": "user", "t": join.reading.text, "m": join.reading.message}
    said = msgspec.json.encode(line) if join.reading.text else b""
    return msgspec.json.encode(join.reading), said


def _counted(event: Happened) -> list[Argument]:
    flat = encode(event)
    return [len(flat), *flat]


def history_line(event: MessageReceived | ReplyDispatched) -> bytes:
    """One line of the conversation as the prompt remembers it."""
    by = {"p": True} if event.author == "human" else {}
    if isinstance(event, ReplyDispatched):
        said = {"r": "assistant", "t": shut(event.text), "m": event.reply}
        return msgspec.json.encode(said | by)
    if not event.text if event.author == "customer" else event.content == "service":
        return b""
    role = "user" if event.author == "customer" else "assistant"
    return msgspec.json.encode({"r": role, "t": event.text, "m": event.id} | by)
