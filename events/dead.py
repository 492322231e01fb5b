"""Dead letters: what no delivery could handle, with the reason; shown, replayed or dropped."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from events.stream import Stream
from services.wire import script

REPLAY = script("events", "replay")
NOTES = ("entry", "error", "attempts")


@dataclass(frozen=True, slots=True)
class Letter:
    """`id` is "partition/stream id": it names the letter on the command line."""

    id: str
    group: str
    kind: str
    error: str
    attempts: int
    fields: dict[str, str]


async def letters(stream: Stream) -> AsyncIterator[Letter]:
    """Every dead letter, group by group."""
    names = {name.decode() for name in await stream.wire.command("SMEMBERS", stream.keys.groups)}
    for group in sorted(names):
        for partition in range(stream.keys.partitions):
            key = stream.keys.dead(partition, group)
            for entry, flat in await stream.wire.command("XRANGE", key, "-", "+"):
                yield _letter(f"{partition}/{entry.decode()}", group, flat)


def _letter(name: str, group: str, flat: list[bytes]) -> Letter:
    texts = [part.decode("utf-8", "replace") for part in flat]
    pairs = dict(zip(texts[::2], texts[1::2], strict=False))
    notes = {note: pairs.pop(note, "") for note in NOTES}
    kind = pairs.get("kind", "?")
    return Letter(name, group, kind, notes["error"], int(notes["attempts"] or 0), pairs)


async def replay(stream: Stream, letter: Letter) -> bool:
    """Back on the stream, for the group that parked it alone. False when it is gone."""
    partition, _, entry = letter.id.partition("/")
    keys = [stream.keys.dead(int(partition), letter.group), stream.keys.stream(int(partition))]
    return bool(await stream.wire.call(REPLAY, keys, [entry, letter.group]))


async def drop(stream: Stream, letter: Letter) -> bool:
    partition, _, entry = letter.id.partition("/")
    key = stream.keys.dead(int(partition), letter.group)
    return bool(await stream.wire.command("XDEL", key, entry))
