from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import select, update

from capture.recorder import Recorder
from evaluation.combining import LEXICON
from evaluation.scorer import Scorer
from evaluation.scoring import Evidence
from evaluation.words import LEXICON_VERSION
from events.effects import NOTHING, Delivered, Effects, Retry
from events.happened import caused_by
from events.vocabulary import FollowUpCaptured, ReplyScored
from store import ml
from store.session import Store, open_store
from tests.capture.talk import START, Talk, capture

LATER = START + timedelta(days=1)


@pytest.fixture
def scorer(store: Store) -> Scorer:
    return Scorer(store, clock=lambda: LATER)


async def answered(store: Store, shop: UUID, *texts: str) -> list[FollowUpCaptured]:
    talk = Talk(shop)
    batch = [talk.says("¿tienen poleras?")]
    for text in texts:
        batch += [talk.replies("Sí, a $9.990. ¿Te la reservo?"), talk.says(text)]
    return await capture(Recorder(store), *batch)


async def score(scorer: Scorer, *events: FollowUpCaptured) -> list[ReplyScored]:
    outcomes = await scorer.on_batch([Delivered(event, 1) for event in events])
    scored = []
    for outcome in outcomes:
        assert isinstance(outcome, Effects)
        scored += [event for event in outcome.events if isinstance(event, ReplyScored)]
    return scored


async def rows(store: Store) -> Sequence[ml.TrainingData]:
    async with store.reading() as session:
        found = await session.scalars(select(ml.TrainingData).order_by(ml.TrainingData.position))
        return found.all()


async def judgements(store: Store) -> Sequence[ml.Score]:
    async with store.reading() as session:
        return (await session.scalars(select(ml.Score).order_by(ml.Score.training_id))).all()


async def test_a_judgement_is_kept_cached_and_told(
    scorer: Scorer, store: Store, shop: UUID
) -> None:
    (event,) = await answered(store, shop, "¡genial, lo quiero!")
    (scored,) = await score(scorer, event)
    assert (scored.score, scored.successful) == (5, True)
    assert scored.evidence
    assert (scored.id, scored.training_id, scored.shop, scored.request_id) == (
        caused_by(event.id, "score"), event.training_id, shop, event.request_id,
    )  # fmt: skip
    (row,) = await rows(store)
    assert (row.quality_score, row.quality_label, row.quality_confidence, row.is_successful) == (
        scored.score, scored.label, scored.confidence, True,
    )  # fmt: skip
    assert row.evaluated_at == LATER
    (kept,) = await judgements(store)
    assert (kept.scorer, kept.version, kept.score, kept.created_at) == (
        LEXICON, LEXICON_VERSION, 5, LATER,
    )  # fmt: skip
    assert {"rule", "text", "weight"} == set(kept.evidence[0])


async def test_each_reply_of_a_batch_gets_its_own_score(
    scorer: Scorer, store: Store, shop: UUID
) -> None:
    events = await answered(store, shop, "excelente, muchas gracias", "no me sirve, pésimo")
    good, bad = await score(scorer, *events)
    assert (good.score or 0) >= 4
    assert (bad.score or 5) <= 2
    assert [row.quality_score for row in await rows(store)] == [good.score, bad.score]


async def test_what_says_nothing_has_no_score(scorer: Scorer, store: Store, shop: UUID) -> None:
    (event,) = await answered(store, shop, "24")
    (scored,) = await score(scorer, event)
    assert (scored.score, scored.label) == (None, "no_signal")
    (row,) = await rows(store)
    assert (row.quality_score, row.quality_label, row.is_successful) == (None, "no_signal", False)
    assert row.evaluated_at == LATER


async def test_a_sticker_is_no_word_even_when_it_carries_an_emoji(
    scorer: Scorer, store: Store, shop: UUID
) -> None:
    (event,) = await answered(store, shop, "👍 genial")
    (scored,) = await score(scorer, msgspec.structs.replace(event, content="sticker"))
    assert scored.label == "no_signal"


async def test_a_replay_says_the_same_and_hides_no_later_judge(
    scorer: Scorer, store: Store, shop: UUID
) -> None:
    (event,) = await answered(store, shop, "gracias")
    first = await score(scorer, event, event)
    assert len(first) == 2
    async with store.transaction() as session:
        await session.execute(
            update(ml.TrainingData).values(quality_score=2, quality_label="judge")
        )
    assert await score(Scorer(store), event) == first[:1] == first[1:]
    (row,) = await rows(store)
    assert (row.quality_score, row.quality_label, row.evaluated_at) == (2, "judge", LATER)
    assert len(await judgements(store)) == 1


async def test_a_shop_s_own_signal_counts(store: Store, shop: UUID) -> None:
    def asked_for_an_invoice(text: str) -> Evidence | None:
        return Evidence("invoice", "factu\0ra", 3) if "factura" in text else None

    (event,) = await answered(store, shop, "con factura")
    (scored,) = await score(Scorer(store, (asked_for_an_invoice,)), event)
    assert scored.score == 5
    (kept,) = await judgements(store)
    assert kept.evidence[0] == {"rule": "invoice", "text": "factura", "weight": 3.0}


async def test_a_row_that_is_gone_is_no_reason_to_stop(scorer: Scorer, shop: UUID) -> None:
    talk = Talk(shop)
    ghost = FollowUpCaptured(
        id=uuid4(), shop=shop, account=talk.account, conversation=talk.conversation,
        request_id=uuid4(), at=START, received_at=START, training_id=uuid4(), follow_up=uuid4(),
        question="", reply_text="", text="gracias",
    )  # fmt: skip
    assert len(await score(scorer, ghost)) == 1


async def test_other_events_are_let_through(scorer: Scorer, shop: UUID) -> None:
    assert await scorer.on_batch([Talk(shop).says("hola")]) == [NOTHING]
    assert await scorer.on_batch([]) == []


async def test_a_database_that_is_down_makes_everything_wait(store: Store, shop: UUID) -> None:
    events = await answered(store, shop, "gracias", "ok")
    down = open_store("postgresql://nobody@127.0.0.1:1/none", role="pipeline")
    outcomes = await Scorer(down).on_batch([Delivered(event, 1) for event in events])
    assert [type(outcome) for outcome in outcomes] == [Retry, Retry]
    await down.close()
