"""Two weeks of a sample shop, lived through in seconds: real customers' words through the whole
pipeline, real grades of a seller, then dated back to the days and hours when people write."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo
from itertools import product
from typing import Final
from uuid import UUID, uuid4

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import func, select

from app.backing import Backing
from app.console import talk
from app.customers import Customers, read_scripts
from app.invented import FIRST, LAST
from app.lives import HabitsChannel
from app.parts import Parts, build
from app.pipeline import pipeline
from app.plugins import Setting, load
from app.running import PAST as ACCOUNT
from app.seller import NAME, Seller, teach
from app.simulation import forget, settled
from app.walkins import WalkIns
from bot.channels.base import Channel
from config.manners import UNPACED
from config.opening import zone_of
from config.settings import Settings
from events.happened import named
from handlers.payments import OrderClosed
from learning.facts import facts_of
from learning.rollups import Rollups
from services.clock import now
from store import app
from store.bygone import Span, date_back
from store.dealings import Order
from store.forgetting import forget_shop
from store.session import Store, open_store

CONVERSATIONS: Final = 200
AT_ONCE: Final = 8
DAYS: Final = 14
PACE: Final = 900.0
"""An answer takes milliseconds, and its customer half a minute to read it and write again."""
LONGEST_S: Final = 1500.0
LATER_S: Final = 2.0
"""Rows are written, and scored, a moment after what they are about."""
PATIENCE_S: Final = 3.0
"""Who was handed over to a person waits no longer for the bot."""
SETTLE_S: Final = 8.0
PAID: Final = 0.75
_BUYS: Final = re.compile(r"\b(?:l[ao]s? quiero|me l[ao]s? llevo|compro|comprar)\b")


def scripts() -> list[list[str]]:
    """Those who want something confirm what the bot notes down."""
    played = []
    for script in read_scripts():
        bought = next((at for at, said in enumerate(script) if _BUYS.search(said.lower())), None)
        told = list(script)
        if bought is not None:
            told[bought + 1 : bought + 1] = ["confirmo"]
        played.append(told)
    return played


async def is_new(store: Store, shop: UUID) -> bool:
    """Nobody has said anything yet. A past that was cut short, all of it today's, is forgotten."""
    one = app.Message
    asked = select(func.min(one.at), func.max(one.at)).where(one.shop_id == shop)
    others = select(app.Conversation.id).where(
        app.Conversation.shop_id == shop, app.Conversation.account != ACCOUNT
    )
    async with store.reading() as session:
        first, last = (await session.execute(asked)).one()
        spoken = await session.scalar(others.limit(1))
    if first is None:
        return True
    if spoken is None and last - first < timedelta(days=1):
        await forget_shop(store, shop)
        return True
    return False


def dice() -> random.Random:
    """Two demos tell the same story."""
    return random.Random(14)  # noqa: S311  a sample's dice


def hurried(settings: Settings) -> Settings:
    """Nobody waits for anybody, no model costs anything, and no running bot takes these events."""
    prefix = f"{settings.redis.prefix}-bygone-{uuid4().hex[:8]}"
    return settings.model_copy(
        update={
            "redis": settings.redis.model_copy(update={"prefix": prefix}),
            "turns": settings.turns.model_copy(update={"patience": 0, "replies_per_minute": 0}),
            "pace": UNPACED,
            "models": settings.models.model_copy(update={"order": ("offline",)}),
            "hours": settings.hours.model_copy(update={"week": {}}),
            "followups": settings.followups.model_copy(update={"enabled": False}),
            "takeover": settings.takeover.model_copy(update={"staff": ()}),
        }
    )


