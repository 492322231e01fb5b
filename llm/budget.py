"""What hosted models may cost: reserved before a call, settled after it, so that it really stops.

A call that ends without an answer we read (a timeout, a kill) may have been billed: what it
reserved stays spent until the day is over. Better a reply less than money nobody agreed to.
"""

import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

import structlog

from config.manners import BudgetSettings
from llm.base import (
    BudgetSpent,
    Completion,
    File,
    LanguageModel,
    ModelEmpty,
    ModelError,
    Payer,
    Request,
    Sense,
    Sensed,
    Usage,
    Use,
)
from services.clock import Clock, now
from services.wire import Wire, script

log = structlog.get_logger()

RESERVE: Final = script("llm", "reserve")
KEPT_S: Final = 2 * 86_400
CHARACTERS: Final = 2
"""A token of Spanish has three to four; fewer makes the reservation an upper bound."""
PICTURE: Final = Usage(2_000, 300)
"""What a look at a picture takes at most, about."""
MINUTE: Final = Usage(1_500, 400)
"""What a minute heard takes, about, of a model whose price is of tokens."""
MINUTE_S, SHORTEST_S, BYTES_A_S = 60, 10, 4_000
"""Providers bill ten seconds at least. Networks' voice notes have 2 to 4 kB a second."""
UNKNOWN_MINUTE: Final = 0.01
"""Dollars of a minute heard whose price nobody told; no provider asks for so much."""
WHO: Final = {1: "shop", 2: "customer"}
Caps: TypeAlias = Callable[[str], Awaitable[BudgetSettings]]
"""What bounds the days of a shop, as it holds now."""


@dataclass(frozen=True, slots=True)
class Prices:
    """Millionths of a dollar, from dollars of a million tokens read and written."""

    known: Mapping[str, tuple[float, ...]]
    unknown: tuple[float, float]

    def reserved(self, model: str, usage: Usage) -> int:
        return _micros(self.known.get(model, self.unknown), usage)

    def read(self, model: str, file: File) -> int:
        """Of a minute heard, where the price is of one number; else of tokens. How long a recording
        is its sender tells, until it was heard."""
        price = self.known.get(model)
        if file.mime.startswith("image/"):
            return _micros(price or self.unknown, PICTURE)
        minutes = max(_length(file), SHORTEST_S) / MINUTE_S
        if price is not None and len(price) > 1:
            return math.ceil(minutes * _micros(price, MINUTE))
        return math.ceil(minutes * (price[0] if price else UNKNOWN_MINUTE) * 1_000_000)

    def sensed(self, use: Use, file: File) -> int | None:
        """What reading a file cost; None without a price of what was counted: a made-up figure
        would look like a bill, and 0 like a gift."""
        price = self.known.get(use.model)
        if price is None:
            return use.cost_micros
        if len(price) > 1:
            return _micros(price, use.usage) if use.usage != Usage() else None
        if file.mime.startswith("image/"):
            return None
        seconds = use.seconds or _length(file)
        return round(max(seconds, SHORTEST_S) / MINUTE_S * price[0] * 1_000_000)

    def spent(self, model: str, usage: Usage) -> int:
        """0 for a model whose price nobody told: a made-up figure would look like a bill."""
        return _micros(self.known[model], usage) if model in self.known else 0


def _length(file: File) -> float:
    """Of a recording: at least as long as its size."""
    return max(file.seconds or 0, len(file.data) / BYTES_A_S)


def _micros(price: tuple[float, ...], usage: Usage) -> int:
    read, written = price[0], price[-1]
    return math.ceil(usage.tokens_in * read + usage.tokens_out * written)


