"""Hand-overs as they are kept for the pages: once each, until a person takes part."""

from datetime import timedelta

from sqlalchemy import select

from capture.recorder import Recorder
from events.effects import Delivered
from events.happened import caused_by
from events.manners import HandedOver, SilenceChanged
from store.dealings import HandOver
from store.session import Store
from tests.capture.talk import START, Talk, capture

SUMMARY = ("Ana, en telegram:main, chat ana", "Pide hablar con una persona.")


def handed(talk: Talk, *, key: str = "handed", question: str = "¿hay alguien?") -> Delivered:
    place = next(talk.places)
    at = START + timedelta(seconds=place)
    event = HandedOver(
        id=caused_by(talk.conversation, key), shop=talk.shop, account=talk.account,
        conversation=talk.conversation, request_id=caused_by(talk.conversation, f"{place}"), at=at,
        received_at=at, customer=talk.customer, chat=talk.name, reason="asked",
        question=question, summary=SUMMARY,
    )  # fmt: skip
    return Delivered(event, place)


def spoke(talk: Talk) -> Delivered:
    place = next(talk.places)
    at = START + timedelta(seconds=place)
    event = SilenceChanged(
        id=caused_by(talk.conversation, f"silence {place}"), shop=talk.shop, account=talk.account,
        conversation=talk.conversation, request_id=caused_by(talk.conversation, f"{place}"), at=at,
        received_at=at, silenced=False, reason="page", by="eva",
    )  # fmt: skip
    return Delivered(event, place)


async def kept(store: Store) -> list[HandOver]:
    async with store.reading() as session:
        return list(await session.scalars(select(HandOver).order_by(HandOver.at)))


async def test_a_hand_over_is_kept_with_its_summary_and_once(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    said, asked = talk.says("¿hay alguien?"), handed(talk)
    await capture(recorder, said, asked)
    await capture(recorder, asked)
    await capture(recorder, handed(talk, question="la misma vuelta, contestada de nuevo"))

    (row,) = await kept(store)
    assert (row.reason, row.question, tuple(row.summary)) == ("asked", "¿hay alguien?", SUMMARY)
    assert row.resolved_at is None


async def test_who_takes_part_in_the_same_breath_has_answered_it(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    batch = talk.says("hola"), handed(talk), spoke(talk), handed(talk, key="another")
    await capture(recorder, *batch)
    await capture(recorder, *batch)

    first, second = await kept(store)
    assert first.resolved_at == batch[2].event.at
    assert second.resolved_at is None


async def test_what_postgres_cannot_keep_is_left_out(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    await capture(recorder, talk.says("hola"), handed(talk, question="¿ho\0la?"))
    (row,) = await kept(store)
    assert row.question == "¿hola?"
