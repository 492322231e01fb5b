"""Customers who turn out to be one person."""

import asyncio
import random
from datetime import timedelta
from itertools import count
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from capture.recorder import Recorder
from events.contents import Alias
from events.effects import Delivered, Effects
from store import afterwards, app
from store.ledger import LedgerEntry
from store.session import Store
from tests.capture.talk import START, Talk, capture
from tests.fixtures.store import add_shop

PHONE, LID, BSUID = Alias("phone", "+56911112222"), Alias("lid", "77@lid"), Alias("bsuid", "CL.9")


async def people(store: Store, shop: UUID) -> dict[UUID, UUID | None]:
    async with store.reading() as session:
        query = select(app.Customer.id, app.Customer.merged_into).where(
            app.Customer.shop_id == shop
        )
        return {row.id: row.merged_into for row in await session.execute(query)}


async def owners(store: Store, shop: UUID) -> set[UUID]:
    """Whom names and conversations point to."""
    async with store.reading() as session:
        found = [
            await session.scalars(select(model.customer_id).where(model.shop_id == shop))
            for model in (app.CustomerAlias, app.Conversation)
        ]
        return {id_ for ids in found for id_ in ids}


def talks(shop: UUID, *names: str) -> list[Talk]:
    places = count(1)
    return [Talk(shop, name, places=places) for name in names]


