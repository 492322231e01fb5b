"""Who has the word in a conversation, as the last of its news says."""

from datetime import datetime, timedelta
from itertools import count
from typing import Literal

from sqlalchemy import insert, select

from capture.recorder import Recorder
from events.effects import Delivered
from events.happened import caused_by
from events.manners import SilenceChanged
from store import app
from store.dealings import HandOver
from store.session import Store
from tests.capture.talk import START, Talk, capture

HOUR = timedelta(hours=1)
Reason = Literal["spoke", "command", "page", "api", "hand_over"]


def changed(
    talk: Talk, reason: Reason, *, lasts: timedelta | None = HOUR, by: str = ""
) -> Delivered:
    """None gives the word back."""
    place = next(talk.places)
    at = START + timedelta(seconds=place)
    event = SilenceChanged(
        id=caused_by(talk.conversation, f"silence {place}"), shop=talk.shop, account=talk.account,
        conversation=talk.conversation, request_id=caused_by(talk.conversation, f"{place}"), at=at,
        received_at=at, silenced=lasts is not None, until=at + lasts if lasts else None,
        reason=reason, by=by,
    )  # fmt: skip
    return Delivered(event, place)


async def standing(store: Store, talk: Talk) -> tuple[bool, datetime | None, str | None]:
    query = select(app.Conversation).where(app.Conversation.id == talk.conversation)
    async with store.reading() as session:
        found = (await session.scalars(query)).one()
    return found.silenced, found.silenced_until, found.silenced_by


def until(delivered: Delivered) -> datetime | None:
    assert isinstance(delivered.event, SilenceChanged)
    return delivered.event.until


async def test_a_conversation_shows_who_took_it_and_until_when(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    hello = talk.says("hola")
    taken = changed(talk, "page", by="eva")
    await capture(recorder, hello, taken)
    assert await standing(store, talk) == (True, until(taken), "eva")
    await capture(recorder, changed(talk, "page", lasts=None))
    assert await standing(store, talk) == (False, None, None)


async def test_who_just_writes_ends_no_longer_silence(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    hello = talk.says("hola")
    off, wrote = changed(talk, "command", lasts=30 * 24 * HOUR), changed(talk, "spoke")
    on, again = changed(talk, "command", lasts=None), changed(talk, "spoke")
    await capture(recorder, hello, off)
    await capture(recorder, wrote)
    assert await standing(store, talk) == (True, until(off), None)
    await capture(recorder, on, again)
    assert await standing(store, talk) == (True, until(again), None)


async def test_however_the_news_are_cut_and_repeated_the_same_stands(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    places = count(1)
    other = Talk(talk.shop, "bea", places=places)
    talk.places = places
    steps = [("command", 30 * 24 * HOUR), ("spoke", HOUR), ("page", None), ("spoke", HOUR),
             ("hand_over", 12 * HOUR), ("spoke", HOUR)]  # fmt: skip
    await capture(recorder, talk.says("hola"), other.says("hola"))
    for reached in range(1, len(steps) + 1):
        talk.places = other.places = count(10)
        news = [changed(talk, reason, lasts=lasts) for reason, lasts in steps[:reached]]  # type: ignore[arg-type]
        other.places = count(10)
        same = [changed(other, reason, lasts=lasts) for reason, lasts in steps[:reached]]  # type: ignore[arg-type]
        await capture(recorder, same[-1])
        await capture(recorder, *news)
        await capture(recorder, *news[:2])
        assert await standing(store, talk) == await standing(store, other)


async def test_a_person_who_takes_part_has_answered_the_hand_over(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    await capture(recorder, talk.says("quiero hablar con alguien"))
    async with store.transaction() as session:
        handed = {
            "shop_id": talk.shop, "id": caused_by(talk.conversation, "hand-over"),
            "conversation_id": talk.conversation, "reason": "asked", "question": "",
            "at": START + timedelta(seconds=2),
        }  # fmt: skip
        await session.execute(insert(HandOver).values(handed))
    own = changed(talk, "hand_over")
    await capture(recorder, own)
    assert await resolved(store) is None
    first, second = changed(talk, "spoke"), changed(talk, "spoke")
    await capture(recorder, first, second)
    await capture(recorder, first, second)
    assert await resolved(store) == first.event.at


async def resolved(store: Store) -> datetime | None:
    async with store.reading() as session:
        return await session.scalar(select(HandOver.resolved_at))
