"""Which client a customer is, and how wrong answers are counted."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select, update

from store import identity
from store.app import Customer, CustomerAlias
from store.lending import Client, ClientLink, IdentityFailure
from store.session import Store
from tests.builders import add_customer
from tests.fixtures.store import add_shop
from tests.store.lending import lend

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY_BEFORE = AT - timedelta(days=1)


async def name(store: Store, shop: UUID, customer: UUID, kind: str, alias: str) -> None:
    row = {"shop_id": shop, "channel": kind, "external_id": alias, "customer_id": customer}
    async with store.transaction() as session:
        await session.execute(insert(CustomerAlias).values(row))


async def by_phone(store: Store, shop: UUID, who: UUID) -> UUID | None:
    async with store.reading() as session:
        return await identity.by_phone(session, shop, who)


async def test_a_phone_that_the_network_vouches_for_is_the_clients(
    store: Store, shop: UUID
) -> None:
    ana, _ = await lend(store, shop)
    customer = await add_customer(store, shop, "ana")
    assert await by_phone(store, shop, customer) is None
    await name(store, shop, customer, "wa_id", "56961234501")
    assert await by_phone(store, shop, customer) == ana


async def test_other_names_and_other_shops_prove_nothing(store: Store, shop: UUID) -> None:
    await lend(store, shop)
    other = await add_shop(store, "other")
    stranger = await add_customer(store, shop, "stranger")
    await name(store, shop, stranger, "telegram", "56961234501")
    assert await by_phone(store, shop, stranger) is None
    elsewhere = await add_customer(store, other, "ana")
    await name(store, other, elsewhere, "phone", "56961234501")
    assert await by_phone(store, other, elsewhere) is None


async def test_a_phone_of_two_clients_is_nobodys(store: Store, shop: UUID) -> None:
    await lend(store, shop)
    customer = await add_customer(store, shop, "couple")
    await name(store, shop, customer, "phone", "56961234501")
    async with store.transaction() as session:
        await session.execute(
            update(Client).where(Client.shop_id == shop).values(phone="56961234501")
        )
    assert await by_phone(store, shop, customer) is None


async def test_a_proof_holds_for_the_person_and_not_for_ever(store: Store, shop: UUID) -> None:
    ana, luis = await lend(store, shop)
    first, second = [await add_customer(store, shop, each) for each in ("one", "two")]
    async with store.transaction() as session:
        await identity.link(session, shop, second, luis, DAY_BEFORE)
        await identity.link(session, shop, second, ana, AT)
        await identity.link(session, shop, second, ana, AT)
        merged = update(Customer).where(Customer.shop_id == shop, Customer.id == second)
        await session.execute(merged.values(merged_into=first))
    async with store.reading() as session:
        assert await identity.person(session, shop, second) == first
        assert await identity.by_proof(session, shop, first, DAY_BEFORE) == ana
        late = AT + timedelta(seconds=1)
        assert await identity.by_proof(session, shop, first, late) is None
        assert await session.scalar(select(func.count()).select_from(ClientLink)) == 1


async def test_a_wrong_answer_counts_once_against_who_gave_it_and_who_it_nearly_was(
    store: Store, shop: UUID
) -> None:
    ana, luis = await lend(store, shop)
    customer = await add_customer(store, shop, "eve")
    async with store.transaction() as session:
        alike = await identity.alike(session, shop, "1111", date(1985, 3, 12))
        assert [(one.client, one.both) for one in alike] == [(ana, False)]
        exact = await identity.alike(session, shop, "5678", date(1985, 3, 12))
        assert [(one.client, one.both) for one in exact] == [(ana, True)]
        assert await identity.alike(session, shop, "0000", date(2000, 1, 1)) == []
    attempts = [uuid4(), uuid4()]
    for attempt in (*attempts, attempts[0]):  # one is handled twice
        await failed(store, shop, customer, [ana, luis], attempt)
    await failed(store, shop, customer, [], attempts[1])
    async with store.reading() as session:
        nobody = uuid4()
        wrong = await identity.failures(session, shop, customer, DAY_BEFORE, but=nobody)
        others = await identity.failures(session, shop, customer, DAY_BEFORE, but=attempts[0])
        about = await identity.failures_about(session, shop, ana, DAY_BEFORE, but=nobody)
        over = await identity.failures(
            session, shop, customer, AT + timedelta(seconds=1), but=nobody
        )
        rows = await session.scalar(select(func.count()).select_from(IdentityFailure))
    assert (wrong, others, about, over, rows) == (2, 1, 2, 0, 5)


async def failed(
    store: Store, shop: UUID, customer: UUID, about: Sequence[UUID], attempt: UUID
) -> None:
    async with store.transaction() as session:
        await identity.alone(session, shop)
        await identity.fail(session, shop, customer, about, attempt, AT)


async def test_staff_find_clients_of_their_shop_by_every_word_number_or_phone(
    store: Store, shop: UUID
) -> None:
    ana, _ = await lend(store, shop)
    other = await add_shop(store, "other")
    await lend(store, other)

    async def found(words: str, phone: str | None = None) -> list[str]:
        async with store.reading() as session:
            every = await identity.named_clients(session, shop, words, phone)
        return [number for _, number, _ in every]

    assert await found("soto ana") == ["C-1"]
    assert await found("c-2") == ["C-2"]
    assert await found("soto mella") == []
    assert await found("%") == []
    assert await found("56961234501", "56961234501") == ["C-1"]
    assert await found("a") == ["C-1", "C-2"]
    assert ana != (await lend(store, other))[0]
