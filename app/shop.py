"""The shop of the settings, set up on the way: its row, a sample catalogue, what its pack knows."""

from zoneinfo import ZoneInfo

import structlog

from app.sample import sample_products, set_up_records
from app.steps import lends
from config.folders import DOMAINS
from config.packs import Pack
from config.settings import Settings
from events.happened import named
from knowledge.dictionary import glossary_rows
from knowledge.documents import File
from knowledge.extraction import DocumentError, opened_reader
from knowledge.ingest import Ingest
from knowledge.opening import caps, kept_files
from llm.base import ModelError
from llm.embeddings import Embedders
from services.clock import now
from store import passages
from store.dictionary import seed_terms
from store.session import Store
from store.shops import ShopRow, count_products, upsert_products, upsert_shop

log = structlog.get_logger()


async def set_up_shop(store: Store, settings: Settings, pack: Pack) -> None:
    """The shop of the settings exists; a new one starts with its pack's sample catalogue, and its
    dictionary with the pack's glossary."""
    key, identity = settings.app.shop, pack.identity
    shop = ShopRow(
        id=named("shop", key),
        key=key,
        name=identity.shop.name,
        pack=_reference(pack),
        currency=identity.currency,
    )
    async with store.transaction() as session:
        await upsert_shop(session, shop)
        await seed_terms(session, shop["id"], glossary_rows(shop["id"], pack.glossary, now()))
        if not await count_products(session, shop["id"]):
            await upsert_products(session, shop["id"], sample_products(pack, key))
    if lends(pack):
        await set_up_records(store, shop["id"], pack, ZoneInfo(settings.hours.timezone))


def _reference(pack: Pack) -> str:
    """By which a job in another process finds the pack: our own by name, others by their place."""
    return pack.name if pack.folder.parent == DOMAINS else str(pack.folder.resolve())


async def teach_shop(store: Store, settings: Settings, pack: Pack, embedders: Embedders) -> None:
    """A shop without a document begins with its pack's; what a person removed stays away."""
    shop = named("shop", settings.app.shop)
    if not pack.documents or not settings.knowledge.starter:
        return
    async with store.lookup() as connection:
        if await passages.corpus(connection, shop) is not None:
            return
    async with opened_reader(caps(settings.knowledge)) as reader:
        ingest = Ingest(store, reader, embedders, kept_files(settings))
        for path in pack.documents:
            try:
                await ingest.ingest(shop, File(path.name, path.read_bytes(), origin="pack"))
            except (DocumentError, ModelError) as error:
                log.warning("shop.untaught", document=path.name, reason=str(error))
