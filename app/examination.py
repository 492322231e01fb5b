"""Is an account all right? Its network is asked, and the running bot is heard; one line says it."""

import asyncio
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec

from app.plugins import Setting
from bot.channels.base import ChannelError, ChannelRefused, ChannelUnavailable
from bot.channels.unfit import Unfit
from bot.receiver import lease_key
from bot.states import States, Told
from config.manners import Section
from config.networks import TelegramSettings, WhatsAppCloudSettings, WhatsAppSettings
from services.clock import now
from services.wire import Wire

ANSWER_S = 20.0
PAIR_FIRST = "pair it: main.py run, and beside it main.py channels pair"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`why` says in a word what keeps it from serving, where there is one for it."""

    fine: bool
    line: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the running bot says of an account; nobody says anything of one that is new."""

    told: Told | None = None
    process: str = ""

    @property
    def served(self) -> bool:
        return bool(self.process)

    @property
    def state(self) -> str:
        """A state outlives the process that told it, but for a refusal: that ends the serving."""
        if self.told is not None and (self.served or self.told.state == "refused"):
            return self.told.state
        return "starting" if self.served else "stopped"


async def standing(wire: Wire, prefix: str, account: str) -> Standing:
    told = await States(wire, prefix).of([account])
    holder = await wire.command("GET", lease_key(prefix, account))
    return Standing(told.get(account), holder.decode().partition(":")[0] if holder else "")


async def examine(section: Section, at: Setting, here: Standing, *, new: bool = False) -> Verdict:
    """A `new` account is looked at as far as one can that nobody serves yet."""
    try:
        async with asyncio.timeout(ANSWER_S):
            found = await _examined(section, at, here, new=new)
    except TimeoutError:
        silence = "no answer: is there a way to the network from here?"
        return Verdict(fine=False, line=silence, why="unreached")
    except Unfit as error:
        return Verdict(fine=False, line=str(error), why=error.why)
    except ChannelUnavailable as error:
        return Verdict(fine=False, line=str(error), why="unreached")
    except ChannelError as error:
        return Verdict(fine=False, line=str(error))
    told = here.told
    if told is not None and here.served and told.state in {"unwell", "refused"}:
        return Verdict(fine=False, line=f"{told.detail or told.state} ({ago(told.moment)})")
    return Verdict(fine=True, line=found)


async def _examined(section: Section, at: Setting, here: Standing, *, new: bool) -> str:
    match section:
        case TelegramSettings():
            return await _telegram(section, at, here)
        case WhatsAppCloudSettings():
            return await _whatsapp_cloud(section, at)
        case WhatsAppSettings():
            return _whatsapp(here, new=new)
        case _:
            raise ChannelRefused("this network cannot be examined")


async def _telegram(section: TelegramSettings, at: Setting, here: Standing) -> str:
    from bot.channels.telegram.checkup import examine as ask  # noqa: PLC0415
    from bot.channels.telegram.factory import telegram, transport_for  # noqa: PLC0415  only who uses it pays

    token = section.token.get_secret_value() if section.token else ""
    transport = transport_for(section, token)
    try:
        return await ask(transport, telegram(section, at.shop).address, served=here.served)
    finally:
        await transport.close()


async def _whatsapp_cloud(section: WhatsAppCloudSettings, at: Setting) -> str:
    from bot.channels.whatsapp_cloud.channel import whatsapp_cloud  # noqa: PLC0415  only who uses it pays

    channel = whatsapp_cloud(section, at.shop, at.wire, at.prefix)
    try:
        number = await channel.examine()
    finally:
        await channel.close()
    await _signed_by_its_app(section)
    return f"{number}; Meta calls your public address with {channel.path} and the verify token"


async def _signed_by_its_app(section: WhatsAppCloudSettings) -> None:
    """With the secret of another app every call of Meta's would be refused as forged."""
    from bot.channels.whatsapp_cloud.errors import GraphFailed, Rejected, Unauthorized  # noqa: PLC0415
    from bot.channels.whatsapp_cloud.transport import CloudTransport  # noqa: PLC0415

    token = section.token.get_secret_value() if section.token else ""
    secret = section.app_secret.get_secret_value() if section.app_secret else ""
    proof = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    transport = CloudTransport(token, section.base_url, section.api_version, section.phone_id or "")
    try:
        await transport.number(timeout_s=ANSWER_S, proof=proof)
    except (Rejected, Unauthorized) as refusal:
        raise Unfit(
            "the app secret is not the one of the token's app: App settings, Basic, App secret",
            "app",
        ) from refusal
    except GraphFailed as failure:
        raise ChannelUnavailable(str(failure)) from failure
    finally:
        await transport.close()


def _whatsapp(here: Standing, *, new: bool) -> str:
    """Only the process that serves it can speak with WhatsApp; we know what that told last."""
    if find_spec("neonize") is None:
        raise ChannelRefused(
            "neonize is not installed: pip install --require-hashes -r requirements-whatsapp.txt"
        )
    if new:
        return f"neonize is installed; {PAIR_FIRST}"
    if here.state == "ready":
        return "paired and connected"
    if here.told is None or here.state == "pairing":
        raise ChannelRefused(f"not paired; {PAIR_FIRST}")
    if here.state == "refused":
        raise ChannelRefused(here.told.detail or "not paired any more")
    if here.told.state == "ready":
        return "paired; no bot runs"
    raise ChannelUnavailable(here.told.detail or here.state)


def ago(at: datetime) -> str:
    seconds = int(max((now() - at).total_seconds(), 0))
    for length, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= length:
            return f"{seconds // length} {unit} ago"
    return f"{seconds} s ago"
