"""A bot of your own on Aprendiz: an answer, a listener, a channel, a signal and a pack.
Put this file beside aprendiz.toml and name it there:

[app]
plugins = ["my_bot"]
pack = "mi_tienda"
"""

from pathlib import Path

from app.plugins import App, Setting
from bot.channels.base import Accepted, Part, SendResult
from bot.channels.memory import MemoryChannel
from evaluation.scoring import Evidence
from events.contents import Choice
from events.effects import NOTHING, Outcome
from events.vocabulary import ReplyScored
from handlers.custom import Say, Turn
from nlu.parse import intent

HERE = Path(__file__).parent
seen: list[int | None] = []


async def shipping_answer(turn: Turn) -> Say | None:
    """Answers for the north, with a button; declines the rest to the default reply."""
    if "arica" not in turn.text.lower():
        return None
    return Say("A Arica enviamos los martes. 📦", choices=(Choice(id="buy", title="Comprar"),))


async def watch_scores(event: ReplyScored) -> Outcome:
    """A consumer group of its own: it misses nothing, also after a crash."""
    seen.append(event.score)
    return NOTHING


def asked_for_invoice(text: str) -> Evidence | None:
    """Who asks for an invoice has bought."""
    return Evidence("invoice", "factura", 2.5) if "factura" in text.lower() else None


class SmsChannel(MemoryChannel):
    """Yours would call a provider in `send` and poll it in `receive`."""

    async def send(self, part: Part) -> SendResult:
        sent = await super().send(part)
        return Accepted(f"sms-{sent.platform_id}") if isinstance(sent, Accepted) else sent


def sms(setting: Setting) -> SmsChannel:
    return SmsChannel(setting.shop, setting.account)


def register(app: App) -> None:
    app.pack(HERE / "mi_tienda")
    app.reply(when=intent("consulta_envio"), then=shipping_answer)
    app.listen(ReplyScored, watch_scores)
    app.channel("sms", sms)
    app.signal(asked_for_invoice)
