"""Over networks that watch for machines the bot takes as long to write as a person."""

from datetime import timedelta
from functools import partial
from statistics import median

import msgspec

from bot.channels.base import Paced, Part
from bot.channels.memory import MemoryChannel
from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.channels.whatsapp.pacing import pause_s
from bot.gate import Gate
from bot.sender import Sender
from events.claims import Claims
from events.effects import Retry
from events.happened import named
from events.partitions import Keys
from events.stream import Stream
from events.vocabulary import ReplySent, ReplyWithheld
from services.wire import Wire
from tests.bot.test_sender import NOW, SHOP, draft, hold, kinds, question


class Slow(MemoryChannel):
    """Two seconds a message."""

    def pause_s(self, part: Part) -> float:
        return 2.0 if part.text else 0.0


def later(stream: Stream, channel: MemoryChannel, seconds: float) -> Sender:
    gate = Gate(stream.wire, stream.keys.prefix)
    at = NOW + timedelta(seconds=seconds)
    return Sender({channel.account: channel}, Claims(stream), gate, lambda: at)


async def test_each_message_waits_until_a_person_would_have_written_it(
    wire: Wire, prefix: str
) -> None:
    stream, channel = Stream(wire, Keys(prefix, 2)), Slow(SHOP)
    reply, held = draft(channel, "uno", "dos"), await hold(stream, channel)
    at = partial(later, stream, channel)
    assert await at(0.5).on_draft(reply, held) == Retry(1.5, "written at a person's pace")
    assert channel.replies("ana") == []
    assert await at(2.5).on_draft(reply, held) == Retry(1.5, "written at a person's pace")
    assert channel.replies("ana") == ["uno"]
    assert kinds(await at(4).on_draft(reply, held)) == [ReplySent]
    assert channel.replies("ana") == ["uno", "dos"]


async def test_what_a_person_says_during_the_pause_still_stops_it(wire: Wire, prefix: str) -> None:
    stream, channel = Stream(wire, Keys(prefix, 2)), Slow(SHOP)
    reply, held = draft(channel, "uno"), await hold(stream, channel)
    assert isinstance(await later(stream, channel, 0).on_draft(reply, held), Retry)
    person = msgspec.structs.replace(question(channel), author="human", id=named("person"))
    await stream.ingest(person, remember_s=60, silence_ms=60_000)
    assert kinds(await later(stream, channel, 3).on_draft(reply, held)) == [ReplyWithheld]
    assert channel.replies("ana") == []


async def test_what_people_of_the_shop_write_goes_at_once(wire: Wire, prefix: str) -> None:
    stream, channel = Stream(wire, Keys(prefix, 2)), Slow(SHOP)
    reply = msgspec.structs.replace(draft(channel, "uno"), author="human")
    held = await hold(stream, channel)
    assert kinds(await later(stream, channel, 0).on_draft(reply, held)) == [ReplySent]


def test_longer_answers_take_longer_and_no_two_the_same() -> None:
    short, long = ([pause_s(f"{n}", letters) for n in range(200)] for letters in (10, 120))
    assert median(short) < 1 < median(long) < 4
    assert max(long) / min(long) > 1.5
    assert len({round(one, 6) for one in long}) == 200
    assert pause_s("a", 50) == pause_s("a", 50), "the same at every attempt"
    assert pause_s("a", 10_000) < 6
    assert issubclass(WhatsAppChannel, Paced)
