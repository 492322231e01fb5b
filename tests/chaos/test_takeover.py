"""A person of the shop speaks while bots are killed: not one more word of theirs is sent."""

import asyncio
import random
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from uuid import UUID

import asyncpg
import pytest

from app.simulation import settled
from events.happened import named
from store.session import open_connection
from tests.chaos.network import ACCOUNT, Network, Said
from tests.chaos.plugin import LONG, LONG_PARTS
from tests.chaos.world import Servers, World, chaos

pytestmark = pytest.mark.chaos
SLOW = partial(Network, latency_s=0.3)
CHATS, SPOKEN_IN = 16, 10
EFFECTIVE_S = 5.0
SAID = f"{LONG} cuánto cuesta la mochila"

# What left, by the place of its claim in the stream, after the first word of a person there.
AFTERWARDS = """
SELECT reply.id FROM app.message reply JOIN LATERAL (
  SELECT min(m.position) AS position FROM app.message m
  WHERE m.conversation_id = reply.conversation_id AND m.author = 'human'
) person ON reply.position > person.position
WHERE reply.conversation_id = ANY($1) AND reply.author = 'bot'
"""
LEARNED = """
SELECT m.id, t.user_message, t.turn_id FROM app.message m
LEFT JOIN ml.training_data t ON t.shop_id = m.shop_id AND t.id = m.id AND t.author = 'human'
WHERE m.conversation_id = ANY($1) AND m.author = 'human' AND m.content = 'text'
"""
SILENCED = "SELECT count(*) FROM app.conversation WHERE id = ANY($1) AND silenced"


class Shop:
    """Customers who go on writing, answered or not, and persons who step in at some moment."""

    def __init__(self, world: World) -> None:
        self.world, self.network = world, world.network
        self.chats = [f"{world.customers.case}.{number}" for number in range(CHATS)]
        self.persons: list[Said] = []
        self.random = random.Random(11)  # noqa: S311
        self.said = 0

    async def say(self, chat: str, text: str = SAID, *, person: bool = False) -> Said:
        self.said += 1
        return await self.network.say(chat, self.said, text, person=person)

    async def customer(self, chat: str, until: float) -> None:
        while time.monotonic() < until:
            await self.say(chat)
            await asyncio.sleep(self.random.uniform(0.3, 2.4))

    async def step_in(self, chat: str, after_s: float, *, between: bool) -> None:
        """At any moment, or `between` two messages of a long answer."""
        await asyncio.sleep(after_s)
        known, until = len(self.network.sent), time.monotonic() + 2
        while between and time.monotonic() < until:
            if any(one.chat == chat for one in self.network.sent[known:]):
                break
            await asyncio.sleep(0.01)
        self.persons.append(await self.say(chat, "Hola, te atiendo yo", person=True))

    async def stored(self, said: Sequence[Said]) -> None:
        async with asyncio.timeout(90):
            while not all(one.key in self.network.stored for one in said):  # noqa: ASYNC110  others' work
                await asyncio.sleep(0.02)

    def late(self) -> dict[str, list[float]]:
        """How long after a person's word was stored each message left that still did, by chat."""
        found: dict[str, list[float]] = defaultdict(list)
        since = {one.chat: self.network.stored[one.key] for one in self.persons}
        for sent in self.network.sent:
            if sent.chat in since and sent.began > since[sent.chat]:
                found[sent.chat].append(sent.began - since[sent.chat])
        return found

    def parts(self) -> dict[str, set[str]]:
        """Of the long answers in the chats where a person spoke, the parts that left."""
        found: dict[str, set[str]] = defaultdict(set)
        chats = {one.chat for one in self.persons}
        for sent in self.network.sent:
            if sent.chat in chats and "así fue" in sent.text:
                found[sent.key.partition(":")[0]].add(sent.key)
        return found

    async def fetch(self, query: str) -> list[asyncpg.Record]:
        """Of the conversations in which a person spoke."""
        here = [conversation(one.chat) for one in self.persons]
        connection = await open_connection(self.world.servers.endpoints.database_url)
        try:
            return await connection.fetch(query, here)
        finally:
            await connection.close()


def conversation(chat: str) -> UUID:
    return named(ACCOUNT, "conversation", chat)


async def live(shop: Shop) -> None:
    """Six seconds; three bots are killed within them, and all of them at their end."""
    workers, until = shop.world.workers, time.monotonic() + 6
    talking = [asyncio.create_task(shop.customer(chat, until)) for chat in shop.chats]
    talking += [
        asyncio.create_task(
            shop.step_in(chat, shop.random.uniform(0.5, 4), between=bool(number % 2))
        )
        for number, chat in enumerate(shop.chats[:SPOKEN_IN])
    ]
    for _ in range(3):
        await asyncio.sleep(1.3)
        await workers.kill(workers.any())
        await workers.start()
    await asyncio.gather(*talking)
    for worker in list(workers.running):
        await workers.kill(worker)
    await workers.start(2)
    ignored = [await shop.say(one.chat) for one in shop.persons]
    await shop.stored([*shop.persons, *ignored])
    await settled(shop.world.stream, 90)


async def resume(shop: Shop) -> None:
    for person in shop.persons:
        await shop.say(person.chat, "/bot on", person=True)
    async with asyncio.timeout(90):
        for one in [await shop.say(person.chat, "hola") for person in shop.persons]:
            await shop.network.answered(one)


async def test_no_word_of_the_bot_leaves_after_a_person_s_however_it_is_killed(
    servers: Servers, capsys: pytest.CaptureFixture[str]
) -> None:
    async with chaos(servers, SLOW) as world:
        shop = Shop(world)
        await live(shop)
        late, parts, learned = shop.late(), shop.parts(), await shop.fetch(LEARNED)
        cut = sum(len(each) < LONG_PARTS for each in parts.values())
        longest_s = max((max(each) for each in late.values()), default=0.0)
        linked = [row for row in learned if row["user_message"] and row["turn_id"]]
        assert await shop.fetch(AFTERWARDS) == []
        assert all(len(each) == 1 for each in late.values()), "one may be under way, not its rest"
        assert longest_s < EFFECTIVE_S
        assert (await shop.fetch(SILENCED))[0][0] == SPOKEN_IN
        assert len(linked) >= 0.9 * len(learned) == 0.9 * SPOKEN_IN
        answered = {one.chat for one in world.network.sent}
        assert answered >= set(shop.chats[SPOKEN_IN:]), "the others went on"
        await resume(shop)
    with capsys.disabled():
        sys.stdout.write(
            f" {len(parts)} answers begun, {cut} cut short, {len(late)} messages under way when a"
            f" person spoke, {1000 * longest_s:.0f} ms at most;"
            f" {len(linked)} of {len(learned)} answers linked "
        )
