"""A customer's thumb becomes a rating of the reply it is about, and goes when it is taken back."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select

from capture.recorder import Recorder
from events.effects import Delivered
from events.vocabulary import MessageReceived, ReactionChanged
from store.ratings import Rating
from store.session import Store
from tests.capture.talk import Talk, capture
from tests.fixtures.store import add_shop


async def ratings(store: Store) -> Sequence[Rating]:
    async with store.reading() as session:
        return list(await session.scalars(select(Rating).order_by(Rating.position)))


async def thumbs(store: Store) -> list[tuple[str, int | None]]:
    return [(one.via, one.thumb) for one in await ratings(store)]


def answered(talk: Talk) -> list[Delivered]:
    return [talk.says("¿precio?"), talk.replies("9.990"), talk.sent("r1", "r2")]


def tapped(talk: Talk, side: str, reply: UUID | None = None) -> Delivered:
    assert talk.reply is not None
    done = talk.says("👍" if side == "up" else "👎", content="action")
    assert isinstance(done.event, MessageReceived)
    action = f"rate:{side}:{reply or talk.reply.reply}"
    return Delivered(msgspec.structs.replace(done.event, action=action), done.position)


@pytest.mark.parametrize("batched", [True, False], ids=["at once", "one by one"])
@pytest.mark.parametrize("emoji", ["👍", "👍🏽", "👎"])
async def test_a_reaction_on_any_part_of_a_reply_rates_it(
    recorder: Recorder, store: Store, talk: Talk, emoji: str, *, batched: bool
) -> None:
    said = [*answered(talk), talk.reacts("r2", emoji)]
    for batch in [said] if batched else [[one] for one in said]:
        await capture(recorder, *batch)
    [row] = await ratings(store)
    assert talk.reply is not None
    assert (row.training_id, row.role, row.via) == (talk.reply.reply, "customer", "reaction")
    assert row.thumb == (-1 if emoji == "👎" else 1)
    assert row.who == ""


async def test_a_reaction_that_is_changed_or_taken_back_takes_its_rating_along(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    said = [*answered(talk), talk.reacts("r1", "👍")]
    await capture(recorder, *said)
    changed = talk.reacts("r1", "👎")
    await capture(recorder, changed)
    assert await thumbs(store) == [("reaction", -1)]
    gone = talk.reacts("r1", None)
    await capture(recorder, gone)
    assert await thumbs(store) == []
    await capture(recorder, *said, changed)
    await capture(recorder, said[-1])
    assert await thumbs(store) == [], "a replay brings nothing back"


async def test_another_emoji_is_no_rating(recorder: Recorder, store: Store, talk: Talk) -> None:
    await capture(recorder, *answered(talk), talk.reacts("r1", "👍"), talk.reacts("r1", "😂"))
    assert await thumbs(store) == []


async def test_who_only_looks_on_rates_nothing(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    reaction = talk.reacts("r1", "👎").event
    assert isinstance(reaction, ReactionChanged)
    sender = msgspec.structs.replace(reaction.sender, id="beto")
    stranger = msgspec.structs.replace(reaction, sender=sender)
    await capture(recorder, *answered(talk), Delivered(stranger, next(talk.places)))
    assert await thumbs(store) == []


async def test_a_reaction_on_ones_own_message_rates_nothing(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    await capture(recorder, *answered(talk), talk.reacts("p1", "👍"))
    assert await thumbs(store) == []


async def test_the_last_tap_counts_and_is_no_word_on_the_reply(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    said = [*answered(talk), tapped(talk, "up"), tapped(talk, "down")]
    assert await capture(recorder, *said) == []
    assert await thumbs(store) == [("button", -1)]
    assert await capture(recorder, *said) == []
    assert await thumbs(store) == [("button", -1)]


async def test_a_tap_cannot_rate_what_was_said_to_somebody_else(
    recorder: Recorder, store: Store, talk: Talk, shop: UUID
) -> None:
    other = Talk(shop, name="beto")
    await capture(recorder, *answered(talk), *answered(other))
    assert talk.reply is not None
    await capture(recorder, tapped(other, "down", talk.reply.reply))
    assert await thumbs(store) == []


async def test_a_message_that_is_one_thumb_rates_the_reply_before_it(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    said = [*answered(talk), talk.says("👍🏼")]
    [follow_up] = await capture(recorder, *said)
    assert follow_up.text == "👍🏼"
    assert await thumbs(store) == [("message", 1)]
    await capture(recorder, *said, talk.says("ok 👎"))
    assert await thumbs(store) == [("message", 1)]


async def test_two_shops_rate_their_own_replies(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    other_shop = await add_shop(store, "other")
    twin = Talk(other_shop, account="telegram:other")
    await capture(recorder, *answered(talk), *answered(twin))
    await capture(recorder, talk.reacts("r1", "👍"), twin.reacts("r1", "👎"))
    found = {one.shop_id: one.thumb for one in await ratings(store)}
    assert found == {talk.shop: 1, other_shop: -1}
