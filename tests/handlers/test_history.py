"""What was said before: from Redis, from Postgres when it is gone, and never the turn itself."""

import asyncio
import json
import time
from datetime import UTC, datetime
from uuid import UUID

import pytest

from events.contents import Sender, TurnMessage
from events.happened import named
from events.partitions import Keys
from events.stream import HISTORY_CAP, Stream
from events.vocabulary import MessageReceived
from handlers.history import History
from services.wire import Wire
from store import app
from store.session import Store, open_store

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
CONVERSATION = named("conversation", "ana")
CUSTOMER = named("customer", "ana")


def message(number: int, text: str) -> TurnMessage:
    return TurnMessage(id=named("message", str(number)), text=text, at=NOW)


@pytest.fixture
def history(wire: Wire, prefix: str, store: Store) -> History:
    return History(wire, Keys(prefix, 4), store)


async def stored(store: Store, shop: UUID, *lines: tuple[str, str]) -> None:
    async with store.transaction() as session:
        session.add(app.Customer(shop_id=shop, id=CUSTOMER))
        await session.flush()
        session.add(
            app.Conversation(
                shop_id=shop,
                id=CONVERSATION,
                customer_id=CUSTOMER,
                account="memory:test",
                chat="ana",
                last_at=NOW,
            )
        )
        await session.flush()
        session.add_all(
            app.Message(
                shop_id=shop,
                id=named("message", str(place)),
                conversation_id=CONVERSATION,
                position=place,
                author=author,
                content="text",
                text=text,
                request_id=named("request", str(place)),
                at=NOW,
                received_at=NOW,
            )
            for place, (author, text) in enumerate(lines)
        )


def said(lines: tuple[object, ...]) -> list[str]:
    return [f"{getattr(line, 'role', '')}: {getattr(line, 'content', '')}" for line in lines]


async def test_a_new_conversation_has_no_past(history: History, shop: UUID) -> None:
    assert await history.before(shop, CONVERSATION, [message(1, "hola")]) == ()


async def test_the_past_is_rebuilt_from_postgres_in_order(
    history: History, store: Store, shop: UUID
) -> None:
    await stored(store, shop, ("customer", "hola"), ("bot", "¡Hola!"), ("human", "Soy Ana"),
                 ("customer", ""), ("customer", "¿y el mate?"))  # fmt: skip

    before = await history.before(shop, CONVERSATION, [message(4, "¿y el mate?")])

    assert said(before) == ["user: hola", "assistant: ¡Hola!", "assistant: Soy Ana"]


async def test_what_was_rebuilt_is_kept_and_grows_with_the_scripts(
    history: History, wire: Wire, prefix: str, shop: UUID
) -> None:
    await history.before(shop, CONVERSATION, [message(1, "hola")])
    stream = Stream(wire, Keys(prefix, 4))
    event = MessageReceived(
        id=named("message", "2"),
        shop=shop,
        account="memory:test",
        conversation=CONVERSATION,
        request_id=named("request", "2"),
        at=NOW,
        received_at=NOW,
        customer=CUSTOMER,
        chat="ana",
        platform_id="2",
        sender=Sender(id="ana"),
        text="¿hay mate?",
    )
    await stream.ingest(event, remember_s=60)

    before = await history.before(shop, CONVERSATION, [message(3, "¿y té?")])

    assert said(before) == ["user: hola", "user: ¿hay mate?"]
    assert 0 < await wire.command("TTL", history.keys.history(CONVERSATION)) <= 86_400


async def test_the_turns_own_lines_are_not_its_past(history: History, shop: UUID) -> None:
    turn = [message(1, "hola"), message(2, "¿hay mate?")]

    assert await history.before(shop, CONVERSATION, turn) == ()
    assert await history.before(shop, CONVERSATION, turn) == ()
    assert said(await history.before(shop, CONVERSATION, turn[1:])) == ["user: hola"]


async def test_only_the_newest_lines_are_remembered(
    history: History, store: Store, wire: Wire, shop: UUID
) -> None:
    await stored(store, shop, *(("customer", f"línea {n}") for n in range(60)))
    short = History(wire, history.keys, store, limit=3)
    none = History(wire, history.keys, store, limit=0)

    assert said(await short.before(shop, CONVERSATION, [])) == [
        f"user: línea {n}" for n in (57, 58, 59)
    ]
    assert await none.before(shop, CONVERSATION, []) == ()
    assert await wire.command("LLEN", history.keys.history(CONVERSATION)) == HISTORY_CAP


async def test_another_shops_messages_are_never_read(
    history: History, store: Store, shop: UUID
) -> None:
    await stored(store, shop, ("customer", "hola"))

    assert await history.before(named("shop", "other"), CONVERSATION, []) == ()


async def test_without_postgres_there_is_no_past_and_the_next_turn_tries_again(
    history: History, store: Store, wire: Wire, shop: UUID
) -> None:
    await stored(store, shop, ("customer", "hola"))
    gone = open_store("postgresql://nobody@127.0.0.1:9/none", role="pipeline")
    cut_off = History(wire, history.keys, gone)

    assert await cut_off.before(shop, CONVERSATION, [message(9, "¿y?")]) == ()
    assert said(await history.before(shop, CONVERSATION, [message(9, "¿y?")])) == ["user: hola"]
    await gone.close()


async def test_whoever_rebuilds_it_first_wins(history: History, wire: Wire, shop: UUID) -> None:
    turns = [[message(1, "hola")], [message(2, "otra")]]

    await asyncio.gather(*(history.before(shop, CONVERSATION, turn) for turn in turns))

    kept = await wire.command("LRANGE", history.keys.history(CONVERSATION), 0, -1)
    assert [json.loads(line)["t"] for line in kept] in (["hola"], ["otra"])


async def test_a_postgres_that_hangs_is_not_waited_for(
    history: History, store: Store, shop: UUID
) -> None:
    await stored(store, shop, ("customer", "hola"))
    began = time.monotonic()

    async with store.batch() as locked:
        await locked.execute("LOCK TABLE app.message IN ACCESS EXCLUSIVE MODE")
        before = await history.before(shop, CONVERSATION, [message(9, "¿y?")])

    assert before == ()
    assert time.monotonic() - began < 60
