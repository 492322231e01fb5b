"""A bot on a loopback Telegram, two of whose people may be told of the week."""

from pydantic import SecretStr

from app.plugins import App
from bot.channels.telegram.factory import telegram
from config.networks import TelegramSettings
from config.settings import Settings
from tests.fixtures.bots import knobs
from tests.servers.telegram import TOKEN

STAFF = ("telegram:main:77", "telegram:main:78")


def wanted(prefix: str, hours: str = "00:00-24:00") -> Settings:
    always = {"hours": hours, "days": "mon-sun"}
    return knobs(prefix, "weekly", takeover={"staff": STAFF}, followups=always)


def extended(url: str) -> App:
    knob = TelegramSettings(token=SecretStr(TOKEN), base_url=url, poll_s=1)
    extension = App()
    extension.channel("telegram", lambda at: telegram(knob, at.shop, at.wire, at.prefix))
    return extension
