"""People's labels decide the score, are masked, and teach a scorer that has to prove itself."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from evaluation.labelling import Clerk, Given, LabelRefused
from evaluation.learned import TrainedScorers
from evaluation.opinions import PEOPLE, compare
from evaluation.rescoring import History
from evaluation.scorer import Scorer
from evaluation.teaching import School
from evaluation.training import TooFewLabels
from events.effects import Delivered
from store.labels import labels, unlabelled
from store.session import Store
from tests.capture.talk import Talk
from tests.evaluation.measures import answered, follow_ups
from tests.evaluation.talks import LATER, REPLY, Rows, heard, talked
from tests.fixtures.store import add_shop


@pytest.fixture
def rows(store: Store) -> Rows:
    return Rows(store)


@pytest.fixture
def clerk(store: Store, shop: UUID) -> Clerk:
    return Clerk(store, shop)


async def test_a_label_is_the_reply_s_score_at_once(
    clerk: Clerk, store: Store, shop: UUID, rows: Rows
) -> None:
    (event,) = await talked(store, shop, "gracias")
    given = Given(2, "ana", event.training_id)
    assert await clerk.take([given], LATER) == 1
    assert (await rows.cached())["gracias"] == (2, "labelled")

    await clerk.take([replace(given, score=4), replace(given, by="eva", score=5)], LATER)
    assert await rows.said_by("human") == [(4, "labelled")]
    assert len(await rows.all("SELECT id FROM ml.reply_label")) == 2


async def test_that_nothing_was_said_is_a_label_too(
    clerk: Clerk, store: Store, shop: UUID, rows: Rows
) -> None:
    (event,) = await talked(store, shop, "gracias")
    await clerk.take([Given(None, "ana", event.training_id)], LATER)
    assert (await rows.cached())["gracias"][0] is None


async def test_labels_of_unknown_replies_are_refused_all_of_them(
    clerk: Clerk, store: Store, shop: UUID, rows: Rows
) -> None:
    (event,) = await talked(store, shop, "gracias")
    other = await add_shop(store, "other")
    (foreign,) = await talked(store, other, "gracias", name="eva")
    for stranger in (uuid4(), foreign.training_id):
        with pytest.raises(LabelRefused, match=str(stranger)):
            await clerk.take([Given(1, "ana", event.training_id), Given(1, "ana", stranger)], LATER)
    assert await rows.all("SELECT id FROM ml.reply_label") == []


async def test_a_person_s_own_turn_is_not_labelled(clerk: Clerk, store: Store, shop: UUID) -> None:
    talk = Talk(shop)
    said = [talk.says("hola"), talk.replies(REPLY, author="human"), talk.says("gracias")]
    await heard(store, said)
    async with store.batch() as connection:
        assert await unlabelled(connection, shop, "ana", 5) == []


async def test_texts_from_elsewhere_are_masked(clerk: Clerk, store: Store, shop: UUID) -> None:
    given = Given(1, "ana", None, "Cuesta $9.990", "soy ana@correo.cl, qué robo", "de un archivo")
    await clerk.take([given, given], LATER)
    async with store.batch() as connection:
        (kept,) = await labels(connection, shop)
    assert (kept.next, kept.score, kept.training) == ("soy [MAIL_1], qué robo", 1, None)


async def test_the_next_one_is_drawn_blind_and_never_twice(
    clerk: Clerk, store: Store, shop: UUID
) -> None:
    await talked(store, shop, "gracias", "muy caro", "24")
    seen: list[UUID] = []
    async with store.batch() as connection:
        while drawn := await unlabelled(connection, shop, "ana", 1, seen):
            assert not hasattr(drawn[0], "score")
            seen.append(drawn[0].id)
    assert len(set(seen)) == 3
    await clerk.take([Given(3, "ana", seen[0])], LATER)
    async with store.batch() as connection:
        left = [one.id for one in await unlabelled(connection, shop, "ana", 5)]
        others = await unlabelled(connection, shop, "eva", 5)
    assert left == seen[1:]
    assert len(others) == 3


async def taught(clerk: Clerk) -> None:
    """What people said, in a file: some of it is frozen."""
    dev, test = answered("dev"), answered("test")
    more = [*follow_ups("dev"), *follow_ups("test")]
    given = [Given(row.score, "ana", None, row.reply, row.next) for row in dev]
    given += [Given(row.score, "ana", None, "", row.text) for row in more]
    given += [Given(row.score, "ana", None, row.reply, row.next, frozen=True) for row in test]
    await clerk.take(given, LATER)


async def test_a_shop_learns_uses_what_is_proved_and_judges_again(
    clerk: Clerk, store: Store, shop: UUID, rows: Rows
) -> None:
    (event,) = await talked(store, shop, "no puedo ninguno de esos días")
    await taught(clerk)
    school = School(store, shop, 500)
    assert await school.due(LATER)
    first = await school.train()
    assert (first.version, first.active) == (1, True)
    assert first.gain.low > 0
    assert not await school.due(LATER + timedelta(days=6))

    trained = TrainedScorers(store)
    learned = (await trained.of(shop)).learned
    assert learned is not None
    again = await replace(school, learned=learned).train()
    assert (again.version, again.active) == (2, False)
    assert "no proof" in again.why

    fresh = await History(store, shop, learned=learned).rescore("trained", LATER)
    assert fresh.fresh == 1
    assert len(await rows.said_by("trained")) == 1
    scorer = Scorer(store, clock=lambda: LATER, trained=trained)
    await scorer.on_batch([Delivered(event, 1)])
    assert len(await rows.said_by("trained")) == 1
    await scorer.close()

    found = await compare(store, shop, (), learned)
    assert found["trained"].cases == len({(row.reply, row.next) for row in answered("test")})
    assert found["trained"].macro_f1 > found["lexicon"].macro_f1 - 0.1
    assert found["lexicon"].cases > 1_000


async def test_nothing_is_learned_of_too_little(clerk: Clerk, store: Store, shop: UUID) -> None:
    await clerk.take([Given(5, "ana", None, "", "gracias por todo")], LATER)
    school = School(store, shop, 500)
    assert not await school.due(LATER)
    with pytest.raises(TooFewLabels, match="499 more"):
        await school.train()


async def test_people_are_compared_with_each_other(clerk: Clerk, store: Store, shop: UUID) -> None:
    events = await talked(store, shop, "gracias", "muy caro", "24")
    scores = {"ana": (5, 2, None), "eva": (4, 2, None)}
    for by, said in scores.items():
        pairs = zip(said, events, strict=True)
        await clerk.take([Given(score, by, one.training_id) for score, one in pairs], LATER)
    found = await compare(store, shop, (), None)

    assert found[PEOPLE].cases == 3
    assert found[PEOPLE].exact == pytest.approx(2 / 3, abs=1e-3)
    assert found["lexicon"].cases == 3


async def test_each_shop_has_its_own_labels(clerk: Clerk, store: Store) -> None:
    other = await add_shop(store, "other")
    await clerk.take([Given(5, "ana", None, "", "gracias")], LATER)
    assert (await School(store, other, 500).lessons()).taught == []
    assert await compare(store, other, (), None) == {}
