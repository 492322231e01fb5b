"""A customer of whom something lies in every table, in Redis and in files: one word tells where."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from pydantic import SecretStr
from sqlalchemy import Table, Text, insert, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from config.settings import AppSettings, DatabaseSettings, RedisSettings, Settings
from events.partitions import Keys
from jobs.schedule import ERASURE, EXPORT, Run, Terms
from jobs.tasks import perform
from services.files import Files
from services.wire import Wire
from store.base import Base
from store.privacy import requests
from store.privacy.places import PLACES
from store.privacy.requests import Asked, Kind
from store.session import Store
from tests.fixtures.rows import SPECIAL, TABLES, a_row

CANARY: Final = "quetzalcoatlus"
NOW: Final = datetime(2026, 12, 2, 12, tzinfo=UTC)
QUIET: Final = {"app.order_line", "app.event_log", "app.shop", "app.product"}
"""What holds no word of a customer."""
THEIRS: Final = {place.table for place in PLACES} - QUIET
NAMES: Final = {
    "account", "by", "channel", "currency", "decided_by", "kind", "model", "provider", "receipt",
    "role", "scope", "scorer", "split", "state",
}  # fmt: skip
"""Our own words, not the customer's."""


@dataclass(frozen=True, slots=True)
class House:
    store: Store
    settings: Settings
    shop: UUID

    @property
    def customer(self) -> UUID:
        return UUID(str(a_row(Base.metadata.tables["app.consent"], self.shop)["customer_id"]))

    @property
    def conversation(self) -> UUID:
        table = Base.metadata.tables["app.message"]
        return UUID(str(a_row(table, self.shop)["conversation_id"]))

    async def ask(self, kind: Kind) -> UUID:
        request = uuid4()
        asked = Asked(self.shop, self.customer, kind, "test", NOW)
        async with self.store.transaction() as session:
            await requests.note(session, request, asked, CANARY)
        return request

    async def perform(self, kind: Kind, request: UUID) -> str:
        name = {"export": EXPORT, "erasure": ERASURE}[kind]
        async with self.store.transaction() as session:
            await session.execute(
                text("INSERT INTO app.job_run (shop_id, name, period) VALUES (:s, :n, :p)"),
                {"s": self.shop, "n": name, "p": str(request)},
            )
        return await perform(Run(name, self.shop, str(request)), Terms(), self.settings)


def settings_for(database_url: str, redis_url: str, prefix: str, var: Path) -> Settings:
    return Settings(
        app=AppSettings(var=var),
        database=DatabaseSettings(url=SecretStr(database_url)),
        redis=RedisSettings(url=SecretStr(redis_url), prefix=prefix),
    )


def marked(table: Table, shop: UUID) -> dict[str, Any]:
    """Its row says the word in every text that a customer may have said."""
    row = a_row(table, shop)
    if table.fullname not in THEIRS:
        return row
    for column in table.columns:
        free = not column.foreign_keys and f"{table.name}.{column.name}" not in SPECIAL
        if not free or column.name in NAMES or _limited(table, column.name):
            continue
        if isinstance(column.type, Text):
            row[column.name] = f"{CANARY} {column.name}"
        elif isinstance(column.type, JSONB):
            row[column.name] = {"said": CANARY, "q": CANARY}
        elif isinstance(column.type, ARRAY) and isinstance(column.type.item_type, Text):
            row[column.name] = [CANARY]
        elif column.name == "customer_id":
            row[column.name] = a_row(Base.metadata.tables["app.consent"], shop)["customer_id"]
        elif column.name == "conversation_id":
            row[column.name] = a_row(Base.metadata.tables["app.conversation"], shop)["id"]
        elif column.name == "reply_id":
            row[column.name] = a_row(Base.metadata.tables["ml.score"], shop)["training_id"]
    return row


def _limited(table: Table, column: str) -> bool:
    """A check allows few values there, or a text excludes another."""
    checks = " ".join(str(getattr(one, "sqltext", "")) for one in table.constraints)
    return column in checks


