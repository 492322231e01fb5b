"""Customers' files are fetched, and never more of them than we take."""

from contextlib import aclosing

import pytest

from bot.channels.base import ChannelUnavailable, MediaGone, MediaTooLarge
from bot.channels.telegram.channel import TelegramChannel
from tests.servers import telegram_faults as faults
from tests.servers.telegram import TOKEN, BotApi

MEGABYTE = bytes(range(256)) * 4096


async def fetched(
    channel: TelegramChannel, ref: str, limit: int = 5_000_000, found: list[bytes] | None = None
) -> bytes:
    """`found` keeps what came before a failure."""
    found = [] if found is None else found
    async with aclosing(channel.download(ref, limit)) as chunks:
        async for chunk in chunks:
            found.append(chunk)
    return b"".join(found)


async def test_a_file_arrives_whole_and_in_pieces(api: BotApi, channel: TelegramChannel) -> None:
    api.files.kept["F"] = MEGABYTE
    sizes = [len(chunk) async for chunk in channel.download("F", 5_000_000)]

    assert await fetched(channel, "F") == MEGABYTE
    assert max(sizes) < len(MEGABYTE)


async def test_a_file_that_says_it_is_too_large_is_not_begun(
    api: BotApi, channel: TelegramChannel
) -> None:
    api.files.kept["F"] = MEGABYTE

    with pytest.raises(MediaTooLarge):
        await fetched(channel, "F", limit=len(MEGABYTE) - 1)
    assert api.files.begun == 0


async def test_a_file_that_lies_about_its_size_is_cut_off(
    api: BotApi, channel: TelegramChannel
) -> None:
    api.files.kept["F"], api.files.sizes["F"] = MEGABYTE, 5
    found: list[bytes] = []

    with pytest.raises(MediaTooLarge):
        await fetched(channel, "F", 300_000, found)
    assert 0 < len(b"".join(found)) <= 300_000


async def test_what_telegram_gives_to_no_bot_is_too_large(
    api: BotApi, channel: TelegramChannel
) -> None:
    api.files.kept["F"], api.files.sizes["F"] = b"x", 21 * 1024**2

    with pytest.raises(MediaTooLarge):
        await fetched(channel, "F", limit=50 * 1024**2)


async def test_a_file_telegram_no_longer_has_is_gone(api: BotApi, channel: TelegramChannel) -> None:
    with pytest.raises(MediaGone):
        await fetched(channel, "never seen")

    api.files.kept["F"] = b"x"
    chunks = channel.download("F", 100)
    api.files.vanishing = True
    with pytest.raises(MediaGone):
        await anext(chunks)


async def test_a_file_that_breaks_off_may_be_asked_for_again(
    api: BotApi, channel: TelegramChannel
) -> None:
    api.files.kept["F"] = MEGABYTE
    api.files.broken = {"F"}
    with pytest.raises(ChannelUnavailable):
        await fetched(channel, "F")

    api.files.broken = set()
    assert await fetched(channel, "F") == MEGABYTE


@pytest.mark.parametrize("fault", [faults.UNAUTHORIZED, faults.BAD_GATEWAY, faults.limited(3)])
async def test_trouble_on_the_way_is_told_without_the_token(
    api: BotApi, channel: TelegramChannel, fault: faults.Fault
) -> None:
    api.fail("getFile", fault)

    with pytest.raises(ChannelUnavailable) as caught:
        await fetched(channel, "F")
    assert TOKEN not in str(caught.value)
