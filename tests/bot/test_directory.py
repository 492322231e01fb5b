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


async def test_a_number_that_was_passed_on_brings_no_memories(wire: Wire, prefix: str) -> None:
    """Ana had the number; Bea has it now, and an id of her own."""
    directory, number = Directory(wire, prefix), "5215550001111"
    ana = await directory.canonical(CLOUD, [number], [number])
    assert await directory.canonical(CLOUD, ["US.1", number], [number]) == ana

    assert await directory.canonical(CLOUD, ["US.2", number], [number]) == "US.2"
    assert await directory.canonical(CLOUD, [number], [number]) == "US.2"
    assert await directory.canonical(CLOUD, ["US.1"]) == ana


async def test_a_new_number_and_a_new_id_told_together_stay_one_person(
    wire: Wire, prefix: str
) -> None:
    directory = Directory(wire, prefix)
    ana = await directory.canonical(CLOUD, ["US.1", "111"], ["111"])
    assert await directory.canonical(CLOUD, ["US.1", "US.2", "111", "222"]) == ana
    assert await directory.canonical(CLOUD, ["US.2", "222"], ["222"]) == ana
