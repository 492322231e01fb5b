"""A candidate in the shadow: it answers what was answered already, and nobody hears of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import select

from app.backing import Backing
from app.plugins import App
from events import groups
from events.effects import Effects
from events.vocabulary import ReplyDispatched
from services.state import Endpoints
from store.rollouts import ShadowAnswer
from tests.fixtures.bots import Bot, bot, until
from tests.flow.rollouts import ASKED, BAD, GOOD, OWN, Shop, served
from tests.servers.models import ModelServer, Turned, model_server, refuses, says

ALL = {"shadow_share": 1.0}


@dataclass
class Shadowed:
    shop: Shop
    own: ModelServer
    candidate: ModelServer
    replies: list[ReplyDispatched] = field(default_factory=list)

    async def answers(self) -> list[ShadowAnswer]:
        await self.shop.bot.settled()
        async with self.shop.store.reading() as session:
            return list(await session.scalars(select(ShadowAnswer).order_by(ShadowAnswer.at)))


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


@asynccontextmanager
async def shadowed(
    backing: Backing, prefix: str, says_: Turned, **rollout: object
) -> AsyncIterator[Shadowed]:
    extension, replies = App(), list[ReplyDispatched]()

    async def heard(event: ReplyDispatched) -> Effects:
        replies.append(event)
        return Effects()

    extension.listen(ReplyDispatched, heard)
    async with model_server() as own, model_server() as candidate:
        own.will(says(OWN))
        candidate.will(says_)
        settings = served(prefix, own, candidate, "shadowed", **{**ALL, **rollout})
        async with bot(backing, settings, extension) as running:
            shop = Shop(running)
            await shop.start()
            yield Shadowed(shop, own, candidate, replies)


async def test_it_is_kept_beside_the_answer_that_was_given(backing: Backing, prefix: str) -> None:
    async with shadowed(backing, prefix, says(GOOD)) as here:
        heard = await here.shop.bot.ask("ana", ASKED)
        (kept,) = await here.answers()
        (row,) = await here.shop.rows()
    assert (heard, kept.answer, kept.verdict) == (OWN, GOOD, "ok")
    assert kept.reply_id == row.id
    assert (kept.tokens_in, kept.tokens_out, kept.error) == (21, 9, None)
    assert (row.variant, row.stage, row.version_id) == ("control", 1, None)


async def test_it_reads_what_its_rival_read(backing: Backing, prefix: str) -> None:
    """The answer that was given is no part of its past."""
    async with shadowed(backing, prefix, says(GOOD)) as here:
        for text in ("hola, soy nueva por aquí", ASKED):
            await here.shop.bot.ask("ana", text)
            await here.shop.bot.settled()
        ours, theirs = (
            [ask["messages"] for ask in one.asked] for one in (here.own, here.candidate)
        )
    assert ours[-1] == theirs[-1]


async def test_a_replay_asks_nobody_again(backing: Backing, prefix: str) -> None:
    async with shadowed(backing, prefix, says(GOOD)) as here:
        await here.shop.bot.ask("ana", ASKED)
        await here.answers()
        (reply,) = here.replies
        await here.shop.bot.parts.shadow.on_reply(reply)
        kept, asked = await here.answers(), len(here.candidate.asked)
    assert (len(kept), asked) == (1, 1)


async def test_faults_are_found_and_personal_data_masked(backing: Backing, prefix: str) -> None:
    said = f"{BAD} Te llamo al +56 9 8765 4321."
    async with shadowed(backing, prefix, says(said)) as here:
        await here.shop.bot.ask("ana", ASKED)
        (kept,) = await here.answers()
        seen = await here.shop.controller.shadow(await here.shop.rollout())
    assert kept.verdict.startswith("replaced:")
    assert "price" in kept.checks[0]
    assert "8765" not in kept.answer
    assert (seen.answers, seen.faulty, seen.invented) == (1, 1, 1)


async def test_a_failure_is_kept_as_one(backing: Backing, prefix: str) -> None:
    async with shadowed(backing, prefix, refuses(500)) as here:
        assert await here.shop.bot.ask("ana", ASKED) == OWN
        (kept,) = await here.answers()
    assert kept.verdict == "error"
    assert "500" in (kept.error or "")


async def test_a_slow_one_holds_nobody_up_and_turns_pass_by(backing: Backing, prefix: str) -> None:
    gate = asyncio.Event()
    slow = replace(says(GOOD), gate=gate)
    async with shadowed(backing, prefix, slow, shadow_at_once=1) as here:
        await asyncio.gather(*(here.shop.bot.ask(f"c{number}", ASKED) for number in range(6)))
        await until(lambda: passed_by(here.shop.bot))
        gate.set()
        kept = await here.answers()
    assert len(kept) == 1


async def passed_by(of: Bot) -> bool:
    """All but the one that is asked for have been looked at."""
    (shadow,) = [one for one in await groups.states(of.parts.stream) if one.name == "shadow"]
    return (shadow.pending, shadow.behind) == (1, 0)


@pytest.mark.parametrize("bound", [{"shadow_usd": 0.0}, {"shadow_share": 0.0}])
async def test_it_costs_no_more_than_it_may(
    backing: Backing, prefix: str, bound: dict[str, object]
) -> None:
    async with shadowed(backing, prefix, says(GOOD), **bound) as here:
        await here.shop.bot.ask("ana", ASKED)
        assert await here.answers() == []
    assert here.candidate.asked == []


async def test_when_there_are_enough_no_more_are_asked_for(backing: Backing, prefix: str) -> None:
    async with shadowed(backing, prefix, says(GOOD), shadow_answers=2) as here:
        for number in range(4):
            await here.shop.bot.ask(f"c{number}", ASKED)
            await here.shop.bot.settled()
        assert len(await here.answers()) == 2


async def test_what_no_model_answered_has_no_shadow(backing: Backing, prefix: str) -> None:
    """The pack says hello by itself, and people come through code."""
    async with shadowed(backing, prefix, says(GOOD)) as here:
        await here.shop.bot.ask("ana", "quiero hablar con una persona")
        kept = await here.answers()
        asked = len(here.own.asked)
    assert len(kept) == asked
