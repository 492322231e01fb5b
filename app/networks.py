"""The networks an account can be on: one table, for accounts of the settings and stored ones alike.

AccountRefused  what was given cannot be an account of this network
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import SecretStr, ValidationError

from app.plugins import Setting
from bot.channels.base import Channel
from config.manners import Section
from config.networks import TelegramSettings, WhatsAppCloudSettings, WhatsAppSettings
from config.settings import USUAL_NAMES, Settings

NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
SESSIONS = "whatsapp"
Opened: TypeAlias = Callable[[Any, Setting, Path], Channel]
"""Makes the channel from its section, what it is built with, and `app.var`."""


class AccountRefused(Exception):
    """Its text says which field is wrong and why, never what was given."""


@dataclass(frozen=True, slots=True)
class Network:
    """`needs` names the fields without which there is no account, each with what to ask for. One
    that is in `own` is for a single account; the others of the settings count for stored ones too.
    `identity` is the field by which the network itself tells its accounts apart.
    """

    name: str
    section: type[Section]
    open: Opened
    needs: Mapping[str, str] = field(default_factory=dict)
    own: frozenset[str] = frozenset({"name", "enabled"})
    identity: str = ""

    @property
    def secrets(self) -> frozenset[str]:
        """What is stored sealed, and never printed."""
        fields = self.section.model_fields.items()
        return frozenset(name for name, one in fields if _is_secret(one.annotation))

    @property
    def options(self) -> frozenset[str]:
        """What may be given on a command line."""
        return self._fields - self.secrets - {"name", "enabled"}

    def shared(self, settings: Settings) -> dict[str, Any]:
        """What the settings say of all accounts on the network, as far as they say anything."""
        section: Section = getattr(settings, self.name)
        names = section.model_fields_set & self.options - self.own - self.needs.keys()
        return {name: getattr(section, name) for name in names}

    def variable(self, named: str) -> str:
        """The environment's name for a field: the usual one, where there is one."""
        usual = [name for name, place in USUAL_NAMES.items() if place == (self.name, named)]
        return usual[0] if usual else f"APRENDIZ_{self.name}__{named}".upper()

    def account(self, name: str) -> str:
        return f"{self.name}:{name}"

    def same(self, one: Section, other: Section) -> bool:
        """Whether both would be the same bot or number there."""
        return bool(self.identity) and getattr(one, self.identity) == getattr(other, self.identity)

    def known_as(self, given: Mapping[str, Any]) -> str:
        """By what the network knows it: a bot's number outlives every token of it."""
        return str(given.get(self.identity) or "").partition(":")[0]

    def twin(
        self, known: Mapping[str, Mapping[str, Any]], account: str, given: Mapping[str, Any]
    ) -> str:
        """Another account that is the same bot or number there."""
        mine = self.known_as(given)
        twins = (name for name, one in known.items() if mine and self.known_as(one) == mine)
        return next((name for name in twins if name != account), "")

    def made(self, name: str, given: Mapping[str, Any]) -> Section:
        """The section of a stored account. Raises AccountRefused."""
        fixed = {"name": name} | ({"enabled": True} if "enabled" in self._fields else {})
        try:
            return self.section.model_validate({**given, **fixed})
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            place = ".".join(str(part) for part in first["loc"])
            raise AccountRefused(f"{place}: {first['msg']}") from None

    @property
    def _fields(self) -> frozenset[str]:
        return frozenset(self.section.model_fields)


def _is_secret(annotation: object) -> bool:
    return annotation is SecretStr or SecretStr in getattr(annotation, "__args__", ())


def _telegram(section: TelegramSettings, at: Setting, _var: Path) -> Channel:
    from bot.channels.telegram.factory import telegram  # noqa: PLC0415  aiogram takes two seconds

    return telegram(section, at.shop, at.wire, at.prefix)


def _whatsapp_cloud(section: WhatsAppCloudSettings, at: Setting, _var: Path) -> Channel:
    from bot.channels.whatsapp_cloud.channel import whatsapp_cloud  # noqa: PLC0415  only who uses it pays

    return whatsapp_cloud(section, at.shop, at.wire, at.prefix)


def _whatsapp(section: WhatsAppSettings, at: Setting, var: Path) -> Channel:
    from bot.channels.whatsapp.channel import whatsapp  # noqa: PLC0415  only who uses it pays

    return whatsapp(section, at.shop, at.account, at.wire, at.prefix, var / SESSIONS)


NETWORKS: Mapping[str, Network] = {
    one.name: one
    for one in (
        Network(
            "telegram",
            TelegramSettings,
            _telegram,
            {"token": "token of the bot, from @BotFather"},
            identity="token",
        ),
        Network(
            "whatsapp_cloud",
            WhatsAppCloudSettings,
            _whatsapp_cloud,
            {
                "token": "access token of a system user",
                "phone_id": "id of the phone number (not the number)",
                "app_secret": "secret of the app",
                "verify_token": "verify token, any words of yours",
            },
            identity="phone_id",
        ),
        Network(
            "whatsapp",
            WhatsAppSettings,
            _whatsapp,
            own=frozenset({"name", "enabled", "phone", "session"}),
        ),
    )
}


def forget_session(var: Path, account: str) -> None:
    """Whoever has the session of a linked device can read and write as its owner."""
    for path in (var / SESSIONS).glob(f"{account.replace(':', '-')}.session*"):
        path.unlink()


def configured(settings: Settings) -> dict[str, tuple[Network, Section]]:
    """The accounts that the settings name: by what they cannot do without, or by a switch."""
    found: dict[str, tuple[Network, Section]] = {}
    for network in NETWORKS.values():
        section: Section = getattr(settings, network.name)
        given = {name for name, value in section if value is not None}
        if network.needs.keys() & given or getattr(section, "enabled", False):
            found[network.account(getattr(section, "name", ""))] = (network, section)
    return found


def without_configured(settings: Settings) -> Settings:
    """The same settings with no account on a network."""
    return settings.model_copy(update={name: one.section() for name, one in NETWORKS.items()})
