"""`main.py outreach` at the terminal: what it would do, what it did, and what came of it."""

from app.backing import Backing
from app.commands import outreach
from services.state import Endpoints
from tests.app.terminal import Ended, typed
from tests.fixtures.bots import bot, until
from tests.flow.outreach import ACCOUNT, OFFER, attended, long_ago, offered, targets
from tests.flow.outreach import wanted as settings_for

BROADCAST = ("broadcast", "Cyber", "--account", ACCOUNT, "--text", OFFER)


async def said(env: dict[str, str], *words: str) -> Ended:
    return await typed(outreach, env, *words)


async def test_nobody_to_write_to_and_nothing_to_say_are_told_plainly(env: dict[str, str]) -> None:
    assert "outreach broadcast" in (await said(env, "list")).said
    assert (await said(env, "report")).said.startswith("Nobody was written to first")
    nobody = await said(env, *BROADCAST)
    assert (nobody.code, "nobody who wants it spoke" in nobody.said) == (1, True)
    nothing = await said(env, *BROADCAST[:4])
    assert (nothing.code, "needs something to say" in nothing.said) == (3, True)
    assert (await said(env, "show", "ffff")).code == 1
    assert (await said(env, "broadcast", "x")).code == 2


async def test_a_broadcast_is_tried_begun_paused_resumed_watched_and_cancelled(
    env: dict[str, str], database_url: str, endpoints: Endpoints, prefix: str
) -> None:
    shop_key = "terminal"
    env = env | {"APRENDIZ_APP__SHOP": shop_key, "APRENDIZ_OUTREACH__MESSAGE_USD": "0.02"}
    backing = Backing(database_url, endpoints.redis_url, embedded=True)
    async with bot(backing, settings_for(prefix, shop_key)) as shop:
        await long_ago(shop, "ana", "luis", "eva")
        dry = await said(env, *BROADCAST, "--dry-run", "--json")
        assert (dry.json["people"], dry.json["usd"]) == (3, 0.06)
        assert (await said(env, "list", "--json")).json == []

        which = (await said(env, *BROADCAST, "--yes", "--json")).json["id"]
        assert "is paused" in (await said(env, "pause", which[:8])).said
        async with attended(shop):
            assert (await said(env, "resume", "0000")).code == 1
            assert {state for state, _ in (await targets(shop, which)).values()} == {"waiting"}
            assert (await said(env, "resume", which)).code == 0
            await until(lambda: offered(shop, which, 3))
        await shop.settled()
        await shop.ask("ana", "¿cuánto cuesta la mochila urbana azul?")
        await shop.settled()

        shown = (await said(env, "show", which, "--json")).json
        (row,) = shown["outcomes"]
        assert (row["delivery"], row["people"], row["answered"]) == ("sent", 3, 1)
        assert "3 of 3 people" in (await said(env, "show", which[:8])).said
        report = (await said(env, "report", "--json")).json
        assert (report["sent"], report["usd"]) == (3, 0.06)
        assert "US$0.06" in (await said(env, "report")).said
        (listed,) = (await said(env, "list", "--json")).json
        assert (listed["name"], listed["account"]) == ("Cyber", ACCOUNT)
        assert "Cyber" in (await said(env, "list")).said
        if listed["state"] == "running":
            assert (await said(env, "cancel", which)).code == 0
        assert (await said(env, "resume", which)).code == 1
