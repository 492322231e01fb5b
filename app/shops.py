"""The shop that a command speaks of: the one of the settings is made where no bot ever ran."""

from app.console import refuse
from app.desk import Desk
from app.parts import set_up_shop
from app.plugins import find_pack, load
from config.packs import Pack
from store.app import Shop
from store.shops import find_shop


async def known_shop(desk: Desk, key: str) -> Shop:
    """Refuses a shop that nobody ever set up."""
    settings = desk.settings
    if key in {"", settings.app.shop}:
        pack = find_pack(settings.app.pack, load(settings.app.plugins))
        await set_up_shop(desk.store, settings, pack)
    async with desk.store.reading() as session:
        shop = await find_shop(session, key or settings.app.shop)
    if shop is None:
        refuse(f"there is no shop {key!r}", "no bot ever ran for it")
    return shop


def pack_of(desk: Desk, shop: Shop) -> Pack:
    """What its words mean there."""
    return find_pack(shop.pack, load(desk.settings.app.plugins))
