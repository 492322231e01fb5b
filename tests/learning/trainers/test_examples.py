"""Sets of examples: which answers are in one, that it stays as it is, and which one is shown."""

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, update

from knowledge.examples import Examples
from learning.dataset import Steps
from learning.exemplary import chosen
from learning.following import Follower, version_id
from learning.trainers.base import OrderRefused
from learning.trainers.examples import ExamplesTrainer
from store import app, ml
from store.exemplars import Exemplar
from store.session import Store
from store.versions import ModelVersion
from tests.builders import a_turn, add_customer, add_turns, wording
from tests.contracts.trainers import an_order
from tests.fixtures.store import add_shop
from tests.learning.examples import an_example
from tests.learning.training import CURATION, job_of, office, prepared, versions, wanted


def follow(store: Store, folder: Path, most: int = 200) -> Follower:
    return Follower(store, lambda _name, _base: ExamplesTrainer(store, most), folder)


async def a_set(store: Store, shop: UUID, folder: Path, reader: str, most: int = 200) -> UUID:
    """The version that shows it."""
    job, _ = await office(store).begin(shop, wanted("examples", f"groq:{reader}"))
    assert await follow(store, folder, most).step(shop, job.id) is None
    return version_id(job.id)


async def rows(store: Store) -> list[Exemplar]:
    async with store.reading() as session:
        return list(await session.scalars(select(Exemplar).order_by(Exemplar.training_id)))


async def change(store: Store, table: type, **values: object) -> None:
    async with store.transaction() as session:
        await session.execute(update(table).values(**values))


