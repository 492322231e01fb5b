from uuid import UUID

from sqlalchemy import select

from capture.people import People, Recent
from events.vocabulary import MessageReceived, ReplyDispatched
from store import app
from store.session import Store
from tests.capture.talk import Talk


def test_what_was_used_last_is_remembered() -> None:
    recent: Recent[str, int] = Recent(2)
    recent.update({"a": 1, "b": 2})
    assert recent.get("a") == 1
    recent.update({"c": 3})
    assert (recent.get("a"), recent.get("b"), recent.get("c")) == (1, None, 3)
    recent.clear()
    assert recent.get("a") is None


async def meet(store: Store, people: People, *events: object) -> int:
    """How many rows had to be written."""
    spoken = [event for event in events if isinstance(event, MessageReceived | ReplyDispatched)]
    met = people.meet(spoken)
    async with store.batch() as connection:
        await people.write(connection, met)
    people.remember(met)
    return len(met.customers) + len(met.claims) + len(met.conversations)


async def test_people_are_written_once_and_then_remembered(store: Store, shop: UUID) -> None:
    people, talk = People(), Talk(shop, profile="Ana")
    first, second = talk.says("hola").event, talk.says("¿hay?").event
    assert await meet(store, people, first, second) == 3
    assert await meet(store, people, first, second) == 0
    people.forget()
    assert await meet(store, people, first) == 3


async def test_a_name_that_comes_later_is_kept_and_never_lost(store: Store, shop: UUID) -> None:
    talk, people = Talk(shop), People()
    await meet(store, people, talk.says("hola").event)
    talk.profile = "Ana"
    await meet(store, people, talk.says("soy yo").event)
    talk.profile = "Otra"
    await meet(store, People(), talk.says("y otra").event)
    async with store.reading() as session:
        assert await session.scalar(select(app.Customer.name)) == "Ana"


async def test_a_reply_knows_the_name_that_another_process_wrote(store: Store, shop: UUID) -> None:
    talk = Talk(shop, profile="Ana")
    await meet(store, People(), talk.says("hola").event)
    reply = talk.replies("¡Hola!").event
    assert isinstance(reply, ReplyDispatched)
    people = People()
    met = people.meet([reply])
    async with store.batch() as connection:
        await people.write(connection, met)
    assert met.names == {(shop, talk.customer): "Ana"}


async def test_a_seller_is_no_name_of_the_customer(store: Store, shop: UUID) -> None:
    talk = Talk(shop, profile="La dueña")
    await meet(store, People(), talk.says("yo atiendo", author="human").event)
    async with store.reading() as session:
        assert await session.scalar(select(app.Customer.name)) is None
        assert await session.scalar(select(app.CustomerAlias.external_id)) is None
