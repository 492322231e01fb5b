"""What was traced is written down behind the answers, and nothing of it holds anything up."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from app.tracing import Keeper
from services.metrics import Meters
from services.spans import Tracer
from store.session import Store, open_store
from store.spans import PAGE, Span, forget

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def traced(tracer: Tracer, shop: UUID, times: int) -> None:
    for _ in range(times):
        with tracer.trail(shop, uuid4(), None).span("reply", "internal") as span:
            span.note(account="web:main")


async def stored(store: Store) -> list[Span]:
    async with store.reading() as session:
        return list(await session.scalars(select(Span)))


async def test_what_ended_is_written_in_one_go(store: Store, shop: UUID) -> None:
    keeper = Keeper(store, Tracer(clock=lambda: NOW), Meters())
    traced(keeper.tracer, shop, 2500)
    await keeper.flush()
    assert len(await stored(store)) == 2500
    assert keeper.tracer.dropped == 0


async def test_without_postgres_it_waits_and_there_is_an_end_to_what_waits(
    store: Store, shop: UUID
) -> None:
    away = open_store("postgresql://nobody@127.0.0.1:1/nothing", role="pipeline")
    keeper = Keeper(away, Tracer(limit=10, clock=lambda: NOW), Meters())
    for _ in range(3):
        traced(keeper.tracer, shop, 6)
        await keeper.flush()
    assert (len(keeper.waiting), keeper.tracer.dropped) == (10, 8)
    await away.close()
    keeper.store = store
    await keeper.flush()
    assert (len(keeper.waiting), len(await stored(store))) == (0, 10)


async def test_what_postgres_refuses_is_given_up_and_counted(store: Store) -> None:
    keeper = Keeper(store, Tracer(clock=lambda: NOW), Meters())
    traced(keeper.tracer, UUID(int=7), 3)
    await keeper.flush()
    assert (keeper.waiting, keeper.tracer.dropped) == ([], 3)


async def test_calls_that_nobody_believed_are_one_row_of_a_kind(store: Store, shop: UUID) -> None:
    keeper = Keeper(store, Tracer(clock=lambda: NOW), Meters())
    for status in ("403", "403", "404", "403"):
        with keeper.tracer.trail(shop, uuid4(), None).span("webhook", "server") as span:
            span.note(account="telegram:")
            span.fail(status)
    await keeper.flush()
    told = {(row.error, row.attributes["count"]) for row in await stored(store)}
    assert told == {("403", 3), ("404", 1)}


async def test_where_nothing_is_to_be_kept_it_is_only_counted(store: Store, shop: UUID) -> None:
    keeper = Keeper(store, Tracer(clock=lambda: NOW), Meters(), kept=False)
    traced(keeper.tracer, shop, 3)
    await keeper.flush()
    assert await stored(store) == []
    assert b'bot_turn_seconds_count{channel="web",stage="reply"} 3.0' in keeper.meters.read()


async def test_what_is_old_is_forgotten_a_page_at_a_time(store: Store, shop: UUID) -> None:
    keeper = Keeper(store, Tracer(clock=lambda: NOW), Meters())
    traced(keeper.tracer, shop, PAGE + 3)
    await keeper.flush()
    gone = []
    for _ in range(3):
        async with store.transaction() as session:
            gone.append(await forget(session, shop, datetime.now(UTC)))
    assert gone == [PAGE, 3, 0]
