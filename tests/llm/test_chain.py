"""Who is asked, who is passed over, for how long, and what happens when nobody can answer."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from config.providers import GroqSettings, OpenAISettings
from llm.base import (
    Completion,
    FixedPrompt,
    LanguageModel,
    Message,
    ModelError,
    ModelMisconfigured,
    ModelRejected,
    ModelUnavailable,
    Request,
)
from llm.chain import Chain, Link, chain_of
from llm.groq import open_groq
from llm.offline import OfflineModel
from llm.openai import open_openai
from tests.servers.models import ModelServer, Turned, garbage, model_server, refuses, says

ASK = Request(prompt=FixedPrompt((Message("user", "hola"),)))


@dataclass
class Clock:
    at: float = 1000.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Scripted:
    """Ends every request as told, the last way for ever."""

    name: str
    outcomes: list[ModelError | str | float]
    asked: int = 0
    closed: bool = field(default=False)

    async def complete(self, request: Request) -> Completion:
        assert request is ASK
        self.asked += 1
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if isinstance(outcome, ModelError):
            raise outcome
        if isinstance(outcome, float):
            await asyncio.sleep(outcome)
        return Completion(f"{self.name} answers", self.name, "test")

    async def close(self) -> None:
        self.closed = True


def scripted(name: str, *outcomes: ModelError | str | float) -> Scripted:
    return Scripted(name, list(outcomes or ("fine",)))


def chained(clock: Clock, *models: LanguageModel, total_timeout_s: float = 45.0) -> Chain:
    return Chain([Link(model) for model in models], total_timeout_s, clock)


async def provider(chain: Chain) -> str:
    return (await chain.complete(ASK)).provider


async def test_the_first_that_can_answer_does() -> None:
    first, second = scripted("first"), scripted("second")

    assert await provider(chain_of(first, second)) == "first"
    assert second.asked == 0


@pytest.mark.parametrize(
    "error", [ModelUnavailable("down"), ModelRejected("too long"), ModelMisconfigured("key")]
)
async def test_whoever_fails_is_followed_by_the_next(error: ModelError) -> None:
    assert await provider(chain_of(scripted("first", error), scripted("second"))) == "second"


async def test_a_provider_that_asked_to_wait_is_skipped_until_then() -> None:
    clock = Clock()
    limited = scripted("limited", ModelUnavailable("429", retry_after=30.0), "fine")
    chain = chained(clock, limited, scripted("second"))

    assert await provider(chain) == "second"
    clock.at += 29
    assert await provider(chain) == "second"
    assert limited.asked == 1
    clock.at += 1
    assert await provider(chain) == "limited"


async def test_a_provider_that_keeps_failing_rests_longer_each_time() -> None:
    clock = Clock()
    broken = scripted("broken", ModelUnavailable("500"))
    chain = chained(clock, broken, scripted("second"))
    for _ in range(5):
        assert await provider(chain) == "second"
    assert broken.asked == 3, "two failures are bad luck, the third is a habit"

    clock.at += 10
    await provider(chain)
    assert broken.asked == 4
    clock.at += 10
    await provider(chain)
    assert broken.asked == 4, "the second rest is twice as long"
    clock.at += 10
    await provider(chain)
    assert broken.asked == 5


async def test_one_request_tries_a_rested_provider_while_the_others_go_on() -> None:
    clock = Clock()
    down = ModelUnavailable("500")
    healing = scripted("healing", down, down, down, 0.05)
    chain = chained(clock, healing, scripted("second"))
    for _ in range(3):
        await provider(chain)
    clock.at += 10

    answered = await asyncio.gather(*(provider(chain) for _ in range(4)))

    assert sorted(answered) == ["healing", "second", "second", "second"]
    assert await provider(chain) == "healing"


async def test_a_misconfigured_provider_is_out_and_says_so_once() -> None:
    wrong = scripted("wrong", ModelMisconfigured("401 invalid key"))
    chain = chain_of(wrong, scripted("second"))

    with capture_logs() as logs:
        assert [await provider(chain) for _ in range(3)] == ["second"] * 3

    assert wrong.asked == 1
    assert [(line["event"], line["provider"]) for line in logs] == [("model.out", "wrong")]
    assert "invalid key" in logs[0]["reason"]


async def test_a_slow_provider_leaves_time_for_the_next() -> None:
    chain = chain_of(scripted("slow", 60.0), scripted("second"), total_timeout_s=2.0)

    assert await provider(chain) == "second"


async def test_when_all_fail_the_caller_learns_when_to_come_back() -> None:
    limited = scripted("limited", ModelUnavailable("429", retry_after=30.0))
    other = scripted("other", ModelUnavailable("429", retry_after=12.0))
    chain = chained(Clock(), limited, other, scripted("wrong", ModelMisconfigured("key")))

    for _ in range(2):
        with pytest.raises(ModelUnavailable) as caught:
            await chain.complete(ASK)
        assert caught.value.retry_after == 12.0


async def test_when_nobody_can_take_a_request_it_is_rejected() -> None:
    with pytest.raises(ModelRejected):
        await chain_of(scripted("only", ModelRejected("too long"))).complete(ASK)


async def test_a_chain_without_providers_is_unavailable() -> None:
    with pytest.raises(ModelUnavailable):
        await chain_of().complete(ASK)
    with pytest.raises(ModelMisconfigured):
        await chain_of(scripted("only", ModelMisconfigured("key"))).complete(ASK)
    resting = chain_of(scripted("only", ModelMisconfigured("key")))
    with pytest.raises(ModelMisconfigured):
        await resting.complete(ASK)
    with pytest.raises(ModelUnavailable):
        await resting.complete(ASK)


async def test_closing_a_chain_closes_its_providers() -> None:
    models = scripted("first"), scripted("second")

    await chain_of(*models).close()

    assert all(model.closed for model in models)


@pytest.fixture
async def servers() -> AsyncIterator[tuple[ModelServer, ModelServer]]:
    async with model_server() as one, model_server() as other:
        yield one, other


@pytest.fixture
async def real(servers: tuple[ModelServer, ModelServer]) -> AsyncIterator[Chain]:
    """Groq, then OpenAI, then no network: through their SDKs."""
    key, (one, other) = SecretStr("sk-test"), servers
    chain = chain_of(
        open_groq(GroqSettings(key=key, base_url=one.url, timeout_s=1.5)),
        open_openai(OpenAISettings(key=key, base_url=f"{other.url}/v1", timeout_s=1.5)),
        OfflineModel(),
    )
    yield chain
    await chain.close()


@pytest.mark.parametrize(
    "turned",
    [
        refuses(429, headers={"retry-after": "60"}),
        refuses(500),
        refuses(400, "model_decommissioned"),
        refuses(401),
        garbage(),
        Turned(hang_s=60.0),
        Turned(cut=True),
    ],
    ids=["limited", "broken", "decommissioned", "wrong key", "garbage", "hang", "cut"],
)
async def test_a_reply_comes_from_whoever_is_left(
    real: Chain, servers: tuple[ModelServer, ModelServer], turned: Turned
) -> None:
    servers[0].will(turned)
    servers[1].will(says("hola", model="gpt-test"))
    assert await provider(real) == "openai"

    servers[1].will(turned)
    assert [await provider(real) for _ in range(2)] == ["offline", "offline"]