async def test_every_name_a_network_gives_is_kept_and_none_is_needed(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    talk.account = "whatsapp_cloud:main"
    await capture(recorder, talk.says("hola", aliases=[BSUID]), talk.says("yo", aliases=[PHONE]))
    async with store.reading() as session:
        rows = await session.execute(
            select(app.CustomerAlias.channel, app.CustomerAlias.external_id).order_by(
                app.CustomerAlias.channel
            )
        )
        assert [tuple(row) for row in rows] == [
            ("bsuid", "CL.9"), ("phone", "+56911112222"), ("whatsapp_cloud", "ana"),
        ]  # fmt: skip


@pytest.mark.parametrize("together", [True, False])
async def test_two_customers_with_one_phone_are_the_one_who_was_first(
    recorder: Recorder, store: Store, shop: UUID, *, together: bool
) -> None:
    first, second = talks(shop, "telegram ana", "whatsapp ana")
    second.profile = "Ana"
    batch = [
        first.says("hola"), second.says("hola"), first.says("yo", aliases=[PHONE]),
        second.says("soy yo", aliases=[PHONE]),
    ]  # fmt: skip
    with capture_logs() as logs:
        for one in [batch] if together else [[event] for event in batch]:
            await capture(recorder, *one)
    assert await people(store, shop) == {first.customer: None, second.customer: first.customer}
    assert await owners(store, shop) == {first.customer}
    async with store.reading() as session:
        kept = await session.get_one(app.Customer, (shop, first.customer))
        assert kept.name == "Ana"
        merge = (await session.scalars(select(afterwards.CustomerMerge))).one()
        assert (merge.kept_id, merge.evidence) == (first.customer, "phone")
        assert merge.at == batch[-1].event.at
    (line,) = [log for log in logs if log["event"] == "customers.merged"]
    assert line["evidence"] == "phone"
    assert PHONE.id not in str(line)


@pytest.mark.parametrize("together", [True, False])
async def test_who_got_a_used_number_does_not_become_who_had_it(
    recorder: Recorder, store: Store, shop: UUID, *, together: bool
) -> None:
    """Each has an id of their own at the network, which a number is not."""
    ana, bea, telegram = talks(shop, "ana", "bea", "bea on Telegram")
    hers = [Alias("lid", "88"), PHONE]
    batch = [
        ana.says("hola", aliases=[LID, PHONE]), bea.says("hola", aliases=hers),
        telegram.says("soy yo", aliases=[PHONE]), ana.says("sigo aquí", aliases=[LID]),
    ]  # fmt: skip
    for one in [batch] if together else [[event] for event in batch]:
        await capture(recorder, *one)
    await capture(Recorder(store), bea.says("otra vez", aliases=hers))

    found = await people(store, shop)
    assert found == {ana.customer: None, bea.customer: None, telegram.customer: bea.customer}


async def test_a_chain_of_evidence_ends_at_one_person(
    recorder: Recorder, store: Store, shop: UUID
) -> None:
    ana, bea, carla = talks(shop, "ana", "bea", "carla")
    await capture(recorder, ana.says("1"), bea.says("2"), carla.says("3", aliases=[LID]))
    await capture(recorder, bea.says("4", aliases=[LID, PHONE]))
    await capture(recorder, ana.says("5", aliases=[PHONE]))
    found = await people(store, shop)
    assert found == {ana.customer: None, bea.customer: ana.customer, carla.customer: ana.customer}
    assert await owners(store, shop) == {ana.customer}


async def test_who_became_somebody_else_stays_them_in_new_conversations(
    recorder: Recorder, store: Store, shop: UUID
) -> None:
    ana, bea = talks(shop, "ana", "bea")
    await capture(recorder, ana.says("1", aliases=[LID]), bea.says("2", aliases=[LID]))
    bea.account = "telegram:other"
    await capture(Recorder(store), bea.says("3", aliases=[PHONE]))
    await capture(recorder, bea.says("4"), bea.replies("5"))
    assert await owners(store, shop) == {ana.customer}


async def test_a_wish_not_to_be_learned_from_outlives_the_merge(
    recorder: Recorder, store: Store, shop: UUID
) -> None:
    ana, bea = talks(shop, "ana", "bea")
    await capture(recorder, ana.says("1"), bea.says("2", aliases=[LID]))
    async with store.transaction() as session:
        wish = update(app.Customer).where(app.Customer.id == bea.customer)
        left = {"opted_out_at": START}
        await session.execute(wish.values(no_training=True, tone="formal", **left))
    await capture(recorder, ana.says("3", aliases=[LID]))
    async with store.reading() as session:
        kept = await session.get_one(app.Customer, (shop, ana.customer))
        assert (kept.no_training, kept.tone, kept.intensity) == (True, "formal", 0.5)
        assert kept.opted_out_at == START, "who does not want to be written to is no other person"


async def test_two_shops_never_share_a_person(recorder: Recorder, store: Store, shop: UUID) -> None:
    other = Talk(await add_shop(store, "other"), "bea")
    ana = Talk(shop)
    await capture(recorder, ana.says("1", aliases=[PHONE]), other.says("2", aliases=[PHONE]))
    assert await people(store, shop) == {ana.customer: None}
    assert await people(store, other.shop) == {other.customer: None}


async def test_a_blank_name_is_nobody_s(recorder: Recorder, store: Store, shop: UUID) -> None:
    ana, bea = talks(shop, "ana", "bea")
    blanks = [Alias("phone", ""), Alias("lid", " \0\ud800")]
    await capture(recorder, ana.says("1", aliases=blanks), bea.says("2", aliases=blanks))
    assert await people(store, shop) == {ana.customer: None, bea.customer: None}


@pytest.mark.parametrize("seed", range(4))
async def test_processes_that_learn_at_once_find_the_same_persons(store: Store, seed: int) -> None:
    """Each has conversations of its own; the names they hear join customers across all of them."""
    shop = await add_shop(store, f"shop-{uuid4()}")
    draw = random.Random(seed)  # noqa: S311  no secret
    crowd = talks(shop, *(f"c{number}" for number in range(12)))
    halves = crowd[:6], crowd[6:]
    batches: list[list[list[Delivered]]] = [[], []]
    joined = {talk.customer: {talk.customer} for talk in crowd}
    heard: dict[Alias, UUID] = {}
    for _ in range(10):
        for half, todo in zip(halves, batches, strict=True):
            batch = []
            for talk in draw.sample(half, 3):
                alias = Alias("phone", str(draw.randrange(10)))
                batch.append(older(talk.says("hola", aliases=[alias]), crowd.index(talk)))
                one = joined[heard.setdefault(alias, talk.customer)] | joined[talk.customer]
                joined |= dict.fromkeys(one, one)
            todo.append(batch)

    async def process(todo: list[list[Delivered]]) -> None:
        recorder = Recorder(store)
        for batch in todo:
            outcomes = await recorder.on_batch(batch)
            assert all(isinstance(one, Effects) for one in outcomes), "nobody waits in a circle"

    await asyncio.gather(*(process(todo) for todo in batches))
    found = await people(store, shop)
    persons = {id_: merged or id_ for id_, merged in found.items()}
    for id_, person in persons.items():
        assert found[person] is None
        same = {other for other, its in persons.items() if its == person}
        assert same == joined[id_] & set(found)
    assert await owners(store, shop) == set(persons.values())


def older(delivered: Delivered, rank: int) -> Delivered:
    """First heard of at a time of its own, in whatever order it is processed."""
    event = delivered.event
    at = event.received_at + timedelta(days=rank)
    return Delivered(msgspec.structs.replace(event, received_at=at), delivered.position)


async def test_what_was_noted_of_somebodys_money_comes_along(
    recorder: Recorder, store: Store, shop: UUID
) -> None:
    first, second = talks(shop, "telegram ana", "whatsapp ana")
    await capture(recorder, first.says("hola"), second.says("hola"))
    noted = LedgerEntry(
        shop_id=shop, id=uuid4(), customer_id=second.customer, kind="expense", amount=5000,
        currency="CLP", category="comida", on_day=START.date(),
    )  # fmt: skip
    async with store.transaction() as session:
        session.add(noted)
    await capture(recorder, first.says("yo", aliases=[PHONE]), second.says("yo", aliases=[PHONE]))
    async with store.reading() as session:
        owner = await session.scalar(select(LedgerEntry.customer_id))
    assert owner == first.customer
