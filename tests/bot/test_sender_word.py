"""Networks that tell later what became of a send, and networks that close their doors."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from typing import Literal

import msgspec
import pytest

from bot.channels.base import Ambiguous, Permanent, SendResult
from bot.channels.memory import MemoryChannel
from bot.gate import Gate
from bot.receiver import Receiver
from bot.sender import Sender
from events.claims import Claims
from events.contents import Attachment, Choice, Mark, Template
from events.contents import Sender as Person
from events.effects import Effects, Outcome, Retry
from events.happened import Happened, following, named
from events.partitions import Keys
from events.stream import Stream
from events.vocabulary import (
    DeliveryUpdated,
    ReachabilityChanged,
    ReactionChanged,
    ReplyDrafted,
    ReplySent,
    ReplyUncertain,
    ReplyWithheld,
)
from services.wire import Wire
from tests.bot.test_sender import NOW, SHOP, draft, free, hold, kinds, question

WORD_S = 2.0


class Telling(MemoryChannel):
    """A network in memory that says afterwards how far a message got."""

    status_s = WORD_S
    window_s = 86_400

    def __init__(
        self,
        script: Iterable[SendResult | None] = (),
        repeats: Literal["never", "after_status"] = "after_status",
    ) -> None:
        super().__init__(SHOP, script=script)
        self.repeats = repeats


@pytest.fixture
def stream(wire: Wire, prefix: str) -> Stream:
    return Stream(wire, Keys(prefix, 2))


def sending(stream: Stream, channel: MemoryChannel, per_minute: int = 0) -> Sender:
    gate = Gate(stream.wire, stream.keys.prefix)
    claims = Claims(stream)
    return Sender({channel.account: channel}, claims, gate, lambda: NOW, per_minute)


async def offered(stream: Stream, channel: MemoryChannel, event: Happened) -> None:
    receiver = Receiver(stream, 1000, "me", lambda _account, _reason: None)
    await receiver.ingest(channel)(event)


def asked(reply: ReplyDrafted) -> ReplyDrafted:
    return msgspec.structs.replace(reply, asked_at=NOW)


def told(reply: ReplyDrafted, part: int = 0) -> DeliveryUpdated:
    envelope = following(reply, f"told:{part}", NOW)
    return DeliveryUpdated(
        **envelope, chat="ana", platform_id="w1", state="sent", reply=reply.id, part=part
    )


async def test_a_lost_answer_is_settled_by_the_networks_word(stream: Stream) -> None:
    channel = Telling([Ambiguous("timeout")])
    held = await hold(stream, channel)
    sender, reply = sending(stream, channel), asked(draft(channel, "uno"))

    assert isinstance(await sender.on_draft(reply, held), Retry)
    await offered(stream, channel, told(reply))
    outcome = await sender.on_draft(reply, held)

    assert isinstance(outcome, Effects)
    (sent,) = outcome.events
    assert isinstance(sent, ReplySent)
    assert sent.state == "accepted"
    assert channel.replies("ana") == ["uno"]


async def test_without_a_word_it_is_sent_once_more_and_then_left_uncertain(stream: Stream) -> None:
    channel = Telling([Ambiguous("timeout"), Ambiguous("timeout")])
    held = await hold(stream, channel)
    sender, reply = sending(stream, channel), asked(draft(channel, "uno"))

    assert isinstance(await sender.on_draft(reply, held), Retry)
    assert isinstance(await sender.on_draft(reply, held), Retry)
    assert channel.replies("ana") == ["uno"]
    await asyncio.sleep(WORD_S)

    assert kinds(await sender.on_draft(reply, held)) == [ReplyUncertain]
    assert channel.replies("ana") == ["uno", "uno"]


async def test_a_payment_message_waits_for_the_word_and_is_never_sent_again(stream: Stream) -> None:
    channel = Telling([Ambiguous("timeout")])
    held = await hold(stream, channel)
    sender, reply = sending(stream, channel), asked(draft(channel, "paga", sensitive=True))

    assert isinstance(await sender.on_draft(reply, held), Retry)
    await asyncio.sleep(WORD_S)

    assert kinds(await sender.on_draft(reply, held)) == [ReplyUncertain]
    assert channel.replies("ana") == ["paga"]


async def test_what_a_dead_process_was_sending_waits_for_the_word_too(stream: Stream) -> None:
    channel = Telling()
    reply = asked(draft(channel, "uno"))
    outcomes: list[Outcome] = []
    for holder in ("first", "second", "third"):
        held = await hold(stream, channel, holder)
        outcomes.append(await sending(stream, channel).on_draft(reply, held))
        await free(stream, held)

    assert [type(outcome) for outcome in outcomes] == [Effects, Retry, Retry]
    assert channel.replies("ana") == ["uno"]


async def test_a_network_that_must_not_repeat_is_asked_once(stream: Stream) -> None:
    channel = Telling([Ambiguous("gone")], repeats="never")
    held = await hold(stream, channel)

    outcome = await sending(stream, channel).on_draft(asked(draft(channel, "uno")), held)

    assert kinds(outcome) == [ReplyUncertain]
    assert channel.replies("ana") == ["uno"]


async def test_outside_the_window_only_a_template_leaves(stream: Stream) -> None:
    channel = Telling()
    held = await hold(stream, channel)
    sender = sending(stream, channel)
    late = msgspec.structs.replace(draft(channel, "uno"), asked_at=NOW - timedelta(days=2))

    outcome = await sender.on_draft(late, held)
    assert isinstance(outcome, Effects)
    (withheld,) = outcome.events
    assert isinstance(withheld, ReplyWithheld)
    assert withheld.reason == "window"

    greeting = Template(name="hola", language="es")
    template = msgspec.structs.replace(late, id=named("t"), parts=(), extras=(greeting,))
    assert kinds(await sender.on_draft(template, held)) == [ReplySent]
    assert [part.extra for part in channel.sent] == [greeting]


@pytest.mark.parametrize("sign", ["message", "reaction"])
async def test_a_customers_sign_of_life_opens_the_window(stream: Stream, sign: str) -> None:
    channel = Telling()
    held = await hold(stream, channel)
    message = question(channel)
    reacted = ReactionChanged(
        **following(message, "liked", message.at),
        chat="ana",
        platform_id="1",
        sender=Person(id="a"),
    )
    await offered(stream, channel, message if sign == "message" else reacted)

    unasked = draft(channel, "¿sigues ahí?")
    assert kinds(await sending(stream, channel).on_draft(unasked, held)) == [ReplySent]


async def test_a_late_message_and_a_notice_of_the_network_open_nothing(stream: Stream) -> None:
    channel = Telling()
    held = await hold(stream, channel)
    message = question(channel)
    old = msgspec.structs.replace(message, at=message.received_at - timedelta(days=1, seconds=1))
    await offered(stream, channel, old)
    notice = msgspec.structs.replace(message, id=named("notice"), content="service")
    await offered(stream, channel, notice)

    outcome = await sending(stream, channel).on_draft(draft(channel, "hola"), held)
    assert kinds(outcome) == [ReplyWithheld]


async def test_nothing_leaves_to_who_blocked_us_until_they_write_again(stream: Stream) -> None:
    channel = MemoryChannel(SHOP, script=[Permanent("blocked", unreachable=True)])
    held = await hold(stream, channel)
    sender = sending(stream, channel)
    await sender.on_draft(draft(channel, "uno"), held)
    second = msgspec.structs.replace(draft(channel, "dos"), id=named("second"))

    assert kinds(await sender.on_draft(second, held)) == [ReplyWithheld]
    await offered(stream, channel, question(channel))
    assert kinds(await sender.on_draft(second, held)) == [ReplySent]
    assert channel.replies("ana") == ["dos"]


async def test_a_block_that_the_network_announces_stops_what_waits(stream: Stream) -> None:
    channel = MemoryChannel(SHOP)
    held = await hold(stream, channel)
    gone = following(question(channel), "gone", NOW)
    await offered(stream, channel, ReachabilityChanged(**gone, chat="ana", reachable=False))

    outcome = await sending(stream, channel).on_draft(draft(channel, "uno"), held)
    assert kinds(outcome) == [ReplyWithheld]


async def test_two_bots_that_met_stop_talking(stream: Stream) -> None:
    channel = MemoryChannel(SHOP)
    held = await hold(stream, channel)
    sender = sending(stream, channel, per_minute=3)
    replies = [
        msgspec.structs.replace(draft(channel, str(number)), id=named(str(number)))
        for number in range(5)
    ]

    outcomes = [await sender.on_draft(reply, held) for reply in replies]

    assert [kinds(outcome)[0] for outcome in outcomes] == [ReplySent] * 3 + [ReplyWithheld] * 2


async def test_texts_go_first_choices_under_the_last_and_each_extra_by_itself(
    stream: Stream,
) -> None:
    channel = MemoryChannel(SHOP)
    held = await hold(stream, channel)
    file = Attachment(kind="document", data=b"x", name="lista.txt")
    choices, bold = (Choice(id="si", title="Sí"),), (Mark("bold", 0, 3),)
    reply = msgspec.structs.replace(
        draft(channel, "uno", "dos"), choices=choices, marks=(bold,), extras=(file,)
    )

    await sending(stream, channel).on_draft(reply, held)

    assert [(part.text, part.marks, part.choices, part.extra) for part in channel.sent] == [
        ("uno", bold, (), None),
        ("dos", (), choices, None),
        ("", (), (), file),
    ]
