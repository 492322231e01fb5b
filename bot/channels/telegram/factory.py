"""A Telegram account, with the library its settings ask for; only that one is imported."""

from uuid import UUID

from bot.channels.base import ChannelRefused
from bot.channels.calls import derived
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.health import Watched
from bot.channels.telegram.people import Account
from bot.channels.telegram.transport import Transport
from bot.channels.telegram.webhook import Address
from bot.directory import Directory
from bot.states import States
from config.networks import TelegramSettings
from services.wire import Wire


def telegram(
    settings: TelegramSettings, shop: UUID, wire: Wire | None = None, prefix: str = "aprendiz"
) -> TelegramChannel:
    """Without a `wire` the channel tells nobody how it is, and knows no group by an older name.

    Raises ChannelRefused when the library is not installed.
    """
    token = settings.token.get_secret_value() if settings.token else ""
    own = token.partition(":")[0]
    account = Account(
        shop, f"telegram:{settings.name}", bot_id=int(own) if own.isdecimal() else None
    )
    watched = Watched(
        transport_for(settings, token),
        account.key,
        directory=None if wire is None else Directory(wire, prefix),
        states=None if wire is None else States(wire, prefix),
    )
    address = address_of(settings, token)
    return TelegramChannel(watched, account, address, poll_s=settings.poll_s)


def address_of(settings: TelegramSettings, token: str) -> Address:
    """Where Telegram would call this account."""
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else None
    return Address(
        base=(settings.webhook_url or "") if settings.mode == "webhook" else None,
        path=f"/telegram/{derived(token, 'path')}",
        secret=secret or derived(token, "secret"),
    )


def transport_for(settings: TelegramSettings, token: str) -> Transport:
    """Either library takes its time and memory: nobody pays for the one that is not used."""
    if settings.client == "aiogram":
        from bot.channels.telegram.aiogram_client import AiogramTransport  # noqa: PLC0415

        return AiogramTransport(token, settings.base_url)
    try:
        from bot.channels.telegram.ptb_client import PtbTransport  # noqa: PLC0415
    except ImportError as error:
        wanted = "python-telegram-bot is not installed: pip install -r requirements-ptb.txt"
        raise ChannelRefused(wanted) from error
    return PtbTransport(token, settings.base_url)
