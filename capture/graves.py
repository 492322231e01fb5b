"""Turns away what is older than the erasure of whom it tells of: late, replayed or imported."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from events.effects import Delivered
from events.happened import Happened
from events.vocabulary import MessageReceived, ReplyDispatched
from store.privacy import tombstones
from store.session import BatchConnection

Grave: TypeAlias = tuple[UUID, bytes]


async def living(
    connection: BatchConnection, deliveries: Sequence[Delivered]
) -> Sequence[Delivered]:
    """Of whom nobody was ever erased in a shop, nothing is looked up."""
    peppers = await tombstones.peppers(connection, {one.event.shop for one in deliveries})
    if not peppers:
        return deliveries
    graves = [_graves(one.event, peppers.get(one.event.shop)) for one in deliveries]
    found = await tombstones.buried(connection, list({grave for some in graves for grave in some}))
    return [
        one
        for one, some in zip(deliveries, graves, strict=True)
        if not _is_old(one.event, [found[grave] for grave in some if grave in found])
    ]


def _is_old(event: Happened, erased: Sequence[datetime]) -> bool:
    """By the network's time: what it offers again is as old as it was."""
    return any(event.at <= moment for moment in erased)


def _graves(event: Happened, pepper: bytes | None) -> list[Grave]:
    if pepper is None:
        return []
    digests = [tombstones.digest(pepper, str(event.conversation))]
    if isinstance(event, MessageReceived | ReplyDispatched):
        digests.append(tombstones.digest(pepper, str(event.customer)))
    if isinstance(event, MessageReceived) and event.author == "customer":
        network = event.account.partition(":")[0]
        digests.append(tombstones.digest(pepper, network, event.sender.id))
        digests += [tombstones.digest(pepper, one.kind, one.id) for one in event.sender.aliases]
    return [(event.shop, one) for one in digests]
