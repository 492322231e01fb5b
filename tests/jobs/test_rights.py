"""What is asked of a customer's data while something else is done with it."""

from uuid import UUID

import pytest

from events.forgetting import ERASING, RESTRICTED, Forgetting
from events.partitions import Keys
from events.stream import Stream
from jobs.rights import Rights
from services.wire import Wire
from store.session import Store
from tests.web.rows import add_conversation


@pytest.mark.parametrize("to", [True, False])
async def test_whoever_is_being_erased_stays_shut_whatever_is_said_of_them(
    store: Store, wire: Wire, shop: UUID, prefix: str, *, to: bool
) -> None:
    """Neither a block nor its end lets the bot speak to them, or write down what they say."""
    await add_conversation(store, shop)
    keys = Keys(prefix, 4)
    rights = Rights(store, shop, Forgetting(Stream(wire, keys)))
    await rights.ask(shop, "erasure", "test")

    assert await rights.restrict(shop, "test", to=to)

    assert await wire.command("HGET", keys.notes(shop), RESTRICTED) == ERASING.encode()


async def test_a_block_that_ends_lets_the_bot_answer_again(
    store: Store, wire: Wire, shop: UUID, prefix: str
) -> None:
    await add_conversation(store, shop)
    keys = Keys(prefix, 4)
    rights = Rights(store, shop, Forgetting(Stream(wire, keys)))
    for to in (True, False):
        assert await rights.restrict(shop, "test", to=to)
    assert await wire.command("HGET", keys.notes(shop), RESTRICTED) is None