@dataclass(frozen=True, slots=True)
class Purse:
    """The days of a shop and its customers, kept by all processes together. `caps` tell what bounds
    the days of a shop when it is asked; without them the settings do. What has no bound is counted
    too: whoever sets one at noon has it hold for what was spent since the morning."""

    wire: Wire
    prefix: str
    knobs: BudgetSettings
    zone: ZoneInfo
    clock: Clock = now
    caps: Caps | None = None
    told: set[tuple[str, str]] = field(default_factory=set)

    async def reserve(self, payer: Payer, micros: int) -> list[str]:
        """The keys it was taken from. Raises BudgetSpent when the day's money is gone: the next
        provider, who costs nothing, may answer, and nobody else's calls are held up."""
        day, knobs = self.day, await self._holding(payer.shop)
        keys = [self._key(payer.shop), f"{self._key(payer.shop)}:{payer.customer}"]
        caps = [round(usd * 1_000_000) for usd in (knobs.shop_usd, knobs.customer_usd)]
        answer = int(await self.wire.call(RESERVE, keys, [micros, *caps, KEPT_S]))
        if answer == 0:
            return keys
        who = WHO[answer]
        mark = (day, payer.shop if who == "shop" else payer.customer)
        if mark not in self.told:
            self.told.add(mark)
            log.warning("budget.spent", of=who, day=day, **{who: mark[1]})
        raise BudgetSpent(f"the day's budget of the {who} is spent")

    async def _holding(self, shop: str) -> BudgetSettings:
        return await self.caps(shop) if self.caps is not None else self.knobs.holding()

    @property
    def day(self) -> str:
        return self.clock().astimezone(self.zone).date().isoformat()

    def _key(self, shop: str) -> str:
        return f"{self.prefix}:{{budget:{shop}}}:{self.day}"

    async def spent(self, shop: str) -> int:
        """Today, what is reserved for calls under way among it."""
        return int(await self.wire.command("GET", self._key(shop)) or 0)

    async def settle(self, keys: list[str], micros: int) -> None:
        """Gives back what was reserved too much, or takes what was too little."""
        for key in keys:
            await self.wire.command("INCRBY", key, micros)


@dataclass(frozen=True, slots=True)
class Budgeted:
    """A hosted model that is asked only while there is money for the answer."""

    model: LanguageModel
    purse: Purse
    prices: Prices
    masked: bool = True

    @property
    def name(self) -> str:
        return self.model.name

    async def complete(self, request: Request) -> Completion:
        if request.payer is None:
            return self._priced(await self.model.complete(request))
        reserved = self.prices.reserved(self._id, self._most(request))
        keys = await self.purse.reserve(request.payer, reserved)
        try:
            completion = await self.model.complete(request)
        except ModelError as error:
            if not error.billed:
                await self.purse.settle(keys, -reserved)
            raise
        spent = self.prices.reserved(completion.model, completion.usage)
        await self.purse.settle(keys, spent - reserved)
        return self._priced(completion)

    def _priced(self, completion: Completion) -> Completion:
        return replace(
            completion, cost_micros=self.prices.spent(completion.model, completion.usage)
        )

    @property
    def _id(self) -> str:
        return str(getattr(self.model, "model", self.model.name))

    def _most(self, request: Request) -> Usage:
        letters = sum(
            len(one.content.encode()) for one in request.prompt.messages(masked=self.masked)
        )
        return Usage(letters // CHARACTERS + 1, request.max_tokens)

    async def close(self) -> None:
        await self.model.close()


@dataclass(frozen=True, slots=True)
class PaidSense:
    """Hosted ears or eyes, asked only while there is money for it. What was reserved stays the
    price where nobody tells afterwards."""

    sense: Sense
    model: str
    purse: Purse
    prices: Prices

    async def read(self, file: File) -> Sensed:
        if file.payer is None:
            return await self._read(file)
        reserved = self.prices.read(self.model, file)
        keys = await self.purse.reserve(file.payer, reserved)
        try:
            sensed = await self._read(file)
        except ModelError as error:
            if not error.billed:
                await self.purse.settle(keys, -reserved)
            raise
        cost = sensed.use.cost_micros if sensed.use else None
        if cost is not None:
            await self.purse.settle(keys, cost - reserved)
        return sensed

    async def _read(self, file: File) -> Sensed:
        try:
            sensed = await self.sense.read(file)
        except ModelEmpty as empty:
            empty.use = self._priced(empty.use, file)
            raise
        return replace(sensed, use=self._priced(sensed.use, file))

    def _priced(self, use: Use | None, file: File) -> Use | None:
        return replace(use, cost_micros=self.prices.sensed(use, file)) if use else None

    async def close(self) -> None:
        await self.sense.close()
