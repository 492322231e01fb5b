"""Predictions as rows: one that holds for each target, the others its history."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update

from prediction.foretelling import Foretelling
from store import risk_lists, risk_models, risks
from store.app import Customer
from store.identity import link
from store.lending import Instalment, Loan
from store.predicting import Of, RiskModel, RiskPrediction
from store.risk_lists import Wanted
from store.risks import Said
from store.session import Store, WriteSession
from tests.fixtures.store import add_shop
from tests.prediction.lending import NOW, TODAY, lend, small, trained

OFS: tuple[Of, ...] = ("loan", "instalment")


@pytest.fixture
async def lending(store: Store, shop: UUID) -> UUID:
    await lend(store, shop, small())
    return shop


async def ignored(_session: WriteSession, _client: UUID, _count: int) -> None:
    """Nobody watches."""


async def everything(store: Store, shop: UUID, of: Of, days: int = 0) -> int:
    asks = Foretelling(store, shop)
    chosen = await asks.chosen(of)
    assert chosen is not None
    day = TODAY + timedelta(days)
    count = await asks.all(chosen, day, NOW + timedelta(days), ignored)
    async with store.transaction() as session:
        await asks.finish(session, of, day)
    return count


async def rows(store: Store, shop: UUID) -> list[RiskPrediction]:
    async with store.reading() as session:
        query = select(RiskPrediction).where(RiskPrediction.shop_id == shop)
        return list(await session.scalars(query.order_by(RiskPrediction.id)))


@pytest.mark.parametrize("of", OFS)
async def test_each_open_one_has_a_probability_with_reasons_in_words(
    store: Store, lending: UUID, of: Of
) -> None:
    model = await trained(store, lending, of)
    assert (model.version, model.active) == (1, True)
    count = await everything(store, lending, of)
    kept = await rows(store, lending)
    assert count == len(kept) > 50
    assert len({one.instalment_id or one.loan_id for one in kept}) == count
    for one in kept:
        assert one.current
        assert (one.kind, one.version, one.as_of) == (of, 1, TODAY)
        assert 0 < one.probability < 1
        assert (one.due_on is None) == (of == "loan")
        assert 1 <= len(one.factors) <= 5
        effects = [abs(reason["effect"]) for reason in one.factors]
        assert effects == sorted(effects, reverse=True)
        assert all("el riesgo" in reason["words"] for reason in one.factors)


async def test_asked_again_the_same_day_nothing_is_doubled(store: Store, lending: UUID) -> None:
    await trained(store, lending, "loan")
    await everything(store, lending, "loan")
    before = [(one.id, one.probability) for one in await rows(store, lending)]
    await everything(store, lending, "loan")
    assert [(one.id, one.probability) for one in await rows(store, lending)] == before


async def test_the_next_day_holds_and_the_days_before_are_history(
    store: Store, lending: UUID
) -> None:
    await trained(store, lending, "loan")
    await everything(store, lending, "loan")
    async with store.transaction() as session:
        gone = await session.scalar(
            select(RiskPrediction.loan_id).where(RiskPrediction.shop_id == lending).limit(1)
        )
        await session.execute(update(Loan).where(Loan.id == gone).values(state="paid"))
    await everything(store, lending, "loan", 1)
    kept = await rows(store, lending)
    assert {one.as_of for one in kept if one.current} == {TODAY + timedelta(1)}
    assert gone not in {one.loan_id for one in kept if one.current}
    some = next(one for one in kept if one.current)
    async with store.reading() as session:
        told = await risks.history(session, lending, loan=some.loan_id, instalment=None)
        newest = await risks.newest(session, lending, loan=some.loan_id)
    assert [day for day, _, _ in told] == [TODAY, TODAY + timedelta(1)]
    assert newest is not None
    assert newest["id"] == some.id


async def test_of_old_months_the_last_day_stays_and_what_somebody_reviewed(
    store: Store, lending: UUID
) -> None:
    await trained(store, lending, "loan")
    for days in (-90, -89, -88):
        await everything(store, lending, "loan", days)
    one = next(row for row in await rows(store, lending) if row.as_of == TODAY - timedelta(90))
    async with store.transaction() as session:
        said = Said("withdrawn", "la cuota estaba pagada", "ana", NOW)
        assert await risks.review(session, lending, one.id, said) is not None
    await everything(store, lending, "loan")
    kept = await rows(store, lending)
    left = {row.as_of for row in kept}
    assert left == {TODAY, TODAY - timedelta(88), TODAY - timedelta(90)}
    assert [row.id for row in kept if row.as_of == TODAY - timedelta(90)] == [one.id]


@pytest.mark.parametrize("of", OFS)
async def test_one_alone_is_told_as_it_is_told_among_all(
    store: Store, lending: UUID, of: Of
) -> None:
    await trained(store, lending, of)
    await everything(store, lending, of)
    some = (await rows(store, lending))[7]
    asks = Foretelling(store, lending)
    if some.instalment_id is None:
        found = await asks.loan(some.loan_id, TODAY, NOW)
    else:
        found = await asks.instalment(some.instalment_id, TODAY, NOW)
    again = (await rows(store, lending))[7]
    assert found == some.id == again.id
    assert again.probability == pytest.approx(some.probability, abs=1e-12)
    assert again.factors == some.factors


async def test_of_what_is_paid_or_unknown_nothing_is_foretold(store: Store, lending: UUID) -> None:
    asks = Foretelling(store, lending)
    async with store.reading() as session:
        mine = Instalment.shop_id == lending, Instalment.state == "paid"
        paid = await session.scalar(select(Instalment.id).where(*mine).limit(1))
    assert paid is not None
    assert await asks.instalment(paid, TODAY, NOW) is None
    await trained(store, lending, "instalment")
    assert await asks.instalment(paid, TODAY, NOW) is None
    assert await asks.instalment(uuid4(), TODAY, NOW) is None
    assert await asks.loan(uuid4(), TODAY, NOW) is None


async def test_while_some_are_written_the_next_are_read_already(store: Store, shop: UUID) -> None:
    """What is paid after they were read is told by the next night."""
    await lend(store, shop, small(1_050))
    await trained(store, shop, "loan")
    chosen = await (asks := Foretelling(store, shop)).chosen("loan")
    assert chosen is not None
    written: list[tuple[UUID, int]] = []
    before = asyncio.all_tasks()

    async def kept(_session: WriteSession, client: UUID, count: int) -> None:
        if not written:
            coming = asyncio.all_tasks() - before
            await asyncio.wait_for(asyncio.gather(*coming), 30)
            async with store.transaction() as session:
                await session.execute(update(Loan).where(Loan.shop_id == shop).values(state="paid"))
        written.append((client, count))

    count = await asks.all(chosen, TODAY, NOW, kept)
    told = await rows(store, shop)
    (last, first_part), (end, second_part) = written
    assert sum(one.client_id <= last < end for one in told) == first_part > second_part > 0
    assert len({one.loan_id for one in told}) == len(told) == count == first_part + second_part


async def test_what_cannot_be_written_ends_it_and_nothing_stays(store: Store, shop: UUID) -> None:
    await lend(store, shop, small(1_050))
    await trained(store, shop, "loan")
    chosen = await (asks := Foretelling(store, shop)).chosen("loan")
    assert chosen is not None

    async def refused(_session: WriteSession, _client: UUID, _count: int) -> None:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        await asks.all(chosen, TODAY, NOW, refused)
    assert await rows(store, shop) == []


async def test_another_shop_s_rows_are_neither_read_nor_written(
    store: Store, lending: UUID
) -> None:
    other = await add_shop(store, "other")
    await lend(store, other, small(60, 8))
    await trained(store, lending, "loan")
    await everything(store, lending, "loan")
    assert await rows(store, other) == []
    async with store.tenant(other) as session:
        assert await risk_lists.listed(session, lending, Wanted("loan")) == []
        assert await session.scalar(select(func.count()).select_from(RiskModel)) == 0


async def test_a_list_is_read_page_by_page_the_most_probable_first(
    store: Store, lending: UUID
) -> None:
    await trained(store, lending, "instalment")
    count = await everything(store, lending, "instalment")
    seen: list[float] = []
    wanted = Wanted("instalment", limit=100)
    async with store.tenant(lending) as session:
        while page := await risk_lists.listed(session, lending, wanted):
            seen += [row["probability"] for row in page]
            last = page[-1]
            wanted = Wanted("instalment", limit=100, after=(last["probability"], last["id"]))
    assert len(seen) == count
    assert seen == sorted(seen, reverse=True)


async def test_another_version_is_put_in_use_if_there_is_one(store: Store, lending: UUID) -> None:
    first = await trained(store, lending, "loan")
    assert (await trained(store, lending, "loan")).version == 2
    async with store.transaction() as session:
        assert await risk_models.activate(session, lending, "loan", 1)
        assert not await risk_models.activate(session, lending, "loan", 3)
    async with store.lookup() as connection:
        assert await risk_models.active(connection, lending, "loan") == (first.id, 1)


async def test_who_objects_is_not_asked_about_and_what_was_said_holds_no_longer(
    store: Store, lending: UUID
) -> None:
    await trained(store, lending, "loan")
    await everything(store, lending, "loan")
    one = (await rows(store, lending))[0]
    async with store.transaction() as session:
        who = Customer(shop_id=lending, id=uuid4(), no_training=True)
        joined = Customer(shop_id=lending, id=uuid4(), merged_into=who.id)
        session.add(who)
        await session.flush()
        session.add(joined)
        await session.flush()
        await link(session, lending, joined.id, one.client_id, NOW)
    await everything(store, lending, "loan", 1)
    held = [row for row in await rows(store, lending) if row.current]
    assert one.client_id not in {row.client_id for row in held}
    assert len(held) > 50
    asks = Foretelling(store, lending)
    assert await asks.loan(one.loan_id, TODAY, NOW) is None
