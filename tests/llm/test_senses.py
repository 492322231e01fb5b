"""What hearing and looking took, as the provider tells it, and what it cost: the real SDK."""

from collections.abc import AsyncIterator, Callable
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from config.manners import BudgetSettings, MediaSettings
from config.providers import GroqSettings, OpenAISettings
from llm.base import File, ModelEmpty, ModelRejected, Payer, Sense, Usage, Use
from llm.budget import PaidSense, Prices, Purse
from llm.senses import open_hearing, open_seeing
from services.wire import Wire
from tests.servers.senses import Senses, senses

ANA = Payer("s", "ana")
TOKENS: dict[str, object] = {
    "type": "tokens",
    "input_tokens": 300,
    "output_tokens": 40,
    "total_tokens": 340,
}
LOOKED: dict[str, object] = {"prompt_tokens": 900, "completion_tokens": 60, "total_tokens": 960}
Opened: TypeAlias = Callable[..., Sense]


@pytest.fixture
async def server() -> AsyncIterator[Senses]:
    async with senses() as server:
        server.words |= {b"ogg": "hola", b"jpg": "Una mochila azul."}
        yield server


@pytest.fixture
async def opened(server: Senses, wire: Wire, prefix: str) -> AsyncIterator[Opened]:
    """Ears, or eyes, of OpenAI or of a server of the shop's own, with what prices are known."""
    made: list[Sense] = []

    def open_(
        what: str,
        by: Literal["openai", "local"] = "openai",
        cap: float = 0.0,
        **prices: tuple[float, ...],
    ) -> Sense:
        media = MediaSettings(
            hearing=by, seeing=by, hearing_model="ears", seeing_model="eyes", url=server.url
        )
        hosted = OpenAISettings(key=SecretStr("sk-test"), base_url=server.url)
        knobs = BudgetSettings(shop_usd=cap, prices=prices)
        purse = Purse(wire, prefix, knobs, ZoneInfo("America/Santiago"))

        def paid(sense: Sense, model: str) -> Sense:
            return PaidSense(sense, model, purse, Prices(knobs.prices, knobs.unknown_price))

        opener = open_hearing if what == "ears" else open_seeing
        sense = opener(media, GroqSettings(), hosted, paid)
        assert sense is not None
        made.append(sense)
        return sense

    yield open_
    for sense in made:
        await sense.close()


def recording(data: bytes = b"ogg") -> File:
    return File(data, "audio/ogg", "es", 4, ANA)


PICTURE = File(b"jpg", "image/jpeg", payer=ANA)


async def used(sense: Sense, file: File) -> Use:
    use = (await sense.read(file)).use
    assert use is not None
    return use


async def test_a_minute_heard_costs_its_price_and_is_as_long_as_the_provider_says(
    server: Senses, opened: Opened
) -> None:
    """The sender told four seconds."""
    server.lasts = 90.0
    ears = opened("ears", ears=(0.006,))
    assert await used(ears, recording()) == Use("openai", "ears", Usage(), 90.0, 9_000)
    server.usage = {"type": "duration", "seconds": 120}
    assert (await used(ears, recording())).cost_micros == 12_000
    server.lasts, server.usage = 1.0, None
    assert (await used(ears, recording())).cost_micros == 1_000, "ten seconds are billed at least"


async def test_a_model_that_counts_tokens_is_paid_by_them(server: Senses, opened: Opened) -> None:
    server.plain, server.usage = True, TOKENS
    found = await used(opened("ears", ears=(2.5, 10.0)), recording())
    assert (found.usage, found.cost_micros) == (Usage(300, 40), 1_150)
    server.usage = LOOKED
    looked = await used(opened("eyes", eyes=(1.0, 4.0)), PICTURE)
    assert looked == Use("openai", "eyes", Usage(900, 60), None, 1_140)


async def test_a_price_nobody_told_is_unknown_and_not_nothing(
    server: Senses, opened: Opened
) -> None:
    server.usage = LOOKED
    assert (await used(opened("ears"), recording())).cost_micros is None
    assert (await used(opened("eyes"), PICTURE)).cost_micros is None
    server.usage = None
    by_tokens = opened("ears", ears=(2.5, 10.0))
    assert (await used(by_tokens, recording())).cost_micros is None, "it told no tokens"
    assert (await used(opened("eyes", eyes=(0.006,)), PICTURE)).cost_micros is None


async def test_a_server_of_the_shops_own_costs_nothing(opened: Opened) -> None:
    assert await used(opened("ears", "local"), recording()) == Use("local", "ears", Usage(), 1.0, 0)
    assert (await used(opened("eyes", "local"), PICTURE)).cost_micros == 0


async def test_what_said_nothing_was_paid_all_the_same(server: Senses, opened: Opened) -> None:
    server.words[b"mute"], server.lasts = "", 60.0
    with pytest.raises(ModelEmpty) as empty:
        await opened("ears", ears=(0.006,)).read(recording(b"mute"))
    assert empty.value.use == Use("openai", "ears", Usage(), 60.0, 6_000)


async def test_a_day_is_charged_what_it_really_cost(server: Senses, opened: Opened) -> None:
    """Four seconds are reserved as ten; the recording was a minute."""
    server.lasts = 60.0
    ears = opened("ears", cap=0.0125, ears=(0.006,))
    for _ in range(2):
        await ears.read(recording())
    with pytest.raises(ModelRejected, match="budget of the shop is spent"):
        await ears.read(recording())


async def test_after_a_broken_recording_it_still_tells_how_sure_it_is(
    server: Senses, opened: Opened
) -> None:
    server.broken = frozenset({b"no ogg"})
    hearing = opened("ears", "local")
    with pytest.raises(ModelRejected):
        await hearing.read(recording(b"no ogg"))

    heard = await hearing.read(recording())

    assert heard.text == "hola"
    assert heard.confidence == pytest.approx(0.9, abs=0.02)
