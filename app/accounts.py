"""The accounts a running bot serves: those of its settings, and stored ones as they come and go."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from app.networks import NETWORKS, AccountRefused, Network, configured
from app.parts import Parts
from app.plugins import Setting
from bot.channels.base import Channel, ChannelError
from bot.receiver import Receiver
from bot.states import States
from config.manners import Section
from config.settings import Settings
from services.vault import Vault, VaultError, keys_in
from store.accounts import ChannelAccount, stored_accounts, versions_of
from store.base import StoreError

log = structlog.get_logger()

LOOK_S = 1.0
GRACE_S = 30.0
"""How long a send that is under way may still use a channel that was taken away."""


def vault(settings: Settings) -> Vault:
    key = settings.app.secret_key
    return Vault(keys_in(key.get_secret_value()) if key else (), settings.app.var / "secret.key")


def opened(row: ChannelAccount, keys: Vault, settings: Settings) -> tuple[Network, Section]:
    """Raises AccountRefused or VaultError."""
    network = NETWORKS.get(row.network)
    if network is None:
        raise AccountRefused(f"this release knows no network {row.network!r}")
    secrets = keys.open(row.shop_id, row.account, row.secrets or b"")
    return network, network.made(row.name, network.shared(settings) | row.options | secrets)


@dataclass(slots=True)
class Accounts:
    """Postgres is the truth, and asked every second: no news can be lost between a commit and
    whoever should have told of it. An account of the settings goes before a stored one of its name.

    `changed` is told of every account that was built anew or went.
    """

    parts: Parts
    vault: Vault
    changed: Callable[[str], None]
    receiver: Receiver | None = None
    refused: set[str] = field(default_factory=set)
    _settings: Mapping[str, tuple[Network, Section]] = field(init=False)
    _known: dict[str, datetime] = field(default_factory=dict)
    _leaving: dict[asyncio.Task[None], Channel] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._settings = configured(self.parts.settings)

    async def load(self) -> None:
        """All of them, for a pipeline that then starts them."""
        for account, (network, section) in self._settings.items():
            await self._start(account, network, section)
        await self._look()

    async def follow(self, receiver: Receiver) -> None:
        """Until cancelled."""
        self.receiver, well = receiver, True
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                await self._look()
            except StoreError as error:
                if well:
                    log.warning("accounts.waiting", reason=str(error))
                well = False
            else:
                well = True

    async def close(self) -> None:
        for task, channel in tuple(self._leaving.items()):
            task.cancel()
            await channel.close()

    async def _look(self) -> None:
        async with self.parts.store.reading() as session:
            versions = await versions_of(session, self.parts.shop)
            new = [account for account, at in versions.items() if self._known.get(account) != at]
            rows = await stored_accounts(session, self.parts.shop, new) if new else []
        for account in self._known.keys() - versions.keys() - self._settings.keys():
            await self._take(account)
            self.changed(account)
            log.info("channel.removed", account=account)
        for row in rows:
            await self._serve(row)
        self._known = versions

    async def _serve(self, row: ChannelAccount) -> None:
        if row.account in self._settings:
            log.warning("channel.shadowed", account=row.account, reason="the settings name it")
            return
        await self._take(row.account)
        try:
            network, section = opened(row, self.vault, self.parts.settings)
        except (AccountRefused, VaultError) as error:
            await self._refuse(row.account, str(error))
        else:
            await self._start(row.account, network, section)

    async def _start(self, account: str, network: Network, section: Section) -> None:
        """One that cannot be built is told in one line; the others go on."""
        try:
            channel = await asyncio.to_thread(self._built, account, network, section)
        except ChannelError as error:
            await self._refuse(account, str(error))
            return
        self.parts.channels.put(account, channel)
        self.refused.discard(account)
        self.changed(account)
        if self.receiver is not None:
            self.receiver.start(channel)
            log.info("channel.added", account=account)

    def _built(self, account: str, network: Network, section: Section) -> Channel:
        """In a thread: the libraries take seconds to import, and leases have to be renewed."""
        parts = self.parts
        at = Setting(parts.shop, account, parts.wire, parts.settings.redis.prefix)
        return network.open(section, at, parts.settings.app.var)

    async def _refuse(self, account: str, reason: str) -> None:
        self.refused.add(account)
        log.error("channel.refused", account=account, reason=reason)
        states = States(self.parts.wire, self.parts.settings.redis.prefix)
        await states.tell(account, "refused", reason)

    async def _take(self, account: str) -> None:
        """It stops receiving first; what it is sending may end."""
        channel = self.parts.channels.take(account)
        if channel is None:
            return
        try:
            if self.receiver is not None:
                await self.receiver.stop_one(account)
        finally:  # we may be told to stop in the middle of it
            task = asyncio.create_task(self._close_later(channel))
            self._leaving[task] = channel
            task.add_done_callback(lambda done: self._leaving.pop(done, None))

    async def _close_later(self, channel: Channel) -> None:
        await asyncio.sleep(GRACE_S)
        await channel.close()
