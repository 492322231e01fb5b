"""The pages of a whole bot, for a seller or a program of the shop."""

from pydantic import SecretStr

from bot.channels.web import WebChannel
from tests.fixtures.bots import Bot
from web.app import WebParts

KEY = "llave-de-prueba"


def pages_of(shop: Bot, prefix: str) -> WebParts:
    parts = shop.parts
    channel = WebChannel(parts.wire, parts.shop, "web:main", prefix)
    return WebParts(
        store=parts.store,
        wire=parts.wire,
        channel=channel,
        ingest=shop.running.receiver.ingest(channel),
        shop=parts.shop,
        shop_name="Tienda",
        key=SecretStr(KEY),
        pack=parts.pack,
        word=parts.word,
        payments=parts.payments,
        media=parts.media.files,
    )
