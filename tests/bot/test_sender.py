"""The sender: one claim a part, and an event for every way a send may end."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from bot.channels.base import Accepted, Ambiguous, Permanent, RetryAfter, SendResult
from bot.channels.memory import MemoryChannel
from bot.gate import Gate
from bot.sender import Sender
from events.answers import Held
from events.claims import Claims
from events.effects import Effects, Outcome, Retry
from events.happened import caused_by, following, named
from events.partitions import Keys
from events.stream import Stream
from events.vocabulary import (
    MessageReceived,
    ReplyDrafted,
    ReplyFailed,
    ReplySent,
    ReplyUncertain,
    ReplyWithheld,
)
from services.leases import Lease
from services.wire import Wire

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
SHOP = named("shop", "test")


@pytest.fixture
def stream(wire: Wire, prefix: str) -> Stream:
    return Stream(wire, Keys(prefix, 2))


def question(channel: MemoryChannel) -> MessageReceived:
    return channel.message("ana", "hola", key="1")


def draft(channel: MemoryChannel, *parts: str, sensitive: bool = False) -> ReplyDrafted:
    message = question(channel)
    turn = caused_by(message.id, "turn")
    return ReplyDrafted(
        **(following(message, "reply:1", NOW, of=turn) | {"turn": turn}),
        customer=message.customer,
        chat="ana",
        text="\n".join(parts),
        parts=parts,
        sensitive=sensitive,
    )


async def hold(stream: Stream, channel: MemoryChannel, holder: str = "me") -> Held:
    partition = stream.keys.partition(question(channel).conversation)
    token = await Lease(stream.wire, stream.keys.lease(partition), 30_000).acquire(holder)
    assert token is not None
    return Held(partition, token)


async def free(stream: Stream, held: Held) -> None:
    await stream.wire.command("DEL", stream.keys.lease(held.partition))


def network(script: Iterable[SendResult | None] = (), *, idempotent: bool = False) -> MemoryChannel:
    return MemoryChannel(SHOP, script=script, idempotent=idempotent)


def sending(stream: Stream, channel: MemoryChannel) -> Sender:
    gate = Gate(stream.wire, stream.keys.prefix)
    return Sender({channel.account: channel}, Claims(stream), gate, lambda: NOW)


def kinds(outcome: Outcome) -> list[type]:
    assert isinstance(outcome, Effects)
    return [type(event) for event in outcome.events]


async def test_every_part_is_sent_in_order_and_once(stream: Stream) -> None:
    channel = network()
    held = await hold(stream, channel)
    sender, reply = sending(stream, channel), draft(channel, "uno", "dos", "tres")
    outcome = await sender.on_draft(reply, held)
    assert kinds(outcome) == [ReplySent]
    assert channel.replies("ana") == ["uno", "dos", "tres"]


async def test_what_has_no_id_of_its_own_tells_none(stream: Stream) -> None:
    channel = network([None, Accepted("")])
    outcome = await sending(stream, channel).on_draft(
        draft(channel, "hola", "chao"), await hold(stream, channel)
    )

    assert isinstance(outcome, Effects)
    (sent,) = outcome.events
    assert isinstance(sent, ReplySent)
    assert sent.platform_ids == ("s1",)


async def test_a_limit_of_the_network_is_waited_for_and_the_same_part_goes_then(
    stream: Stream,
) -> None:
    channel = network([None, RetryAfter(3, "slow down")])
    held = await hold(stream, channel)
    sender, reply = sending(stream, channel), draft(channel, "uno", "dos")
    assert await sender.on_draft(reply, held) == Retry(3, "slow down")
    assert kinds(await sender.on_draft(reply, held)) == [ReplySent]
    assert channel.replies("ana") == ["uno", "dos"]


async def test_a_lost_answer_is_sent_once_more_and_then_left_uncertain(stream: Stream) -> None:
    channel = network([Ambiguous("timeout"), Ambiguous("timeout")])
    held = await hold(stream, channel)
    outcome = await sending(stream, channel).on_draft(draft(channel, "uno"), held)
    assert kinds(outcome) == [ReplyUncertain]
    assert channel.replies("ana") == ["uno", "uno"]


async def test_a_lost_answer_to_a_payment_message_is_never_sent_again(stream: Stream) -> None:
    channel = network([Ambiguous("timeout")])
    held = await hold(stream, channel)
    reply = draft(channel, "paga aquí", sensitive=True)
    outcome = await sending(stream, channel).on_draft(reply, held)
    assert kinds(outcome) == [ReplyUncertain]
    assert channel.replies("ana") == ["paga aquí"]


async def test_what_a_dead_process_was_sending_doubles_at_most_once(stream: Stream) -> None:
    channel = network()
    reply = draft(channel, "uno")
    for holder in ("first", "second", "third"):
        held = await hold(stream, channel, holder)
        await sending(stream, channel).on_draft(reply, held)
        await free(stream, held)
    assert channel.replies("ana") == ["uno", "uno"]


async def test_a_network_that_knows_our_key_never_doubles(stream: Stream) -> None:
    channel = network([Ambiguous("timeout")], idempotent=True)
    reply = draft(channel, "uno")
    for holder in ("first", "second", "third"):
        held = await hold(stream, channel, holder)
        await sending(stream, channel).on_draft(reply, held)
        await free(stream, held)
    assert channel.replies("ana") == ["uno"]


async def test_a_refusal_ends_the_reply_and_says_that_the_customer_is_gone(stream: Stream) -> None:
    channel = network([Permanent("blocked", unreachable=True)])
    held = await hold(stream, channel)
    outcome = await sending(stream, channel).on_draft(draft(channel, "uno"), held)
    assert [kind.__name__ for kind in kinds(outcome)] == ["ReplyFailed", "ReachabilityChanged"]
    assert isinstance(outcome, Effects)
    assert isinstance(outcome.events[0], ReplyFailed)
    assert outcome.events[0].reason == "blocked"


async def test_a_person_who_speaks_between_two_parts_stops_the_second(stream: Stream) -> None:
    channel = network([None, RetryAfter(1)])
    held = await hold(stream, channel)
    sender, reply = sending(stream, channel), draft(channel, "uno", "dos")
    await sender.on_draft(reply, held)
    message = question(channel)
    await stream.wire.command("SET", stream.keys.silence(message.conversation), "1")
    assert kinds(await sender.on_draft(reply, held)) == [ReplyWithheld]
    assert channel.replies("ana") == ["uno"]


async def test_a_reply_for_an_account_nobody_serves_waits_for_an_hour(
    stream: Stream,
) -> None:
    channel = network()
    held = await hold(stream, channel)
    sender = Sender({}, Claims(stream), Gate(stream.wire, stream.keys.prefix), lambda: NOW)
    assert isinstance(await sender.on_draft(draft(channel, "uno"), held), Retry)
    old = msgspec.structs.replace(draft(channel, "uno"), at=NOW - timedelta(hours=2))
    assert kinds(await sender.on_draft(old, held)) == [ReplyFailed]
