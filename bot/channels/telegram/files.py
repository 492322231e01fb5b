"""Fetches what a Telegram customer sent, never more of it than we take."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from bot.channels.base import ChannelUnavailable, MediaGone, MediaTooLarge
from bot.channels.fields import table, whole, words
from bot.channels.telegram.transport import CallFailed, Rejected, Transport

ASK_S, CHUNK_S = 20.0, 20.0
PATH_LIMIT = 1024


async def fetched(transport: Transport, ref: str, limit: int) -> AsyncGenerator[bytes, None]:
    """Telegram itself gives nobody more than 20 MB (`content.LARGEST_FILE`)."""
    try:
        told = table(await transport.call("getFile", {"file_id": ref}, timeout_s=ASK_S))
        path = words(told.get("file_path"), PATH_LIMIT)
        if path is None:
            raise MediaGone("Telegram no longer has the file")
        given = whole(told.get("file_size")) or 0
        if given > limit:
            raise _too_large(limit)
        given = 0
        async with aclosing(transport.download(path, timeout_s=CHUNK_S)) as chunks:
            async for chunk in chunks:
                given += len(chunk)
                if given > limit:
                    raise _too_large(limit)
                yield chunk
    except Rejected as refusal:
        if "too big" in str(refusal).lower():
            raise MediaTooLarge("larger than Telegram gives to bots") from None
        raise MediaGone(str(refusal)) from None
    except CallFailed as failure:
        raise ChannelUnavailable(str(failure)) from failure


def _too_large(limit: int) -> MediaTooLarge:
    return MediaTooLarge(f"larger than {limit:,} bytes")
