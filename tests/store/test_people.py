"""The people of a shop, their sessions and the keys of its programs."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from store import people as rows
from store import web_sessions as doors
from store.api_keys import NewKey, add_key, key_by_id, keys_of, revoke_key, used
from store.people import NewPerson
from store.session import Store
from store.web_sessions import ABSOLUTE, IDLE, NewSession
from tests.fixtures.store import add_shop

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def invited(
    store: Store, shop: UUID, email: str = "Ana@Tienda.cl", role: str = "seller"
) -> UUID:
    person = NewPerson(shop_id=shop, id=uuid4(), email=email, name="Ana", role=role)
    async with store.tenant(shop) as session:
        assert await rows.add_person(session, person)
    return person["id"]


async def entered(store: Store, shop: UUID, person: UUID | None, digest: bytes = b"d") -> UUID:
    one = uuid4()
    new = NewSession(
        shop_id=shop,
        id=one,
        digest=digest,
        person_id=person,
        ip_hash=None,
        agent="",
        created_at=AT,
        last_seen_at=AT,
    )
    async with store.tenant(shop) as session:
        await doors.open_session(session, new)
    return one


async def stands(store: Store, shop: UUID, at: datetime, digest: bytes = b"d") -> bool:
    async with store.tenant(shop) as session:
        return await doors.entered(session, shop, [digest], at) is not None


async def test_an_e_mail_is_one_person_however_it_is_written(store: Store, shop: UUID) -> None:
    person = await invited(store, shop)
    again = NewPerson(shop_id=shop, id=uuid4(), email=" ana@tienda.CL ", name="B", role="owner")
    async with store.tenant(shop) as session:
        assert not await rows.add_person(session, again)
        found = await rows.person_by_email(session, shop, "ANA@tienda.cl")
        assert found is not None
        assert (found.id, found.email, found.role) == (person, "ana@tienda.cl", "seller")


async def test_the_same_e_mail_in_two_shops_is_two_accounts(store: Store, shop: UUID) -> None:
    other = await add_shop(store, "other")
    mine, theirs = await invited(store, shop), await invited(store, other)
    async with store.tenant(shop) as session:
        await rows.set_password(session, shop, mine, "mine", AT)
        await rows.set_password(session, other, theirs, "stolen", AT)
        assert [one.id for one in await rows.people(session, shop)] == [mine]
        assert await rows.person_by_id(session, other, theirs) is None
    async with store.tenant(other) as session:
        found = await rows.person_by_email(session, other, "ana@tienda.cl")
        assert found is not None
        assert found.password_hash is None


async def test_a_link_opens_once_and_for_so_long(store: Store, shop: UUID) -> None:
    person = await invited(store, shop)
    async with store.tenant(shop) as session:
        await rows.set_link(session, shop, person, b"old", AT + HOUR)
        await rows.set_link(session, shop, person, b"new", AT + HOUR)
        assert await rows.person_by_link(session, shop, b"old", AT) is None
        assert await rows.person_by_link(session, shop, b"new", AT + HOUR) is None
        found = await rows.person_by_link(session, shop, b"new", AT)
        assert found is not None
        await rows.set_password(session, shop, person, "hash", AT)
        assert await rows.person_by_link(session, shop, b"new", AT) is None


async def test_a_shop_is_led_once_somebody_in_charge_can_enter(store: Store, shop: UUID) -> None:
    seller = await invited(store, shop, "seller@x.cl")
    owner = await invited(store, shop, "owner@x.cl", "owner")
    async with store.tenant(shop) as session:
        await rows.set_password(session, shop, seller, "hash", AT)
        assert not await rows.is_led(session, shop)
        await rows.set_password(session, shop, owner, "hash", AT)
        assert await rows.is_led(session, shop)
        assert not await rows.is_led(session, shop, besides=owner)
        await rows.change_person(session, shop, owner, disabled_at=AT)
        assert not await rows.is_led(session, shop)


async def test_a_session_ends_when_idle_and_when_old(store: Store, shop: UUID) -> None:
    one = await entered(store, shop, await invited(store, shop))
    assert await stands(store, shop, AT + IDLE - HOUR)
    assert not await stands(store, shop, AT + IDLE)
    async with store.tenant(shop) as session:
        await doors.seen(session, shop, one, AT + ABSOLUTE - HOUR)
    assert await stands(store, shop, AT + ABSOLUTE - timedelta(minutes=1))
    assert not await stands(store, shop, AT + ABSOLUTE)


async def test_a_session_ends_for_whom_it_is_ended_and_no_other(store: Store, shop: UUID) -> None:
    ana, eva = await invited(store, shop), await invited(store, shop, "eva@x.cl")
    one = await entered(store, shop, ana, b"1")
    await entered(store, shop, ana, b"2")
    await entered(store, shop, eva, b"3")
    async with store.tenant(shop) as session:
        assert not await doors.end_session(session, shop, eva, one, AT)
        assert await doors.end_sessions(session, shop, ana, AT, besides=one) == 1
        assert [each.id for each in await doors.sessions_of(session, shop, ana, AT)] == [one]
        assert await doors.end_session(session, shop, ana, one, AT)
    assert not await stands(store, shop, AT, b"1")
    assert await stands(store, shop, AT, b"3")


async def test_whoever_is_shut_out_is_out_at_once(store: Store, shop: UUID) -> None:
    person = await invited(store, shop)
    await entered(store, shop, person)
    async with store.tenant(shop) as session:
        await rows.change_person(session, shop, person, disabled_at=AT)
    assert not await stands(store, shop, AT)


async def test_a_session_of_one_shop_opens_nothing_in_another(store: Store, shop: UUID) -> None:
    other = await add_shop(store, "other")
    await entered(store, shop, await invited(store, shop))
    assert await stands(store, shop, AT)
    assert not await stands(store, other, AT)


async def test_sessions_of_age_are_forgotten_with_the_next_one(store: Store, shop: UUID) -> None:
    await entered(store, shop, None)
    async with store.tenant(shop) as session:
        new = NewSession(
            shop_id=shop,
            id=uuid4(),
            digest=b"e",
            person_id=None,
            ip_hash=None,
            agent="",
            created_at=AT + ABSOLUTE + HOUR,
            last_seen_at=AT + ABSOLUTE + HOUR,
        )
        await doors.open_session(session, new)
        found = await doors.sessions_of(session, shop, None, AT)
    assert [one.digest for one in found] == [b"e"]


async def test_a_key_stands_until_it_is_revoked_or_over(store: Store, shop: UUID) -> None:
    other = await add_shop(store, "other")
    key = NewKey(
        shop_id=shop,
        id=uuid4(),
        digest=b"d",
        name="caja",
        scopes=["serving"],
        made_by="terminal:ana",
        expires_at=AT + HOUR,
        created_at=AT,
    )
    async with store.tenant(shop) as session:
        await add_key(session, key)
        (found,) = await keys_of(session, shop)
        assert (found.stands(AT), found.stands(AT + HOUR)) == (True, False)
        await used(session, shop, key["id"], AT)
        await used(session, shop, key["id"], AT + timedelta(seconds=30))
        await session.refresh(found)
        assert found.last_used_at == AT
        assert await revoke_key(session, shop, key["id"], AT)
        assert not await revoke_key(session, shop, key["id"], AT)
        await session.refresh(found)
        assert not found.stands(AT)
    async with store.tenant(other) as session:
        assert await key_by_id(session, shop, key["id"]) is None
        assert not await revoke_key(session, shop, key["id"], AT)
