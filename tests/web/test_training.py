"""What a seller may ask of the captured rows."""

from base64 import urlsafe_b64encode
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from store.session import Store
from tests.fixtures.store import add_shop
from tests.web.rows import (
    PRAISED,
    START,
    add_conversation,
    add_delivery,
    add_row,
    add_score,
)
from web.training import (
    BadCursor,
    Wanted,
    listed,
    read_cursor,
    recent_days,
    story,
    version,
)
from web.wording import Clue


@pytest.fixture
async def shop(store: Store) -> UUID:
    found = await add_shop(store)
    await add_conversation(store, found)
    return found


async def questions(store: Store, shop: UUID, wanted: Wanted) -> list[str]:
    async with store.tenant(shop) as session:
        found = await listed(session, shop, wanted)
    return [one.row.user_message.removeprefix("pregunta ") for one in found.rows]


async def test_the_newest_comes_first(store: Store, shop: UUID) -> None:
    for minutes, name in enumerate("abc"):
        await add_row(store, shop, name, minutes=minutes)

    assert await questions(store, shop, Wanted()) == ["c", "b", "a"]


async def test_rows_of_one_batch_stand_as_they_were_said(store: Store, shop: UUID) -> None:
    for seconds in (2, 0, 1):
        said = START + timedelta(seconds=seconds)
        await add_row(store, shop, str(seconds), dispatched_at=said)

    assert await questions(store, shop, Wanted()) == ["2", "1", "0"]


async def test_paging_shows_every_row_once_while_others_arrive(store: Store, shop: UUID) -> None:
    for number in range(7):
        await add_row(store, shop, str(number), minutes=number // 3)
    seen: list[str] = []
    before = ""
    for page in range(4):
        async with store.tenant(shop) as session:
            found = await listed(session, shop, Wanted(), before=before, count=2)
        seen += [one.row.user_message for one in found.rows]
        before = found.next
        await add_row(store, shop, f"nueva {page}", minutes=60 + page)

    assert before == ""
    assert sorted(seen) == [f"pregunta {number}" for number in range(7)]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted("5"), ["vendida"]),
        (Wanted("1"), []),
        (Wanted("espera"), ["esperando"]),
        (Wanted("sin"), ["muda"]),
        (Wanted(sale=True), ["vendida"]),
        (Wanted(category="proceso_pago"), ["muda"]),
        (Wanted("5", sale=True, category="consulta_precio"), ["vendida"]),
        (Wanted("5", category="proceso_pago"), []),
    ],
)
async def test_filters_keep_what_fits_them_all(
    store: Store, shop: UUID, wanted: Wanted, expected: list[str]
) -> None:
    await add_row(store, shop, "esperando")
    await add_row(store, shop, "muda", user_feedback="[NOMBRE_1]", category="proceso_pago")
    await add_row(store, shop, "vendida", **PRAISED)

    assert await questions(store, shop, wanted) == expected


async def test_a_shop_never_sees_another_ones_rows(store: Store, shop: UUID) -> None:
    other = await add_shop(store, "otra")
    await add_conversation(store, other)
    row = await add_row(store, other, "ajena")
    await add_score(store, other, row, 1)

    async with store.tenant(shop) as session:
        assert (await listed(session, other, Wanted())).rows == []
        assert await story(session, other, row) is None
        assert await recent_days(session, other, START.date()) == []


async def test_a_row_shows_the_evidence_of_its_newest_score(store: Store, shop: UUID) -> None:
    row = await add_row(store, shop, "a", **PRAISED)
    await add_score(store, shop, row, 1, evidence=[])
    await add_score(store, shop, row, 2)

    async with store.tenant(shop) as session:
        found = await listed(session, shop, Wanted())

    assert found.rows[0].clues == (Clue("la quiero", "good"),)


async def test_a_story_has_every_score_and_the_delivery(store: Store, shop: UUID) -> None:
    row = await add_row(store, shop, "a", **PRAISED)
    await add_score(store, shop, row, 1, score=None, label="no_signal")
    await add_score(store, shop, row, 2)
    await add_delivery(store, shop, row, "failed", "bloqueado")

    async with store.tenant(shop) as session:
        told = await story(session, shop, row)

    assert told is not None
    assert [score.version for score in told.scores] == [2, 1]
    assert told.captured.clues == (Clue("la quiero", "good"),)
    assert told.delivery is not None
    assert told.delivery.reason == "bloqueado"


async def test_there_is_no_story_of_nothing(store: Store, shop: UUID) -> None:
    async with store.tenant(shop) as session:
        assert await story(session, shop, uuid4()) is None


async def test_days_are_counted_from_the_oldest(store: Store, shop: UUID) -> None:
    await add_row(store, shop, "hoy", **PRAISED)
    await add_row(store, shop, "ayer", at=START - timedelta(days=1))
    await add_row(store, shop, "hace mucho", at=START - timedelta(days=40))

    async with store.tenant(shop) as session:
        days = await recent_days(session, shop, date(2026, 11, 20))

    assert [(day.day.day, day.replies, day.successful) for day in days] == [(19, 1, 0), (20, 1, 1)]


async def test_the_version_changes_with_rows_and_scores(store: Store, shop: UUID) -> None:
    async def now() -> str:
        async with store.tenant(shop) as session:
            return await version(session, shop)

    versions = [await now()]
    await add_row(store, shop, "a")
    versions += [await now(), await now()]
    await add_row(store, shop, "b", **PRAISED)
    versions.append(await now())

    assert versions[1] == versions[2]
    assert len(set(versions)) == 3


@pytest.mark.parametrize(
    "cursor",
    ["x", "%%%", "ñ", urlsafe_b64encode(b"2026-01-01|2026-01-01|x").decode(), "a" * 5000,
     urlsafe_b64encode(f"2026-01-01|2026-01-01|{UUID(int=7)}".encode()).decode()],
)  # fmt: skip
def test_a_cursor_that_is_not_ours_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        read_cursor(cursor)
