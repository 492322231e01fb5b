"""Who of the shop is told what waits for them, and by which of its accounts."""

from collections.abc import Awaitable, Callable, Collection

from bot.directory import Directory
from config.packs import Pack
from config.settings import Settings
from events.stream import Stream
from handlers.notices import Notices, Staff
from handlers.reach import Reach
from services.clock import Clock
from text.phones import matching_key


def notices(
    settings: Settings,
    pack: Pack,
    stream: Stream,
    reach: Reach,
    clock: Clock,
) -> Notices | None:
    """None where nobody is named: then nothing is read for it either."""
    if not settings.takeover.staff:
        return None
    return Notices(
        staff=tuple(Staff.read(one) for one in settings.takeover.staff),
        pack=pack,
        stream=stream,
        reach=reach,
        known_as=known_by(Directory(stream.wire, settings.redis.prefix)),
        site=(settings.web.public_url or "").rstrip("/"),
        template=settings.handover.template,
        clock=clock,
    )


def known_by(directory: Directory) -> Callable[[str, str], Awaitable[str]]:
    """On WhatsApp one person has several names, and the conversation goes by the first one heard,
    which a notice may well be. A phone may be somebody else's one day."""

    async def known_as(account: str, chat: str) -> str:
        if not account.startswith("whatsapp"):
            return chat
        key = None if "@" in chat else matching_key(chat)
        names = tuple(dict.fromkeys(filter(None, (chat, key))))
        return await directory.canonical(account, names, names)

    return known_as


def unserved(settings: Settings, accounts: Collection[str]) -> list[str]:
    """Accounts through which staff should be reached and that nobody has added."""
    wanted = {Staff.read(one).account for one in settings.takeover.staff}
    return sorted(wanted - set(accounts))
