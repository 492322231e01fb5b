"""Turns whatever the Cloud API tells into events: pure, total, the same ids for the same item."""

from collections.abc import Callable
from datetime import datetime

from bot.channels.fields import dumped, kept
from bot.channels.whatsapp_cloud import events as read
from bot.channels.whatsapp_cloud.items import Item, Kind, split
from bot.channels.whatsapp_cloud.people import CloudAccount, group_of, person_of
from events.happened import Happened

__all__ = ["CloudAccount", "Item", "normalise", "person_of", "split"]

_READERS: dict[Kind, Callable[[read.Heard], tuple[Happened, ...]]] = {
    "message": read.message,
    "echo": read.message,
    "status": read.status,
    "change": read.changed,
    "malformed": read.malformed,
}


def normalise(
    item: Item, *, account: CloudAccount, known_as: str, received_at: datetime
) -> tuple[Happened, ...]:
    """`known_as` is what the directory says of `person_of(item).names`; "" when there are none."""
    raw = kept(dumped(item.whole))
    person, group = person_of(item), group_of(item)
    heard = read.Heard(account, item, person, group, known_as, received_at, raw)
    return _READERS[item.kind](heard)
