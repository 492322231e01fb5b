"""The audit: every entry follows the one before, nobody changes one, and what is gone shows."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import pytest

from store.audit import Actor, Wanted, check, events, hash_of, record
from store.base import StoreRefused
from store.session import Store, open_connection
from tests.fixtures.store import add_shop

MOMENT = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)


async def noted(store: Store, shop: UUID, action: str, **after: object) -> int:
    async with store.tenant(shop) as session:
        return await record(session, shop, "terminal:ana", action, "shop", after=after or None)


async def test_an_entry_says_who_did_what_to_what_and_from_where(store: Store, shop: UUID) -> None:
    by = Actor("person:1", "a1b2", "req-00000001")
    async with store.tenant(shop) as session:
        await record(
            session,
            shop,
            by,
            "person.role",
            "person:2",
            before={"role": "viewer"},
            after={"role": "seller"},
            clock=lambda: MOMENT,
        )
        (found,) = await events(session, shop, Wanted())
    assert (found.number, found.at, found.actor) == (1, MOMENT, "person:1")
    assert (found.action, found.object) == ("person.role", "person:2")
    assert (found.before, found.after) == ({"role": "viewer"}, {"role": "seller"})
    assert (found.ip_hash, found.request_id) == ("a1b2", "req-00000001")


async def test_personal_data_and_secrets_are_masked_before_they_are_kept(
    store: Store, shop: UUID
) -> None:
    told = {
        "email": "camila@tienda.cl",
        "again": ["camila@tienda.cl", {"rut": "12.345.678-5"}],
        "api_token": "abc",
        "share": 0.1,
        "nul": "a\x00b",
    }
    await noted(store, shop, "person.invited", **told)
    async with store.tenant(shop) as session:
        (found,) = await events(session, shop, Wanted())
        whole = await check(session, shop)
    assert found.after == {
        "email": "[MAIL_1]",
        "again": ["[MAIL_1]", {"rut": "[RUT_1]"}],
        "api_token": "[***]",
        "share": "0.1",
        "nul": "ab",
    }
    assert whole.broken is None


async def test_entries_that_come_at_once_make_one_chain(store: Store, shop: UUID) -> None:
    await asyncio.gather(*(noted(store, shop, "test.ran", turn=turn) for turn in range(12)))
    async with store.tenant(shop) as session:
        found = await events(session, shop, Wanted())
        whole = await check(session, shop)
    assert [one.number for one in found] == list(range(12, 0, -1))
    assert (whole.first, whole.count, whole.broken) == (1, 12, None)
    assert whole.head == found[0].hash.hex()


@pytest.mark.parametrize("role", ["aprendiz_web", "aprendiz_pipeline"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE app.audit_event SET actor = 'nobody'",
        "DELETE FROM app.audit_event",
        "TRUNCATE app.audit_event",
    ],
)
async def test_no_role_of_ours_may_change_or_remove_an_entry(
    store: Store, shop: UUID, database_url: str, role: str, statement: str
) -> None:
    await noted(store, shop, "test.ran")
    connection = await open_connection(database_url)
    await connection.execute(f"SET ROLE {role}")
    with pytest.raises(Exception, match="permission denied"):
        await connection.execute(statement)
    await connection.close()
    async with store.tenant(shop) as session:
        assert len(await events(session, shop, Wanted())) == 1


@pytest.mark.parametrize(
    ("tampering", "broken"),
    [
        ("UPDATE app.audit_event SET actor = 'nobody' WHERE number = 3", 3),
        ("UPDATE app.audit_event SET at = at + interval '1 second' WHERE number = 3", 3),
        ("UPDATE app.audit_event SET after = '{\"turn\": 7}' WHERE number = 3", 3),
        ("UPDATE app.audit_event SET after = NULL WHERE number = 3", 3),
        ("DELETE FROM app.audit_event WHERE number = 3", 3),
        ("UPDATE app.audit_event SET hash = '\\x00' WHERE number = 3", 3),
        ("UPDATE app.audit_event SET prev_hash = '\\x00' WHERE number = 1", 1),
    ],
)
async def test_whoever_owns_the_tables_cannot_change_the_past_unseen(
    store: Store, shop: UUID, database_url: str, tampering: str, broken: int
) -> None:
    for turn in range(1, 6):
        await noted(store, shop, "test.ran", turn=turn)
    powerful = await open_connection(database_url)
    await powerful.execute(tampering)
    await powerful.close()
    async with store.tenant(shop) as session:
        assert (await check(session, shop)).broken == broken


async def test_newest_entries_that_were_cut_off_show_by_a_head_noted_elsewhere(
    store: Store, shop: UUID, database_url: str
) -> None:
    for _ in range(3):
        await noted(store, shop, "test.ran")
    async with store.tenant(shop) as session:
        head = (await check(session, shop)).head
        assert await hash_of(session, shop, 3) == head
    powerful = await open_connection(database_url)
    await powerful.execute("DELETE FROM app.audit_event WHERE number = 3")
    await powerful.close()
    await noted(store, shop, "test.ran")
    async with store.tenant(shop) as session:
        assert await hash_of(session, shop, 3) != head


async def test_what_retention_took_from_the_beginning_breaks_nothing(
    store: Store, shop: UUID, database_url: str
) -> None:
    for _ in range(4):
        await noted(store, shop, "test.ran")
    powerful = await open_connection(database_url)
    await powerful.execute("DELETE FROM app.audit_event WHERE number <= 2")
    await powerful.close()
    async with store.tenant(shop) as session:
        found = await check(session, shop)
        newest = await check(session, shop, newest=1)
    assert (found.first, found.count, found.broken) == (3, 2, None)
    assert (newest.first, newest.count, newest.broken) == (4, 1, None)


async def test_entries_are_found_by_who_what_and_when_in_pages(store: Store, shop: UUID) -> None:
    for turn in range(5):
        await noted(store, shop, "key.created" if turn % 2 else "person.invited")
    async with store.tenant(shop) as session:

        async def numbers(wanted: Wanted, before: int | None = None, limit: int = 50) -> list[int]:
            found = await events(session, shop, wanted, before=before, limit=limit)
            return [one.number for one in found]

        assert await numbers(Wanted(action="key.created")) == [4, 2]
        assert await numbers(Wanted(action="person.")) == [5, 3, 1]
        assert await numbers(Wanted(actor="terminal:ana", object="shop"), limit=2) == [5, 4]
        assert await numbers(Wanted(), before=4, limit=2) == [3, 2]
        assert await numbers(Wanted(actor="terminal:eva")) == []
        assert await numbers(Wanted(until=MOMENT.replace(year=2020))) == []
        assert len(await numbers(Wanted(since=MOMENT.replace(year=2020)))) == 5


async def test_two_shops_have_two_chains(store: Store, shop: UUID) -> None:
    other = await add_shop(store, "other")
    await noted(store, shop, "test.ran")
    assert await noted(store, other, "test.ran") == 1
    async with store.tenant(other) as session:
        assert [one.shop_id for one in await events(session, other, Wanted())] == [other]
        assert await events(session, shop, Wanted()) == []
    with pytest.raises(StoreRefused, match="row-level security"):
        async with store.tenant(shop) as session:
            await record(session, other, "terminal:ana", "test.ran", "shop")


async def test_an_id_of_ours_stays_though_its_digits_look_like_somebodys(
    store: Store, shop: UUID
) -> None:
    one = UUID("e3538730-c951-4a57-844b-b9a744f15e66")
    await noted(store, shop, "risk.listed", clients=[one], said=str(one))
    async with store.tenant(shop) as session:
        kept = (await events(session, shop, Wanted()))[0].after
    assert kept is not None
    assert kept["clients"] == [str(one)]
    assert kept["said"] != str(one)
