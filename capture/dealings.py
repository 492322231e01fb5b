"""Who has the word, what was ordered, what files say: written after the messages they speak of."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeAlias

from capture import consents, contentment, handovers, orders, readings, silences
from capture.batch import Dealing, Placed
from events.manners import (
    ConsentChanged,
    HandedOver,
    MediaRead,
    OrderChanged,
    SatisfactionGiven,
    SilenceChanged,
)
from store.session import BatchConnection

Writer: TypeAlias = Callable[[BatchConnection, Sequence[Placed[Any]]], Awaitable[None]]
WRITERS: Mapping[type[Dealing], Writer] = {
    HandedOver: handovers.write,  # before the silence of who answers it
    SilenceChanged: silences.write,
    ConsentChanged: consents.write,
    OrderChanged: orders.write,
    MediaRead: readings.write,
    SatisfactionGiven: contentment.write,
}
"""Each is told all events of its kind in a batch, in order; a replay must change nothing."""


async def write(connection: BatchConnection, dealings: Sequence[Placed[Dealing]]) -> None:
    """Most batches hold none of them, which costs nothing then."""
    if not dealings:
        return
    for kind, writer in WRITERS.items():
        placed = [one for one in dealings if isinstance(one[0], kind)]
        if placed:
            await writer(connection, placed)
