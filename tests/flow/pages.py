"""The pages of a whole bot, for a seller or a program of the shop."""

from pydantic import SecretStr

from app.pages import web_parts
from bot.channels.web import WebChannel
from tests.fixtures.bots import Bot
from web.app import WebParts

KEY = "llave-de-prueba"


def pages_of(shop: Bot, prefix: str) -> WebParts:
    channel = WebChannel(shop.parts.wire, shop.parts.shop, "web:main", prefix)
    return web_parts(shop.running, channel, SecretStr(KEY))
