"""Joins the reading of files to the channels that have them."""

from collections.abc import Callable, Mapping

from bot.channels.base import (
    Channel,
    ChannelUnavailable,
    Downloading,
    MediaError,
    MediaTooLarge,
)
from config.settings import Settings
from handlers.media import Fetch, FileProblem, FileWaits, Media
from llm.base import Sense
from services.clock import Clock
from services.files import Files


def fetching(channels: Mapping[str, Channel]) -> Fetch:
    async def fetch(account: str, ref: str, limit: int) -> bytes:
        channel = channels.get(account)
        if channel is None:
            raise FileWaits(account)
        if not isinstance(channel, Downloading):
            raise FileProblem("off")
        try:
            return b"".join([chunk async for chunk in channel.download(ref, limit)])
        except MediaTooLarge:
            raise FileProblem("too_big") from None
        except MediaError:
            raise FileProblem("gone") from None
        except ChannelUnavailable as error:
            raise FileWaits(str(error)) from error

    return fetch


def media(
    settings: Settings,
    channels: Mapping[str, Channel],
    paid: Callable[[Sense, str], Sense],
    clock: Clock,
    hearing: Sense | None = None,
) -> Media:
    """`hearing` is somebody else's than the settings'."""
    seeing: Sense | None = None
    knobs = settings.media
    if {knobs.hearing, knobs.seeing} != {"off"} and _served(settings):
        from llm.senses import open_hearing, open_seeing  # noqa: PLC0415  half a second of imports

        hearing = hearing or open_hearing(knobs, settings.groq, settings.openai, paid)
        seeing = open_seeing(knobs, settings.groq, settings.openai, paid)
    files = Files(settings.app.var / "media")
    return Media(knobs, fetching(channels), files, hearing, seeing, clock)


def _served(settings: Settings) -> bool:
    return bool(settings.groq.key or settings.openai.key or settings.media.url)