async def test_a_dozen_rows_make_a_version_that_anybody_can_ask_for(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    built = await prepared(store, shop, tmp_path, rows=12)
    version = await a_set(store, shop, tmp_path, "small")
    (found,) = await versions(store, shop)
    assert (found.id, found.state) == (version, "candidate")
    assert (found.provider, found.model) == ("groq", "small")
    count = built.manifest["counts"]["split"]["train"]
    assert found.parameters["count"] == len(await rows(store)) == count


async def test_a_set_stays_as_it_was_while_rows_are_scored_anew(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    await prepared(store, shop, tmp_path)
    version = await a_set(store, shop, tmp_path, "small")
    before = [(one.training_id, one.answer) for one in await rows(store)]
    await change(store, ml.TrainingData, correction="otra cosa", quality_score=1)
    (found,) = await versions(store, shop)
    assert found.job_id is not None
    async with store.transaction() as session:
        again = {"state": "running", "finished_at": None, "provider_job_id": None}
        job = await job_of(store, shop, found.job_id)
        await session.execute(update(type(job)).values(**again))
    await follow(store, tmp_path).step(shop, found.job_id)
    assert [(one.training_id, one.answer) for one in await rows(store)] == before
    assert [one.id for one in await versions(store, shop)] == [version]


async def test_each_version_shows_its_own_set(store: Store, shop: UUID, tmp_path: Path) -> None:
    await prepared(store, shop, tmp_path)
    large = await a_set(store, shop, tmp_path, "large")
    await change(store, Exemplar, answer="de la primera")
    small = await a_set(store, shop, tmp_path, "small", most=3)
    examples, question = Examples(store, count=50), f"Hola, necesito {wording(3)}"
    first = await examples.like(shop, (await rows(store))[0].question, large)
    assert {shot.answer for shot in first} == {"de la primera"}
    second = [shot for one in await rows(store)
              for shot in await examples.like(shop, one.question, small)]  # fmt: skip
    assert 0 < len({shot.id for shot in second}) <= 3
    assert "de la primera" not in {shot.answer for shot in second}
    assert await examples.like(shop, question) == [], "none is active, and no answer is kept yet"


async def test_the_active_version_is_shown_where_none_is_named(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    await prepared(store, shop, tmp_path)
    version = await a_set(store, shop, tmp_path, "small")
    one = (await rows(store))[0]
    assert await Examples(store).like(shop, one.question) == []
    await change(store, ModelVersion, state="active")
    shown = await Examples(store).like(shop, one.question)
    assert shown[0].id == str(one.training_id)
    assert shown == await Examples(store).like(shop, one.question, version)
    assert shown[:1] == await Examples(store, count=1).like(shop, one.question)
    assert await Examples(store, count=0).like(shop, one.question) == []


@pytest.mark.parametrize(
    ("table", "values"),
    [(ml.TrainingData, {"rejected": True}), (app.Customer, {"no_training": True})],
)
async def test_who_takes_no_part_any_more_is_shown_to_nobody(
    store: Store, shop: UUID, tmp_path: Path, table: type, values: dict[str, object]
) -> None:
    await prepared(store, shop, tmp_path)
    version = await a_set(store, shop, tmp_path, "small")
    question = (await rows(store))[0].question
    assert await Examples(store).like(shop, question, version)
    await change(store, table, **values)
    assert await Examples(store).like(shop, question, version) == []


async def test_the_set_of_a_shop_is_its_own(store: Store, shop: UUID, tmp_path: Path) -> None:
    await prepared(store, shop, tmp_path)
    version = await a_set(store, shop, tmp_path, "small")
    question = (await rows(store))[0].question
    other = await add_shop(store, "other")
    assert await Examples(store).like(other, question, version) == []


async def test_a_dataset_without_anything_to_show_is_refused(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    customer = await add_customer(store, shop, "ana")
    link = "Mira en https://otra.example todo lo que tenemos para ti, y mucho más que eso."
    await add_turns(store, [a_turn(shop, "only", customer, bot_response=link)])
    await office(store).prepare(shop, tmp_path / "datasets", Steps(), settings=CURATION)
    job, _ = await office(store).begin(shop, wanted("examples", "groq:small"))
    assert await follow(store, tmp_path).step(shop, job.id) is None
    job = await job_of(store, shop, job.id)
    assert (job.state, job.stage) == ("failed", "refused")
    assert job.error is not None
    assert "no example that can be shown" in job.error


async def test_a_base_that_nobody_reads_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(OrderRefused, match="groq:openai/gpt-oss-20b"):
        await ExamplesTrainer(store).start(an_order(tmp_path, "x", base="gpt"))


async def test_what_people_answered_is_looked_at_before_what_the_bot_did(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    await prepared(store, shop, tmp_path, rows=30)
    async with store.transaction() as session:
        taught = select(ml.DatasetRow.training_id).where(ml.DatasetRow.split == "train").limit(1)
        answered = await session.scalar(taught)
        given = update(ml.TrainingData).where(ml.TrainingData.id == answered)
        await session.execute(given.values(author="human", quality_score=None))
    await a_set(store, shop, tmp_path, "small", most=1)
    assert [one.training_id for one in await rows(store)] == [answered]


def test_a_frequent_intent_leaves_room_for_the_others() -> None:
    many = [an_example(n, intent="precio") for n in range(20)]
    few = [an_example(100 + n, intent="envio") for n in range(2)]
    intents = [one.intent for one in chosen([*many, *few], 6)]
    assert sorted(intents) == ["envio"] * 2 + ["precio"] * 4


def test_the_best_of_an_intent_comes_first() -> None:
    praised, corrected = an_example(1, score=5), an_example(2, score=4, corrected=True)
    answered = an_example(3, score=None, demonstrated=True)
    assert chosen([praised, corrected], 1) == [corrected]
    assert chosen([praised, answered], 1) == [answered]


@pytest.mark.parametrize(
    "change",
    [{"rejected": True}, {"no_training": True}, {"question": "hola"}, {"answer": "x" * 600},
     {"answer": "Mira www.otra.example"}],
)  # fmt: skip
def test_what_cannot_be_shown_is_in_no_set(change: dict[str, object]) -> None:
    assert chosen([an_example(1, **change)], 5) == []
