"""One chat keeps the first name we heard, whatever its network calls it later."""

import asyncio

from bot.directory import Directory
from services.wire import Wire

CLOUD = "whatsapp_cloud:main"


async def test_the_first_name_stands_for_all_that_come_later(wire: Wire, prefix: str) -> None:
    directory = Directory(wire, prefix)
    assert await directory.canonical(CLOUD, ["5215550001111"]) == "5215550001111"
    assert await directory.canonical(CLOUD, ["US.134", "5215550001111"]) == "5215550001111"
    assert await directory.canonical(CLOUD, ["US.134"]) == "5215550001111"


async def test_another_process_and_a_restart_know_it_too(wire: Wire, prefix: str) -> None:
    await Directory(wire, prefix).canonical(CLOUD, ["-1", "-1001"])
    assert await Directory(wire, prefix).canonical(CLOUD, ["-1001"]) == "-1"


async def test_names_that_lived_apart_keep_their_conversations(wire: Wire, prefix: str) -> None:
    directory = Directory(wire, prefix)
    await directory.canonical(CLOUD, ["US.134"])
    await directory.canonical(CLOUD, ["5215550001111"])

    assert await directory.canonical(CLOUD, ["US.134", "5215550001111"]) == "US.134"
    assert await directory.canonical(CLOUD, ["5215550001111"]) == "5215550001111"


async def test_accounts_do_not_share_names(wire: Wire, prefix: str) -> None:
    directory = Directory(wire, prefix)
    await directory.canonical(CLOUD, ["a", "b"])
    assert await directory.canonical("whatsapp_cloud:second", ["b"]) == "b"


async def test_many_who_hear_it_at_once_agree(wire: Wire, prefix: str) -> None:
    orders = [["a", "b", "c"], ["c", "b", "a"], ["b", "c", "a"]] * 10
    heard = await asyncio.gather(
        *(Directory(wire, prefix).canonical(CLOUD, names) for names in orders)
    )
    assert len(set(heard)) == 1
