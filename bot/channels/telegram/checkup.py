"""What is wrong with a Telegram account, found out without disturbing one that runs."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

from bot.channels.base import ChannelRefused, ChannelUnavailable
from bot.channels.fields import table, words
from bot.channels.telegram.health import wrong_with
from bot.channels.telegram.transport import CallFailed, Rejected, Taken, Transport, Unauthorized
from bot.channels.telegram.webhook import Address
from bot.channels.unfit import Unfit

CALL_S, PROBE_S, POLL_S = 10.0, 3.0, 3


async def examine(transport: Transport, address: Address, *, served: bool) -> str:
    """Our name there. Raises ChannelRefused with what a person has to mend, ChannelUnavailable
    when nobody can say. `served` when a bot of ours receives now: only it may poll."""
    me = table(await _ask(transport, "getMe", {}))
    info = await _ask(transport, "getWebhookInfo", {})
    url = words(table(info).get("url"), 1000)
    if address.base is not None:
        _called(info, address, served=served)
    elif url is not None:
        host = urlsplit(url).hostname or "another address"
        mend = "a bot of ours that starts removes it; another program then hears nothing more"
        raise Unfit(f"a webhook is left over: Telegram calls {host}; {mend}", "left")
    elif not served:
        await _alone(transport)
    return f"@{words(me.get('username')) or words(me.get('first_name')) or me.get('id')}"


async def hang_up(transport: Transport, address: Address) -> bool:
    """Telegram calls our address no more; True when it did. Somebody else's is left alone."""
    info = await _ask(transport, "getWebhookInfo", {})
    if words(table(info).get("url"), 1000) != address.url:
        return False
    await _ask(transport, "deleteWebhook", {"drop_pending_updates": False})
    return True


def _called(info: object, address: Address, *, served: bool) -> None:
    if not address.base:
        raise Unfit("a webhook needs our public address: set webhook_url", "address")
    if served and (wrong := wrong_with(info, address.url, 0)):
        raise ChannelRefused(wrong)


async def _alone(transport: Transport) -> None:
    """Telegram ends an older poll for a newer one: another poller ends ours within seconds. Without
    an offset ours confirms nothing."""
    loop = asyncio.get_running_loop()
    until = loop.time() + PROBE_S
    while loop.time() < until:
        if not await _ask(transport, "getUpdates", {"timeout": POLL_S, "limit": 1}):
            return
        await asyncio.sleep(PROBE_S / 6)


async def _ask(transport: Transport, method: str, params: dict[str, Any]) -> Any:  # noqa: ANN401  JSON
    try:
        return await transport.call(method, params, timeout_s=CALL_S)
    except Taken as conflict:
        mend = "stop that program, or make a bot of its own with @BotFather"
        raise Unfit(f"another program polls with this token; {mend}", "shared") from conflict
    except Unauthorized as refusal:
        raise Unfit(str(refusal), "token") from refusal
    except Rejected as refusal:
        raise ChannelRefused(str(refusal)) from refusal
    except CallFailed as failure:
        raise ChannelUnavailable(str(failure)) from failure
