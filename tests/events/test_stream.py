"""What each script promises: fencing, claims, dedupe, timers, trimming, safe repeats."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from msgspec.structs import replace

from events.answers import Held, LeaseLost
from events.claims import Claim, Claims
from events.contents import Sender
from events.effects import Effects, Timer
from events.envelope import fields
from events.groups import register
from events.happened import caused_by, following, named
from events.stream import Delivery, PartitionFull, Stream
from events.vocabulary import MessageReceived, ReplyDispatched, ReplySent
from services.leases import Lease

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
CHAT = named("conversation", "ana")


def said(key: str = "1", author: str = "customer") -> MessageReceived:
    event = named("message", key)
    return MessageReceived(
        id=event,
        shop=named("shop"),
        account="memory:test",
        conversation=CHAT,
        request_id=event,
        at=NOW,
        received_at=NOW,
        customer=named("customer"),
        chat="ana",
        platform_id=key,
        sender=Sender(id="ana"),
        author="human" if author == "human" else "customer",
        text="hola",
    )


def dispatched(revision: int = 1, author: str = "bot") -> ReplyDispatched:
    turn = caused_by(said().id, "turn")
    reply = caused_by(turn, f"reply:{revision}")
    envelope = following(said(), "dispatched", NOW, of=reply) | {"turn": turn}
    return ReplyDispatched(
        **envelope,
        reply=reply,
        customer=named("customer"),
        chat="ana",
        author="human" if author == "human" else "bot",
        revision=revision,
        text="buenas",
        parts=("buenas", "¿qué tal?"),
    )


async def hold(stream: Stream, holder: str = "me", ttl_ms: int = 300_000) -> Held:
    partition = stream.keys.partition(CHAT)
    token = await Lease(stream.wire, stream.keys.lease(partition), ttl_ms).acquire(holder)
    assert token is not None
    return Held(partition, token)


async def appended(stream: Stream) -> list[str]:
    key = stream.keys.stream(stream.keys.partition(CHAT))
    entries = await stream.wire.command("XRANGE", key, "-", "+")
    return [fields[1].decode() for _, fields in entries]


async def taken(stream: Stream, held: Held, group: str = "g") -> Delivery:
    read = await stream.read(held, [(group, "*", 1, b"")])
    entry, flat = read.entries[group][0]
    assert flat is not None
    return Delivery(group, entry.decode(), fields(flat))


async def test_a_message_is_appended_once_however_often_it_arrives(stream: Stream) -> None:
    new = await asyncio.gather(*(stream.ingest(said(), remember_s=60) for _ in range(10)))
    assert sorted(new) == [False] * 9 + [True]
    assert await appended(stream) == ["MessageReceived"]


async def test_a_full_partition_refuses_and_remembers_nothing(stream: Stream) -> None:
    small = Stream(stream.wire, stream.keys, limit=1)
    await small.ingest(said("1"), remember_s=60)
    with pytest.raises(PartitionFull):
        await small.ingest(said("2"), remember_s=60)
    roomy = Stream(stream.wire, stream.keys, limit=2)
    assert await roomy.ingest(said("2"), remember_s=60)


async def test_the_first_go_appends_the_dispatch_and_a_repeat_after_a_lost_answer_does_not(
    stream: Stream,
) -> None:
    held = await hold(stream)
    claim = Claim(dispatched(), 0, nonce="mine")
    assert [await Claims(stream).claim(held, claim) for _ in range(3)] == ["go"] * 3
    assert await appended(stream) == ["ReplyDispatched"]


async def test_somebody_elses_claim_is_uncertain_and_resent_as_the_policy_says(
    stream: Stream,
) -> None:
    held = await hold(stream)
    draft = dispatched()
    assert await Claims(stream).claim(held, Claim(draft, 0, nonce="dead")) == "go"
    assert await Claims(stream).claim(held, Claim(draft, 0, nonce="b", resend=0)) == "uncertain"
    assert await Claims(stream).claim(held, Claim(draft, 0, nonce="c", resend=1)) == "go"
    assert await Claims(stream).claim(held, Claim(draft, 0, nonce="d", resend=1)) == "uncertain"
    assert await Claims(stream).claim(held, Claim(draft, 0, nonce="e", resend=2)) == "go"
    assert await appended(stream) == ["ReplyDispatched"]


async def test_a_confirmed_part_is_a_duplicate_and_the_next_part_may_go(stream: Stream) -> None:
    held = await hold(stream)
    draft = dispatched()
    assert await Claims(stream).claim(held, Claim(draft, 0, nonce="a")) == "go"
    await Claims(stream).confirm(held, draft.reply, 0, "s1")
    assert await Claims(stream).claim(held, Claim(draft, 0, nonce="b", resend=2)) == "duplicate"
    assert await Claims(stream).claim(held, Claim(draft, 1, nonce="b")) == "go"


async def test_after_a_person_spoke_only_people_may_send(stream: Stream) -> None:
    held = await hold(stream)
    await stream.ingest(said("9", "human"), remember_s=60, silence_ms=60_000)
    assert await Claims(stream).claim(held, Claim(dispatched(), 0, nonce="a")) == "silenced"
    assert await Claims(stream).claim(held, Claim(dispatched(author="human"), 0, nonce="a")) == "go"


async def test_silence_also_stops_the_second_part_of_a_reply(stream: Stream) -> None:
    held = await hold(stream)
    draft = dispatched()
    assert await Claims(stream).claim(held, Claim(draft, 0, nonce="a")) == "go"
    await stream.ingest(said("9", "human"), remember_s=60, silence_ms=60_000)
    assert await Claims(stream).claim(held, Claim(draft, 1, nonce="a")) == "silenced"


async def test_a_draft_of_an_older_revision_is_stale(stream: Stream) -> None:
    held = await hold(stream)
    key = stream.keys.turn(CHAT, stream.keys.partition(CHAT))
    await stream.wire.command("HSET", key, "id", str(dispatched().turn), "revision", 2)
    assert await Claims(stream).claim(held, Claim(dispatched(1), 0, nonce="a")) == "stale"
    assert await Claims(stream).claim(held, Claim(dispatched(2), 0, nonce="a")) == "go"
    assert await stream.wire.command("EXISTS", key) == 0


async def test_what_a_draft_notes_is_remembered_once_it_leaves_and_not_of_a_stale_one(
    stream: Stream,
) -> None:
    held = await hold(stream)
    turn = stream.keys.turn(CHAT, stream.keys.partition(CHAT))
    notes = stream.keys.notes(CHAT)
    await stream.wire.command("HSET", turn, "id", str(dispatched().turn), "revision", 2)
    await stream.wire.command("HSET", notes, "old", "1")
    for revision in (1, 2):
        draft = replace(dispatched(revision), notes={"old": "", "said": str(revision)})
        for part in (0, 1):
            await Claims(stream).claim(held, Claim(draft, part, nonce="a"))
        kept = await stream.wire.command("HGETALL", notes)
        assert kept == ([b"old", b"1"] if revision == 1 else [b"said", b"2"])
    assert await stream.wire.command("TTL", notes) > 0


async def test_nothing_is_done_under_a_lost_token(stream: Stream) -> None:
    await register(stream, ["g"])
    await stream.ingest(said(), remember_s=60)
    held = await hold(stream)
    delivery = await taken(stream, held)
    zombie = Held(held.partition, "somebody:1")
    event = ReplySent(**following(said(), "sent", NOW), reply=uuid4())
    with pytest.raises(LeaseLost):
        await stream.finish(zombie, delivery, Effects([event]))
    with pytest.raises(LeaseLost):
        await stream.read(zombie, [("g", "*", 1, b"")])
    with pytest.raises(LeaseLost):
        await stream.park(zombie, delivery, "roto", 1)
    assert await Claims(stream).claim(zombie, Claim(dispatched(), 0, nonce="a")) == "lost"
    assert await appended(stream) == ["MessageReceived"]


async def test_finishing_twice_applies_the_effects_once(stream: Stream) -> None:
    await register(stream, ["g"])
    await stream.ingest(said(), remember_s=60)
    held = await hold(stream)
    delivery = await taken(stream, held)
    effects = Effects([ReplySent(**following(said(), "sent", NOW), reply=uuid4())])
    assert await stream.finish(held, delivery, effects)
    assert not await stream.finish(held, delivery, effects)
    assert await appended(stream) == ["MessageReceived", "ReplySent"]


async def test_a_timer_fires_once_and_setting_it_again_moves_it(stream: Stream) -> None:
    await register(stream, ["g"])
    held = await hold(stream)
    for key, after in (("1", 10_000), ("2", 1)):
        await stream.ingest(said(key), remember_s=60)
        event = ReplySent(**following(said(key), "late", NOW), reply=uuid4())
        timers = [Timer("same", after, event)]
        await stream.finish(held, await taken(stream, held), Effects(timers=timers))
    await asyncio.sleep(0.02)
    for _ in range(3):
        await stream.read(held, [("g", "*", 0, b"")])
    assert (await appended(stream)).count("ReplySent") == 1


async def test_trimming_keeps_what_any_group_has_not_acknowledged(stream: Stream) -> None:
    await register(stream, ["fast", "slow"])
    held = await hold(stream)
    for number in range(5):
        await stream.ingest(said(str(number)), remember_s=60)
    for _ in range(5):
        await stream.finish(held, await taken(stream, held, "fast"), Effects())
    assert await stream.trim(held) == 0
    for _ in range(3):
        await stream.finish(held, await taken(stream, held, "slow"), Effects())
    await taken(stream, held, "slow")
    await stream.trim(held)
    assert len(await appended(stream)) == 2


async def test_a_lease_has_one_holder_and_its_token_grows(stream: Stream) -> None:
    lease = Lease(stream.wire, f"{stream.keys.prefix}:{{x}}:lease", 60_000)
    first = await lease.acquire("a")
    assert first is not None
    assert await lease.acquire("b") is None
    assert await lease.renew(first)
    await stream.wire.command("PEXPIRE", lease.key, 0)
    assert not await lease.renew(first)
    second = await lease.acquire("b")
    assert second is not None
    assert int(second.split(":")[1]) > int(first.split(":")[1])
    await lease.release(first)
    assert await lease.renew(second)
