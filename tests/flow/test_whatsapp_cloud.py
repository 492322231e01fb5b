"""A customer on WhatsApp: a signed webhook becomes an answer, and what became of it is heard."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.backing import Backing
from app.plugins import App
from bot.channels.whatsapp_cloud.channel import WhatsAppCloudChannel, whatsapp_cloud
from events.effects import NOTHING, Outcome
from events.happened import Happened
from events.manners import SilenceChanged
from events.vocabulary import (
    DeliveryUpdated,
    MessageReceived,
    ReachabilityChanged,
    ReplySent,
    ReplyUncertain,
    ReplyWithheld,
)
from services.state import Endpoints
from tests.contracts.network import until
from tests.contracts.whatsapp_cloud import mount, settings
from tests.fixtures.bots import Bot, bot, knobs
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
    running: Bot | None = None

    async def received(self, event: MessageReceived) -> Outcome:
        return self._heard(event)

    async def sent(self, event: ReplySent) -> Outcome:
        return self._heard(event)

    async def uncertain(self, event: ReplyUncertain) -> Outcome:
        return self._heard(event)

    async def withheld(self, event: ReplyWithheld) -> Outcome:
        return self._heard(event)

    async def updated(self, event: DeliveryUpdated) -> Outcome:
        return self._heard(event)

    async def silenced(self, event: SilenceChanged) -> Outcome:
        return self._heard(event)

    async def reached(self, event: ReachabilityChanged) -> Outcome:
        return self._heard(event)

    def _heard(self, event: Happened) -> Outcome:
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
    extension.listen(ReplyWithheld, heard.withheld)
    extension.listen(DeliveryUpdated, heard.updated)
    extension.listen(ReachabilityChanged, heard.reached)
    extension.listen(SilenceChanged, heard.silenced)
    async with mounted() as (base, routes), bot(backing, knobs(prefix), extension) as running:
        channel = running.parts.channels["whatsapp_cloud:main"]
        assert isinstance(channel, WhatsAppCloudChannel)
        ingest = running.running.receiver.ingest(channel)
        await api.subscribe(base + mount(routes, channel, ingest))
        heard.running = running
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


async def test_after_a_person_answered_from_the_phone_the_bot_is_silent(
    api: GraphApi, backing: Backing, prefix: str
) -> None:
    async with shop(api, backing, prefix) as heard:
        api.echo("Yo te atiendo, Ana")
        api.customer_says(PRICE)
        await until(lambda: len(heard.of(MessageReceived)) == 2 and bool(heard.of(SilenceChanged)))
        assert heard.running is not None
        await heard.running.settled()

    assert {one.author for one in heard.of(MessageReceived)} == {"human", "customer"}
    assert len({event.conversation for event in heard.events}) == 1
    (silence,) = heard.of(SilenceChanged)
    assert (silence.silenced, silence.reason) == (True, "spoke")
    assert api.sent == []


async def test_a_message_that_was_accepted_and_failed_later_is_told_with_its_code(
    api: GraphApi, backing: Backing, prefix: str
) -> None:
    async with shop(api, backing, prefix) as heard:
        api.fail_later(131026)
        api.customer_says(PRICE)
        await until(lambda: bool(heard.of(ReachabilityChanged)))

    (failed,) = heard.of(DeliveryUpdated)
    assert failed.state == "failed"
    assert "131026" in failed.reason
    assert [one.reachable for one in heard.of(ReachabilityChanged)] == [False]


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
        await until(lambda: bool(heard.of(ReplySent) or heard.of(ReplyUncertain)))

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
        await until(lambda: len(api.sent) == len(others))

    assert {body["to"] for body in api.sent} == {customer.wa_id for customer in others}
