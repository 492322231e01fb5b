"""Spans: they nest, they fail, they never wait, and there is an end to how many are kept."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services.requests import accepted, id_of, made
from services.spans import Tracer, spanned, working

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SHOP = UUID(int=1)


@pytest.fixture
def tracer() -> Tracer:
    return Tracer(limit=3, clock=lambda: NOW)


async def test_what_is_opened_within_is_a_child_also_in_another_task(tracer: Tracer) -> None:
    async def inner() -> None:
        with spanned("inner"):
            await asyncio.sleep(0)

    with tracer.trail(SHOP, uuid4(), None).span("outer", "internal") as outer:
        await asyncio.create_task(inner())
    child, parent = tracer.take()
    assert (child.name, child.parent, parent.parent) == ("inner", outer.id, None)
    assert child.started_at >= parent.started_at >= NOW


def test_what_is_raised_within_is_named_by_its_class_alone(tracer: Tracer) -> None:
    with (
        pytest.raises(ValueError, match="secret"),
        tracer.trail(SHOP, uuid4(), None).span("outer", "internal"),
    ):
        raise ValueError("secret of ana")
    (span,) = tracer.take()
    assert (span.ok, span.error) == (False, "ValueError")


async def test_what_was_given_up_has_not_failed(tracer: Tracer) -> None:
    async def waiting() -> None:
        with tracer.trail(SHOP, uuid4(), None).span("outer", "internal"):
            await asyncio.sleep(10)

    task = asyncio.create_task(waiting())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    (span,) = tracer.take()
    assert (span.ok, span.error) == (True, "cancelled")


def test_where_nobody_traces_nothing_is_kept() -> None:
    with spanned("alone") as span:
        span.note(a=1)
        span.fail("nothing")
    working().note(b=2)


def test_beyond_the_limit_they_are_dropped_and_counted(tracer: Tracer) -> None:
    for _ in range(5):
        with tracer.trail(SHOP, uuid4(), None).span("one", "internal"):
            pass
    assert (len(tracer.take()), tracer.dropped) == (3, 2)


def test_a_wait_ends_when_it_is_told_and_never_before_it_began(tracer: Tracer) -> None:
    trail = tracer.trail(SHOP, uuid4(), None)
    trail.waited("queue", "consumer", NOW - timedelta(milliseconds=250))
    trail.waited("queue", "consumer", NOW + timedelta(seconds=9))
    first, second = tracer.take()
    assert (first.started_at, first.duration_us) == (NOW - timedelta(milliseconds=250), 250_000)
    assert second.duration_us == 0


def test_a_name_is_taken_over_or_made_and_always_leads_to_one_id() -> None:
    assert accepted("proxy-7f3a-0042") == "proxy-7f3a-0042"
    for bad in (None, "", "short", "a" * 65, "a b c d e f", "ñandú-ñandú", "x\n12345678"):
        assert accepted(bad) is None
    first, later = made(NOW), made(NOW + timedelta(seconds=1))
    assert (UUID(first).version, UUID(first).variant) == (7, "specified in RFC 4122")
    assert first < later
    assert id_of(first) == UUID(first)
    assert id_of("proxy-7f3a-0042") == id_of("proxy-7f3a-0042") != id_of("proxy-7f3a-0043")
