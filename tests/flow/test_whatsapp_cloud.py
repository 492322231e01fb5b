"""A customer on WhatsApp: a signed webhook becomes an answer, and what became of it is heard."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.backing import Backing
from app.plugins import App
from bot.channels.whatsapp_cloud import WhatsAppCloudChannel, whatsapp_cloud
from events.effects import NOTHING, Outcome
from events.happened import Happened
from events.stream import Stream
from events.vocabulary import DeliveryUpdated, MessageReceived, ReplySent, ReplyUncertain
from services.state import Endpoints
from services.wire import Wire
from tests.contracts.network import SHOP, until
from tests.contracts.whatsapp_cloud import mount, settings
from tests.fixtures.bots import bot, knobs
from tests.servers import graph_faults as faults
from tests.servers.graph import GraphApi, serving
from tests.servers.graph_customers import ANA, HIDDEN, Customer, webhook
from tests.servers.graph_webhook import SIGNATURE, signature
from tests.servers.pages import mounted

PRICE = "¿cuánto cuesta la mochila urbana azul?"


@dataclass
class Heard:
    """What the stream says, to whoever listens."""

    events: list[Happened] = field(default_factory=list)

    async def received(self, event: MessageReceived) -> Outcome:
        self.events.append(event)
        return NOTHING

    async def sent(self, event: ReplySent) -> Outcome:
        self.events.append(event)
        return NOTHING

    async def uncertain(self, event: ReplyUncertain) -> Outcome:
        self.events.append(event)
        return NOTHING

    async def updated(self, event: DeliveryUpdated) -> Outcome:
        self.events.append(event)
        return NOTHING

    def of(self, kind: type[Happened]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


@pytest.fixture
async def api() -> AsyncIterator[GraphApi]:
    async with serving(GraphApi(tells=("sent", "delivered", "read"), windowed=True)) as api:
        yield api
        assert api.wrong == []


@asynccontextmanager
async def shop(api: GraphApi, backing: Backing, prefix: str) -> AsyncIterator[Heard]:
    """A bot whose number Meta knows, and calls."""
    extension, heard = App(), Heard()
    extension.channel(
        "whatsapp_cloud", lambda here: whatsapp_cloud(settings(api), here.shop, here.wire, prefix)
    )
    extension.listen(MessageReceived, heard.received)
    extension.listen(ReplySent, heard.sent)
    extension.listen(ReplyUncertain, heard.uncertain)
    extension.listen(DeliveryUpdated, heard.updated)
    async with mounted() as (base, routes), bot(backing, knobs(prefix), extension) as running:
        channel = running.parts.channels["whatsapp_cloud:main"]
        assert isinstance(channel, WhatsAppCloudChannel)
        ingest = running.running.receiver.ingest(channel)
        await api.subscribe(base + mount(routes, channel, ingest))
        yield heard


async def test_a_customer_is_answered_and_hears_of_delivery_come_back(
    api: GraphApi, backing: Backing, prefix: str
) -> None:
    async with shop(api, backing, prefix) as heard:
        asked = api.customer_says(PRICE)
        await until(lambda: len(heard.of(DeliveryUpdated)) == 3 and bool(heard.of(ReplySent)))

    (body,) = api.sent
    (sent,) = heard.of(ReplySent)
    assert "24.990" in body["text"]["body"]
    assert body["to"] == ANA.wa_id
    assert body["biz_opaque_callback_data"] == f"{sent.reply}:0"
    assert (sent.state, sent.platform_ids) == ("accepted", (body["id"],))
    updates = heard.of(DeliveryUpdated)
    assert [one.state for one in updates] == ["sent", "delivered", "read"]
    assert {(one.reply, one.part, one.platform_id) for one in updates} == {
        (sent.reply, 0, body["id"])
    }
    assert {one.conversation for one in (*updates, *heard.of(MessageReceived))} == {
        sent.conversation
    }
    assert [receipt["message_id"] for receipt in api.receipts] == [asked]


async def test_who_hides_the_phone_is_answered_by_their_id(
    api: GraphApi, backing: Backing, prefix: str
) -> None:
    async with shop(api, backing, prefix) as heard:
        api.customer_says(PRICE, HIDDEN)
        await until(lambda: len(heard.of(DeliveryUpdated)) == 3)

    (body,) = api.sent
    assert body["recipient"] == HIDDEN.bsuid
    assert "to" not in body
    assert len({event.conversation for event in heard.events}) == 1


async def test_a_forged_call_changes_nothing(api: GraphApi, backing: Backing, prefix: str) -> None:
    async with shop(api, backing, prefix) as heard:
        value = api.number.value(ANA, messages=[api.message(ANA, "text", {"body": "¿precio?"})])
        body = webhook(api.number.entry(value))
        raw = json.dumps(body).encode()
        true = signature(raw, api.app_secret)
        assert api.hook is not None
        for headers in (
            {},
            {SIGNATURE: "sha256=ñ"},
            {SIGNATURE: signature(raw, "guessed")},
            {SIGNATURE: true.removeprefix("sha256=")},
        ):
            assert await api.hook.post(raw, headers) == 403
        rewritten = json.dumps(body, indent=1).encode()
        assert await api.hook.post(rewritten, {SIGNATURE: true}) == 403
        assert heard.events == []
        assert await api.hook.post(raw, {SIGNATURE: true}) == 200
        await until(lambda: bool(api.sent))


async def test_an_answer_that_was_lost_is_not_sent_again_once_its_status_is_heard(
    api: GraphApi, backing: Backing, prefix: str
) -> None:
    async with shop(api, backing, prefix) as heard:
        api.fail("messages", faults.RESETS_DELIVERED)
        api.customer_says(PRICE)
        await until(lambda: bool(heard.of(ReplySent) or heard.of(ReplyUncertain)), 20)

    assert len(api.sent) == 1
    assert [type(event) for event in heard.events if not isinstance(event, DeliveryUpdated)] == [
        MessageReceived,
        ReplySent,
    ]


async def test_customers_whose_limit_is_reached_hold_up_nobody_else(
    api: GraphApi, backing: Backing, prefix: str
) -> None:
    """Two at once: with other limits that would mean that the whole number is slowed down."""
    limited, others = (
        [Customer(f"569{of}{n}", None) for n in range(count)]
        for of, count in (("1111222", 2), ("3333444", 5))
    )
    async with shop(api, backing, prefix):
        for customer in limited:
            api.fail("messages", *[faults.PAIR] * 3, to=customer.wa_id)
            api.customer_says(PRICE, customer)
        await until(lambda: len([1 for what, _ in api.calls if what == "messages"]) == 2)
        for customer in others:
            api.customer_says(PRICE, customer)
        await until(lambda: len(api.sent) == len(others), 5)

    assert {body["to"] for body in api.sent} == {customer.wa_id for customer in others}


async def test_while_redis_is_away_meta_is_told_to_come_back_and_nothing_is_lost_or_doubled(
    api: GraphApi, wire: Wire, stream: Stream, prefix: str
) -> None:
    channel = whatsapp_cloud(settings(api), SHOP, wire, prefix)

    async def ingest(event: Happened) -> bool:
        return await stream.ingest(event, remember_s=channel.dedupe_s, silence_ms=0)

    first, second = (
        api.number.value(ANA, messages=[
            api.message(ANA, "text", {"body": f"{name} {number}"}) for number in range(2)
        ])
        for name in ("uno", "dos")
    )  # fmt: skip
    async with mounted() as (base, routes):
        hook = await api.subscribe(base + mount(routes, channel, ingest))
        await wire.redis.client_pause(5400, all=True)
        api.push(webhook(api.number.entry(first), api.number.entry(second)))
        await until(lambda: 200 in hook.statuses, 20)
        for _ in range(2):
            api.push(json.loads(hook.posted[0]))
        await until(lambda: not hook.waiting)
    await channel.close()

    lengths = [await wire.command("XLEN", stream.keys.stream(n)) for n in range(4)]
    assert hook.statuses[0] == 503
    assert sum(lengths) == 4
