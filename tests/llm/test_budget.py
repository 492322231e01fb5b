"""A budget really stops spending: reserved before the call, by all processes together."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.manners import BudgetSettings
from llm.base import (
    Completion,
    File,
    FixedPrompt,
    Message,
    ModelEmpty,
    ModelRejected,
    ModelUnavailable,
    Payer,
    Request,
    Sensed,
    Usage,
)
from llm.budget import Budgeted, PaidSense, Prices, Purse
from llm.chain import chain_of
from llm.offline import OfflineModel
from services.wire import Wire, connect

ANA, EVA = Payer("s", "ana"), Payer("s", "eva")
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@dataclass
class Meter:
    """A provider that bills every answer, and can fail or never come back."""

    model: str = "m"
    name: str = "meter"
    billed: int = 0
    fails: list[Exception] = field(default_factory=list)
    stuck: bool = False
    began: asyncio.Event = field(default_factory=asyncio.Event)

    async def complete(self, _request: Request) -> Completion:
        self.began.set()
        await asyncio.sleep(0.005)
        if self.stuck:
            await asyncio.Event().wait()
        if self.fails:
            raise self.fails.pop()
        self.billed += 1000 * 1 + 100 * 4
        return Completion("hola", self.name, self.model, Usage(1000, 100))

    async def close(self) -> None:
        """Nothing is open."""


class Day:
    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


def asking(payer: Payer | None = ANA) -> Request:
    prompt = FixedPrompt((Message("user", "x" * 2000),))
    return Request(prompt, max_tokens=100, payer=payer)


def budgeted(
    meter: Meter, wire: Wire, prefix: str, day: Day, *, shop: float = 0, customer: float = 0
) -> Budgeted:
    knobs = BudgetSettings(shop_usd=shop, customer_usd=customer, prices={"m": (1.0, 4.0)})
    purse = Purse(wire, prefix, knobs, ZoneInfo("America/Santiago"), day)
    return Budgeted(meter, purse, Prices(knobs.prices, knobs.unknown_price))


async def outcome(model: Budgeted, payer: Payer = ANA) -> str:
    try:
        return (await model.complete(asking(payer))).text
    except ModelRejected as error:
        return str(error)


async def test_many_at_once_in_several_processes_never_spend_more_than_the_cap(
    redis_url: str, prefix: str
) -> None:
    meter, day = Meter(), Day()
    wires = [Wire(connect(redis_url)) for _ in range(3)]
    models = [budgeted(meter, wire, prefix, day, shop=0.02) for wire in wires]
    told = await asyncio.gather(*(outcome(models[n % 3]) for n in range(200)))
    again = [await outcome(models[0]) for _ in range(10)]
    for wire in wires:
        await wire.close()
    assert 0 < meter.billed <= 20_000
    assert told.count("hola") + again.count("hola") == meter.billed // 1400
    assert again[-1] == "the day's budget of the shop is spent"


async def test_one_customer_who_has_spent_theirs_stops_nobody_else_and_comes_back_tomorrow(
    wire: Wire, prefix: str
) -> None:
    meter, day = Meter(), Day()
    model = budgeted(meter, wire, prefix, day, customer=0.002)
    assert await outcome(model) == "hola"
    assert await outcome(model) == "the day's budget of the customer is spent"
    assert await outcome(model, EVA) == "hola"
    day.at += timedelta(days=1)
    assert await outcome(model) == "hola"


async def test_a_call_that_was_refused_gives_its_money_back(wire: Wire, prefix: str) -> None:
    meter, day = Meter(fails=[ModelUnavailable("busy") for _ in range(5)]), Day()
    model = budgeted(meter, wire, prefix, day, shop=0.002)
    for _ in range(5):
        with pytest.raises(ModelUnavailable):
            await model.complete(asking())
    assert await outcome(model) == "hola"


async def test_a_call_nobody_heard_the_end_of_stays_spent(wire: Wire, prefix: str) -> None:
    meter, day = Meter(stuck=True), Day()
    model = budgeted(meter, wire, prefix, day, shop=0.002)
    call = asyncio.create_task(model.complete(asking()))
    await meter.began.wait()
    call.cancel()
    await asyncio.wait([call])
    meter.stuck = False
    assert await outcome(model) == "the day's budget of the shop is spent"


async def test_without_money_the_next_provider_answers(wire: Wire, prefix: str) -> None:
    meter, day = Meter(), Day()
    chain = chain_of(budgeted(meter, wire, prefix, day, shop=0.000001), OfflineModel())
    completion = await chain.complete(asking())
    assert completion.provider == "offline"
    assert meter.billed == 0


async def test_a_price_nobody_told_is_not_made_up(wire: Wire, prefix: str) -> None:
    known, unknown = Meter(), Meter(model="new")
    for meter, cost in ((known, 1400), (unknown, 0)):
        completion = await budgeted(meter, wire, prefix, Day()).complete(asking(None))
        assert completion.cost_micros == cost


class Ears:
    def __init__(self) -> None:
        self.heard = 0

    async def read(self, file: File) -> Sensed:
        if file.data == b"broken":
            raise ModelUnavailable("busy")
        self.heard += 1
        return Sensed("hola")

    async def close(self) -> None: ...


def recording(seconds: int | None, data: bytes = b"ogg", mime: str = "audio/ogg") -> File:
    return File(data, mime, seconds=seconds, payer=ANA)


async def test_hosted_ears_hear_only_while_there_is_money(wire: Wire, prefix: str) -> None:
    knobs = BudgetSettings(shop_usd=0.02, prices={"whisper": (0.006,)})
    purse = Purse(wire, prefix, knobs, ZoneInfo("America/Santiago"), Day())
    ears = Ears()
    paid = PaidSense(ears, "whisper", purse, Prices(knobs.prices, knobs.unknown_price))
    with pytest.raises(ModelUnavailable):
        await paid.read(recording(60, b"broken"))
    for _ in range(3):
        await paid.read(recording(60))
    with pytest.raises(ModelRejected, match="budget of the shop is spent"):
        await paid.read(recording(60))
    await paid.read(recording(10))
    assert ears.heard == 4


def test_a_minute_without_a_price_is_never_free_and_a_picture_costs_its_tokens() -> None:
    prices = Prices({"whisper": (0.006,), "eyes": (1.0, 4.0)}, (1.0, 4.0))
    assert prices.read("whisper", recording(60)) == 6_000
    assert prices.read("whisper", recording(1)) == 1_000, "providers bill ten seconds at least"
    lying = recording(1, b"x" * 480_000)
    assert prices.read("whisper", lying) == 12_000, "it is at least as long as its size"
    assert prices.read("eyes", recording(60)) == 3_100, "a price of tokens is none of a minute"
    assert prices.read("other", recording(60)) == 10_000
    picture = recording(None, mime="image/jpeg")
    assert prices.read("eyes", picture) == prices.read("other", picture) == 3_200


async def test_what_was_billed_and_said_nothing_stays_spent(wire: Wire, prefix: str) -> None:
    knobs = BudgetSettings(shop_usd=0.02, prices={"whisper": (0.006,)})
    purse = Purse(wire, prefix, knobs, ZoneInfo("America/Santiago"), Day())

    class Deaf(Ears):
        async def read(self, file: File) -> Sensed:
            self.heard += len(file.data) > 0
            raise ModelEmpty("nothing was heard")

    deaf = Deaf()
    paid = PaidSense(deaf, "whisper", purse, Prices(knobs.prices, knobs.unknown_price))
    for _ in range(10):
        with pytest.raises(ModelRejected):
            await paid.read(recording(60))
    assert deaf.heard == 3
