"""Pairs the messages of a batch with the replies before them, in one statement."""

from collections.abc import Sequence
from typing import TypeAlias
from uuid import UUID

from capture import statements
from capture.lessons import Heard
from capture.masking import Mask
from capture.pairing import Answered
from store.session import BatchConnection
from text.verdicts import stars

Pairs: TypeAlias = dict[tuple[UUID, UUID], Answered]


async def pair(connection: BatchConnection, heard: Sequence[Heard]) -> Pairs:
    """By shop and message. After the batch's replies are written, or they could not be found."""
    if not heard:
        return {}
    tagged = await _tagged(connection, [one for one in heard if one.personal])
    times = [one.event.at for one in heard]
    texts = [tagged.get((one.event.shop, one.event.id), one.feedback) for one in heard]
    grades = [stars(one.event.text) is not None for one in heard]
    found = await connection.fetch(statements.PAIR, *_places(heard), times, texts, grades)
    return {(shop, message): Answered(*row) for shop, message, *row in found}


async def _tagged(
    connection: BatchConnection, personal: Sequence[Heard]
) -> dict[tuple[UUID, UUID], str]:
    """Texts with personal data, masked by the tags that their reply's row already has."""
    if not personal:
        return {}
    found = await connection.fetch(statements.MASKS, *_places(personal))
    known = {(shop, message): masks for shop, message, masks in found}
    return {
        key: Mask(one.mask.names, one.mask.own, known[key])(one.event.text)
        for one in personal
        if (key := (one.event.shop, one.event.id)) in known
    }


def _places(heard: Sequence[Heard]) -> tuple[list[UUID], list[UUID], list[UUID], list[int]]:
    return (
        [one.event.shop for one in heard],
        [one.event.conversation for one in heard],
        [one.event.id for one in heard],
        [one.position for one in heard],
    )
