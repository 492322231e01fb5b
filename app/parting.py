"""What is left to do once an account is no longer stored: its bot stops, its network forgets us."""

import asyncio

from app.examination import standing
from bot.channels.base import ChannelError
from config.networks import TelegramSettings
from services.wire import Wire

GONE_S, LOOK_S = 10.0, 0.2


async def stopped(wire: Wire, prefix: str, account: str) -> bool:
    """Until no process receives for it any more."""
    try:
        async with asyncio.timeout(GONE_S):
            while True:
                if not (await standing(wire, prefix, account)).served:
                    return True
                await asyncio.sleep(LOOK_S)
    except TimeoutError:
        return False


async def hung_up(section: TelegramSettings) -> str:
    """Telegram would go on calling an address where nobody stands. What became of it, or nothing
    where it did not."""
    from bot.channels.telegram.checkup import hang_up  # noqa: PLC0415
    from bot.channels.telegram.factory import address_of, transport_for  # noqa: PLC0415  only who uses it pays

    token = section.token.get_secret_value() if section.token else ""
    transport = transport_for(section, token)
    try:
        done = await hang_up(transport, address_of(section, token))
    except ChannelError as error:
        return f"Telegram was not told: {error}"
    finally:
        await transport.close()
    return "its webhook is deleted at Telegram" if done else ""