async def furnish(store: Store, *shops: UUID) -> None:
    """A row in every table, for each shop."""
    async with store.transaction() as session:
        for shop in shops:
            for table in TABLES:
                await session.execute(insert(table).values(marked(table, shop)))


async def where(store: Store, word: str, shop: UUID) -> dict[str, int]:
    """In which tables a word stands, and in how many rows of a shop."""
    found: dict[str, int] = {}
    async with store.reading() as session:
        for table in TABLES:
            of = "id" if table.name == "shop" else "shop_id"
            count = await session.scalar(
                text(
                    f"SELECT count(*) FROM {table.fullname} t"  # noqa: S608  names of the models
                    f" WHERE t.{of} = :shop AND t::text LIKE :word"
                ),
                {"shop": shop, "word": f"%{word}%"},
            )
            if count:
                found[table.fullname] = count
    return found


async def counted(store: Store, shop: UUID) -> dict[str, int]:
    return await where(store, "", shop)


async def fill_redis(wire: Wire, prefix: str, conversation: UUID) -> Keys:
    """Every key of a conversation holds the word; a group has acknowledged what travels."""
    keys, said = Keys(prefix, 64), CANARY.encode()
    partition = keys.partition(conversation)
    stream, dead = keys.stream(partition), keys.dead(partition, "reply")
    entry = ("conversation", str(conversation), "data", said)
    await wire.command("SADD", keys.groups, "reply")
    await wire.command("XGROUP", "CREATE", stream, "reply", "0", "MKSTREAM")
    await wire.command("XADD", stream, "*", *entry)
    await wire.command("XADD", dead, "*", "error", "x", *entry)
    await wire.command("RPUSH", keys.history(conversation), said)
    await wire.command("HSET", keys.turn(conversation, partition), "messages", said)
    await wire.command("HSET", keys.notes(conversation), "note", said)
    packed = f"{conversation} {CANARY}"
    await wire.command("HSET", keys.timer_events(partition), "timer", packed)
    await wire.command("ZADD", keys.timers(partition), 9_999_999_999_999, "timer")
    return keys


async def in_redis(wire: Wire, prefix: str, word: str) -> list[str]:
    """The keys of a corner of Redis that hold a word, whatever they are. What commands tell counts:
    the bytes of an entry that was removed stay until those around it go, too."""
    keys: list[bytes] = await wire.command("KEYS", f"{prefix}:*")
    return [one.decode() for one in keys if word.encode() in one + await _told(wire, one)]


async def _told(wire: Wire, key: bytes) -> bytes:
    kind = (await wire.command("TYPE", key)).decode()
    read = {
        "string": ("GET", key), "hash": ("HGETALL", key), "list": ("LRANGE", key, 0, -1),
        "set": ("SMEMBERS", key), "zset": ("ZRANGE", key, 0, -1),
        "stream": ("XRANGE", key, "-", "+"),
    }  # fmt: skip
    return b"" if kind == "none" else repr(await wire.command(*read[kind])).encode()


def in_files(folder: Path, word: str) -> list[Path]:
    return [
        one
        for one in folder.rglob("*")
        if one.is_file() and (word in one.name or word.encode() in one.read_bytes())
    ]


async def fill_files(store: Store, settings: Settings, shop: UUID) -> None:
    """A picture of theirs, and a dataset that holds a line of theirs."""
    _, path = Files(settings.app.var / "media").keep("shop", f"picture of {CANARY}".encode())
    folder = settings.app.var / "datasets" / "2026-W48"
    folder.mkdir(parents=True)
    (folder / "train.jsonl").write_text(f'{{"text": "{CANARY}"}}')
    async with store.transaction() as session:
        await session.execute(
            text("UPDATE app.media_file SET path = :path WHERE shop_id = :shop"),
            {"path": path, "shop": shop},
        )
        await session.execute(
            text("UPDATE ml.dataset SET path = :path WHERE shop_id = :shop"),
            {"path": str(folder), "shop": shop},
        )