@dataclass(slots=True)
class Bygone:
    settings: Settings
    here: Backing
    dice: random.Random = field(default_factory=dice)
    conversations: int = CONVERSATIONS

    async def live(self) -> bool:
        """Plays, decides, attends, grades, dates back, teaches and counts; nothing, and False,
        where a shop has conversations."""
        if not await self._is_new():
            return False
        extension, made = load(self.settings.app.plugins), list[HabitsChannel]()

        def memory(setting: Setting) -> Channel:
            made.append(HabitsChannel(setting.shop, setting.account))
            return made[0]

        async with build(hurried(self.settings), self.here, extension, {ACCOUNT: memory}) as parts:
            try:
                async with pipeline(parts, self.here.redis_url, extension):
                    await self._play(made[0])
                    await settled(parts.stream, SETTLE_S)
                    await self._decide(parts)
                    seller = Seller(parts, self.dice)
                    late = await seller.attend()
                    await settled(parts.stream, SETTLE_S)
            finally:
                await forget(parts.stream)
            await seller.grade()
            await self._date_back(parts, late)
            await seller.look_through()
            await teach(self.settings, parts)
            await count_days(parts.store, parts.shop, self.settings)
        return True

    async def _is_new(self) -> bool:
        store = open_store(self.here.database_url, role="pipeline", pool=1)
        try:
            return await is_new(store, named("shop", self.settings.app.shop))
        finally:
            await store.close()

    async def know_shop(self) -> None:
        """The shop stands in the database from its first start on."""
        async with build(self.settings, self.here, load(self.settings.app.plugins), {}):
            pass

    async def _play(self, channel: HabitsChannel) -> None:
        names = [" ".join(pair) for pair in product(FIRST, LAST)]
        self.dice.shuffle(names)
        told = scripts()
        self.dice.shuffle(told)
        columns = TextColumn("two weeks of customers"), BarColumn(), MofNCompleteColumn()
        with Progress(*columns, TimeElapsedColumn(), console=talk, transient=True) as progress:
            task = progress.add_task("", total=self.conversations)
            people = Named(channel, "demo", names=names, patience_s=PATIENCE_S)
            await people.play(told, self.conversations, AT_ONCE, lambda: progress.advance(task))
        await WalkIns(channel, PATIENCE_S).come(names[self.conversations :])

    async def _decide(self, parts: Parts) -> None:
        """The seller sees most transfers arrive; some orders still wait, as they do."""
        query = select(Order.id).where(Order.shop_id == parts.shop, Order.state == "confirmed")
        async with parts.store.reading() as session:
            waiting = list(await session.scalars(query.order_by(Order.id)))
        for order in waiting:
            if self.dice.random() < PAID:
                try:
                    await parts.payments.decide(parts.shop, order, paid=True, by=NAME)
                except OrderClosed:
                    continue

    async def _date_back(self, parts: Parts, late: Sequence[UUID]) -> None:
        one = app.Message
        query = (
            select(one.conversation_id, func.min(one.at), func.max(one.at))
            .where(one.shop_id == parts.shop)
            .group_by(one.conversation_id)
            .order_by(one.conversation_id)
        )
        async with parts.store.reading() as session:
            found = (await session.execute(query)).all()
        zone, here = zone_of(self.settings.hours.timezone), now()
        spans = [self._span(*row, here, None if row[0] in late else zone) for row in found]
        await date_back(parts.store, parts.shop, spans)

    def _span(
        self,
        conversation: UUID,
        first: datetime,
        last: datetime,
        here: datetime,
        zone: tzinfo | None,
    ) -> Span:
        """Without a zone: of today's last hours."""
        lasted = (last - first).total_seconds() + LATER_S
        pace = min(PACE, LONGEST_S / lasted)
        lately = here - timedelta(minutes=self.dice.randrange(30, 240))
        began = moment(self.dice, here, zone) if zone else lately
        ended = began + timedelta(seconds=lasted * pace)
        began -= max(ended - here, timedelta())
        return Span(conversation=conversation, base=first, began=began, pace=pace)


@dataclass(frozen=True, slots=True)
class Named(Customers):
    """Customers who have names."""

    names: Sequence[str] = ()

    async def _talk(self, chat: str, script: Sequence[str]) -> None:
        number = int(chat.rpartition("-")[2])
        await Customers._talk(self, self.names[number], script)  # noqa: SLF001  our own class


def moment(dice: random.Random, here: datetime, zone: tzinfo) -> datetime:
    """People write from nine to ten in the evening, less on Sundays, more of late."""
    back = int(DAYS * (1 - dice.random() ** 0.7))
    day = here.astimezone(zone) - timedelta(days=back)
    if day.weekday() == 6 and dice.random() < 0.6:  # noqa: PLR2004  Sunday
        day -= timedelta(days=1)
    hour = dice.choices(range(9, 22), [3, 5, 6, 6, 7, 5, 4, 5, 6, 8, 9, 7, 4])[0]
    at = datetime.combine(day.date(), time(hour, dice.randrange(60), dice.randrange(60)), zone)
    return min(at, here - timedelta(minutes=dice.randrange(3, 90)))


async def count_days(store: Store, shop: UUID, settings: Settings) -> None:
    """What the nightly job would have counted, and the one that adds up what pages tell."""
    zone = zone_of(settings.hours.timezone)
    facts = await facts_of(store, shop, zone, settings.curation)
    today = now().astimezone(zone).date()
    days = [today - timedelta(days=back) for back in range(DAYS, -1, -1)]
    await facts.keep([await facts.day(day) for day in days])
    await Rollups(store, shop, zone).refresh(now())
