"""A shop that answered at any hour on two networks, and what that comes to, counted by hand."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import insert, text

from store import app
from store.app import EventLog
from store.dealings import HandOver, Order, OrderLine
from store.ratings import Rating
from store.satisfaction import Csat
from store.session import Store
from tests.builders import a_turn, add_turns

ZONE = ZoneInfo("America/Santiago")
FIRST = date(2026, 11, 18)
CHANNELS = ("web:main", "whatsapp_cloud:main")
SHORT = {"sources": [{"kind": "product", "id": "x", "title": "x", "role": "similar"}]}
COPIED = (
    "shop_id", "request_id", "provider", "model", "tokens_in", "tokens_out", "latency_ms",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reply:
    """`minute` counts from the first midnight; `who` is one of the shop's customers, `named` are
    products of it, which are what was `paid`."""

    minute: int
    who: int = 0
    score: int | None = None
    latency_ms: int = 100
    waited_s: int = 2
    intent: str = "consulta_precio"
    provider: str = "offline"
    cost: int = 0
    human: bool = False
    handed: bool = False
    thumb: int | None = None
    stars: int | None = None
    paid: int | None = None
    led: bool = False
    failed: bool = False
    named: tuple[UUID, ...] = ()

    @property
    def at(self) -> datetime:
        began = datetime.combine(FIRST, time(), ZONE).astimezone(UTC)
        return began + timedelta(minutes=self.minute)

    @property
    def day(self) -> date:
        return self.at.astimezone(ZONE).date()

    @property
    def hour(self) -> datetime:
        return self.at.replace(minute=0, second=0, microsecond=0)

    @property
    def channel(self) -> str:
        return CHANNELS[self.who % len(CHANNELS)].partition(":")[0]


def person(shop: UUID, who: int) -> UUID:
    return uuid5(shop, f"person {who}")


def reply_id(shop: UUID, place: int) -> UUID:
    return uuid5(shop, f"reply {place}")


async def add_people(store: Store, shop: UUID, count: int) -> None:
    async with store.transaction() as session:
        for who in range(count):
            row = {"shop_id": shop, "id": person(shop, who)}
            await session.execute(insert(app.Customer).values(row))
            talk = {
                "customer_id": person(shop, who),
                "chat": str(who),
                "last_at": datetime.now(UTC),
            }
            account = CHANNELS[who % len(CHANNELS)]
            await session.execute(
                insert(app.Conversation).values(row | talk | {"account": account})
            )


async def add(store: Store, shop: UUID, replies: Sequence[Reply], *, after: int = 0) -> None:
    """As capture and the others write them; `after` says how many there are already."""
    for place, one in enumerate(replies, after):
        turn = _turn(shop, place, one)
        await add_turns(store, [turn])
        async with store.transaction() as session:
            if not one.human:
                call = {name: turn[name] for name in COPIED}
                call |= {"reply_id": turn["id"], "created_at": one.at, "ok": True}
                await session.execute(insert(EventLog).values(call | {"cost_micros": one.cost}))
            for table, row in _followed(shop, place, one):
                await session.execute(insert(table).values(row))


def _turn(shop: UUID, place: int, one: Reply) -> dict[str, Any]:
    who = person(shop, one.who)
    return a_turn(
        shop, str(place), who, id=reply_id(shop, place), dispatched_at=one.at,
        created_at=one.at + timedelta(seconds=3), asked_at=one.at - timedelta(seconds=one.waited_s),
        quality_score=one.score, is_successful=one.paid is not None, latency_ms=one.latency_ms,
        intent=one.intent, provider=one.provider, tokens_in=10, tokens_out=2,
        author="human" if one.human else "bot",
        context={"named": [str(product) for product in one.named]} if one.named else {},
    )  # fmt: skip


def _followed(shop: UUID, place: int, one: Reply) -> list[tuple[Any, dict[str, Any]]]:
    row = {"shop_id": shop, "id": reply_id(shop, place)}
    talk = person(shop, one.who)
    found: list[tuple[Any, dict[str, Any]]] = []
    if one.handed:
        handed = {"conversation_id": talk, "reason": "asked", "question": "¿?", "at": one.at}
        found.append((HandOver, row | handed))
    if one.thumb is not None:
        said = {"training_id": row["id"], "role": "customer", "via": "web", "thumb": one.thumb}
        found.append((Rating, row | said | {"updated_at": one.at}))
    if one.stars is not None:
        stars = {"conversation_id": talk, "asked_at": one.at, "stars": one.stars or None}
        found.append((Csat, row | stars))
    if one.paid is not None:
        order = {"customer_id": talk, "conversation_id": talk, "account": "x", "chat": "x"}
        order |= {"currency": "CLP", "total": one.paid, "updated_at": one.at, "state": "paid"}
        order |= {"paid_at": one.at, "reply_id": row["id"] if one.led else None}
        found.append((Order, row | order))
        line = {"shop_id": shop, "order_id": row["id"], "name": "x", "quantity": 1, "price": 1}
        found += [(OrderLine, line | {"sku": str(two), "product_id": two}) for two in one.named]
    if one.failed:
        text_ = {"conversation_id": talk, "position": place, "author": "bot", "content": "text"}
        text_ |= {"text": "", "request_id": row["id"], "at": one.at, "received_at": one.at}
        found.append((app.Message, row | text_))
        told = {"shop_id": shop, "message_id": row["id"], "state": "failed", "updated_at": one.at}
        found.append((app.Delivery, told))
    return found


def by_hand(replies: Sequence[Reply]) -> dict[tuple[datetime, str], Counter[str]]:
    """What each hour of each network comes to."""
    found: dict[tuple[datetime, str], Counter[str]] = {}
    for one in replies:
        into = found.setdefault((one.hour, one.channel), Counter())
        if not one.human:
            into.update(
                replies=1, scored=one.score is not None, score_sum=one.score or 0,
                successes=one.paid is not None, local=one.provider == "offline",
                tokens_in=10, tokens_out=2, cost_micros=one.cost, errors=one.failed,
            )  # fmt: skip
        into.update(
            hand_overs=one.handed, thumbs_up=one.thumb == 1, thumbs_down=one.thumb == -1,
            csat_asked=one.stars is not None, csat_answered=bool(one.stars),
            csat_sum=one.stars or 0, csat_good=(one.stars or 0) >= 4,
            paid=one.paid is not None, paid_sum=one.paid or 0,
            paid_led=one.led and one.paid is not None,
            paid_led_sum=(one.paid or 0) if one.led else 0,
        )  # fmt: skip
    for day, who in {(one.day, one.who) for one in replies}:
        talk = [one for one in replies if (one.day, one.who) == (day, who)]
        first = min(talk, key=lambda one: (one.at, one.human is False))
        alone = not any(one.human or one.handed for one in talk)
        found[first.hour, first.channel].update(conversations=1, resolved=alone)
    return {key: counts for key, counts in found.items() if +counts}


HOURS = text("SELECT * FROM analytics.hour_fact WHERE shop_id = :shop")


async def kept(store: Store, shop: UUID) -> dict[tuple[datetime, str], Counter[str]]:
    """The roll-up in the same shape, without its histograms."""
    async with store.reading() as session:
        rows = (await session.execute(HOURS, {"shop": shop})).mappings().all()
    keys = {"shop_id", "hour", "channel", "latency", "wait"}
    found = {
        (row["hour"], row["channel"]): Counter(
            {name: value for name, value in row.items() if name not in keys}
        )
        for row in rows
    }
    return {key: counts for key, counts in found.items() if +counts}
