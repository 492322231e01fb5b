"""Somebody is told when a network no longer takes an account, and when it does again."""

from app.backing import Backing
from bot.states import States
from evaluation.alert_rules import MINUTE
from tests.fixtures.bots import bot, knobs
from tests.flow.test_alerts import NOW, STAFF, backing, begun, found, watcher

__all__ = ["backing"]


async def test_a_channel_that_its_network_refuses_rings_until_it_is_well(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix, "refused", takeover=STAFF)) as shop:
        await begun(shop, NOW)
        states = States(shop.parts.wire, prefix)
        await states.tell("memory:main", "refused", "Unauthorized")
        for minute in (1, 2, 3):
            await watcher(shop, NOW + minute * MINUTE).once()
        await shop.channel.wait_for_replies("duena")
        assert "Un canal rechaza su token: 1\u00a0canal" in shop.channel.replies("duena")[0]
        await states.tell("memory:main", "ready")
        for minute in (4, 5, 6):
            await watcher(shop, NOW + minute * MINUTE).once()
        (alert,) = await found(shop.parts.store, shop.parts.shop)
        assert (alert.kind, alert.state) == ("channel", "resolved")
