"""Where a command about accounts works: their rows, the key to their secrets, the bot's news."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from app.accounts import opened as read
from app.accounts import vault
from app.backing import backing
from app.console import FAILED, refuse, said_once
from app.examination import Standing, standing
from app.networks import Network, configured
from app.plugins import Setting, find_pack, load
from app.shop import set_up_shop
from config.manners import Section
from config.packs import Pack
from config.settings import Settings
from events.happened import named
from services.vault import Vault
from services.wire import Wire, connect
from store.accounts import ChannelAccount, stored_accounts
from store.app import Shop
from store.session import Store, open_store
from store.shops import find_shop, keys
from text.guessing import meant


@dataclass(frozen=True, slots=True)
class Desk:
    settings: Settings
    shop: UUID
    store: Store
    wire: Wire
    vault: Vault
    redis_url: str

    @property
    def prefix(self) -> str:
        return self.settings.redis.prefix

    async def rows(self) -> list[ChannelAccount]:
        async with self.store.reading() as session:
            return await stored_accounts(session, self.shop)

    async def row(self, account: str) -> ChannelAccount | None:
        return next((row for row in await self.rows() if row.account == account), None)

    async def standing(self, account: str) -> Standing:
        return await standing(self.wire, self.prefix, account)

    def setting(self, account: str) -> Setting:
        return Setting(self.shop, account, self.wire, self.prefix)

    def read(self, row: ChannelAccount) -> tuple[Network, Section]:
        return read(row, self.vault, self.settings)

    async def section(self, account: str) -> Section:
        """Of the settings, which go first, or stored. Refuses when there is no such account."""
        if (found := configured(self.settings).get(account)) is not None:
            return found[1]
        row = await self.row(account)
        if row is None:
            refuse(f"there is no account {account!r}", hint="main.py channels list", code=FAILED)
        return self.read(row)[1]


@asynccontextmanager
async def opened(settings: Settings, shop: str = "") -> AsyncIterator[Desk]:
    key = shop or settings.app.shop
    async with backing(settings, said_once()) as here:
        store = open_store(here.database_url, role="pipeline", pool=2)
        wire = Wire(connect(here.redis_url))
        try:
            sealed, url = vault(settings), here.redis_url
            yield Desk(settings, named("shop", key), store, wire, sealed, url)
        finally:
            await wire.close()
            await store.close()


async def known_shop(desk: Desk, key: str) -> Shop:
    """Refuses a shop that nobody ever set up."""
    settings = desk.settings
    if key in {"", settings.app.shop}:
        pack = find_pack(settings.app.pack, load(settings.app.plugins))
        await set_up_shop(desk.store, settings, pack)
    async with desk.store.reading() as session:
        shop = await find_shop(session, key or settings.app.shop)
    if shop is None:
        async with desk.store.reading() as session:
            near = meant(key, await keys(session))
        refuse(f"there is no shop {key!r}", near or "no bot ever ran for it")
    return shop


def pack_of(desk: Desk, shop: Shop) -> Pack:
    """What its words mean there."""
    return find_pack(shop.pack, load(desk.settings.app.plugins))
