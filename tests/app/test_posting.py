"""A webhook hears of every alert that begins and ends: signed, in order, until it is taken."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from aiohttp import web
from pydantic import ValidationError

from app.posting import DOUBLED, FIRST_S, LONGEST_S, STALE, Posting, delivery
from app.watching import alert_of
from config.alerts import AlertSettings
from evaluation.alerts import Point
from evaluation.watching import known_rules
from services.clock import Clock, now
from services.leases import Lease
from services.posts import DELIVERY, SIGNATURE, Poster, signature
from services.wire import Wire
from store import alerts
from store.alerts import Alert
from store.session import Store
from tests.fixtures.bots import until
from tests.servers.pages import mounted

SECRET = "a-secret-of-the-shops"
NOW = now().replace(microsecond=0)
PATH = "/alerts"


@dataclass
class Receiver:
    """`status` is how it answers."""

    status: int = 200
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    elsewhere: int = 0

    async def take(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.read())
        self.headers.append(dict(request.headers))
        return web.Response(status=self.status, headers={"Location": "/elsewhere"})

    async def lured(self, _request: web.Request) -> web.Response:
        self.elsewhere += 1
        return web.Response()

    @property
    def said(self) -> list[str]:
        return [json.loads(body)["type"] for body in self.bodies]


@dataclass
class Hand:
    """The clock's hand, which a test moves."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at


@asynccontextmanager
async def posting(
    store: Store, shop: UUID, wire: Wire, prefix: str, clock: Clock
) -> AsyncIterator[tuple[Posting, Receiver]]:
    async with mounted() as (base, routes):
        receiver = Receiver()
        routes[PATH], routes["/elsewhere"] = receiver.take, receiver.lured
        poster = Poster.to(f"{base}{PATH}", SECRET)
        lease = Lease(wire, f"{prefix}:{{alert-posts}}", 60_000)
        yield Posting(store, shop, "demo", lease, poster, "es", "", clock), receiver
        await poster.close()


async def fire(store: Store, shop: UUID, at: datetime = NOW) -> Alert:
    async with store.transaction() as session:
        rule = next(one for one in await known_rules(session, shop) if one.kind == "errors")
        await alerts.fire(session, alert_of(rule, Point(at, 0.8, 0.05)))
        found = await alerts.opened(session, shop, rule.id)
    assert found is not None
    return found


async def end(store: Store, alert: Alert, at: datetime) -> None:
    async with store.transaction() as session:
        await alerts.change(session, alert, state="resolved", resolved_at=at)


async def told(one: Posting) -> int:
    """How many were due."""
    due = await one.due()
    for alert, muted in due:
        await one.tell(alert, muted=muted)
    return len(due)


async def test_what_begins_and_ends_is_told_once_each_in_order(
    store: Store, shop: UUID, wire: Wire, prefix: str
) -> None:
    async with posting(store, shop, wire, prefix, Hand()) as (one, receiver):
        alert = await fire(store, shop)
        await end(store, alert, NOW + timedelta(minutes=1))
        assert [await told(one) for _ in range(4)] == [1, 1, 0, 0]
        assert receiver.said == ["alert.firing", "alert.resolved"]
        first, last = map(json.loads, receiver.bodies)
        assert (first["shop"], first["alert"]["rule"], first["alert"]["value"]) == (
            "demo", "errors", 0.8,
        )  # fmt: skip
        assert first["text"].startswith("⚠️ Hay respuestas que fallan: 80")
        assert first["alert"]["resolved_at"] is None
        assert last["alert"]["resolved_at"] == (NOW + timedelta(minutes=1)).isoformat()
        at_s = int(NOW.timestamp())
        assert receiver.headers[0][SIGNATURE] == signature(SECRET, at_s, receiver.bodies[0])
        ids = [headers[DELIVERY] for headers in receiver.headers]
        assert ids == [first["id"], last["id"]]
        assert ids[0] != ids[1]


@pytest.mark.parametrize("status", [500, 404, 302])
async def test_what_is_not_taken_is_tried_again_under_its_id_later_each_time(
    store: Store, shop: UUID, wire: Wire, prefix: str, status: int
) -> None:
    hand = Hand()
    async with posting(store, shop, wire, prefix, hand) as (one, receiver):
        receiver.status = status
        await fire(store, shop)
        waits = []
        for _ in range(3):
            assert (await told(one), await told(one)) == (1, 0)
            async with store.transaction() as session:
                (alert,) = await alerts.listed(session, shop, ("firing",))
            assert alert.post_at is not None
            waits.append((alert.post_at - hand.at).total_seconds())
            hand.at = alert.post_at
        assert waits == [FIRST_S, 2 * FIRST_S, 4 * FIRST_S]
        receiver.status = 204
        assert (await told(one), await told(one)) == (1, 0)
        assert len({headers[DELIVERY] for headers in receiver.headers}) == 1
        assert receiver.elsewhere == 0


async def test_nobody_there_is_waited_for_no_longer_than_a_day(
    store: Store, shop: UUID, wire: Wire, prefix: str
) -> None:
    hand = Hand()
    async with posting(store, shop, wire, prefix, hand) as (one, _):
        pass
    away = Posting(
        store, shop, "demo", one.lease, Poster.to("http://127.0.0.1:1/", SECRET), "es", "", hand
    )
    await fire(store, shop)
    assert await told(away) == 1
    hand.at = NOW + timedelta(seconds=LONGEST_S * DOUBLED)
    assert len(await away.due()) == 1
    hand.at = NOW + STALE + timedelta(seconds=1)
    assert await away.due() == []
    await away.poster.close()


async def test_killed_before_it_is_marked_the_same_one_goes_again(
    store: Store, shop: UUID, wire: Wire, prefix: str
) -> None:
    async with posting(store, shop, wire, prefix, Hand()) as (one, receiver):
        alert = await fire(store, shop)
        body = json.dumps(one.said(alert, "firing")).encode()
        assert await one.poster.post(delivery(alert, "firing"), 1, body) == ""
        assert await told(one) == 1
        assert len({headers[DELIVERY] for headers in receiver.headers}) == 1


async def test_of_two_processes_one_posts(
    store: Store, shop: UUID, wire: Wire, prefix: str
) -> None:
    async with posting(store, shop, wire, prefix, now) as (one, receiver):
        other = replace(one, poster=Poster.to(one.poster.url, SECRET))
        work = [asyncio.create_task(each.attend()) for each in (one, other)]
        alert = await fire(store, shop)
        await until(lambda: said(receiver, 1))
        await end(store, alert, now())
        await until(lambda: said(receiver, 2))
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        assert receiver.said == ["alert.firing", "alert.resolved"]


async def said(receiver: Receiver, count: int) -> bool:
    return len(receiver.bodies) >= count


async def test_what_began_in_silence_ends_in_silence_and_what_was_told_is_ended(
    store: Store, shop: UUID, wire: Wire, prefix: str
) -> None:
    async with posting(store, shop, wire, prefix, Hand()) as (one, receiver):
        heard = await fire(store, shop)
        await told(one)
        async with store.transaction() as session:
            rule = await alerts.rule_called(session, shop, "errors")
            assert rule is not None
            until = NOW + timedelta(hours=9)
            await alerts.change_rule(session, rule, muted_until=until)
        await end(store, heard, NOW + timedelta(minutes=1))
        await told(one)
        assert receiver.said == ["alert.firing", "alert.resolved"]
        quiet = await fire(store, shop, NOW + timedelta(minutes=5))
        assert await told(one) == 1
        await end(store, quiet, NOW + timedelta(minutes=6))
        assert await told(one) == 0
        assert len(receiver.bodies) == 2


@pytest.mark.parametrize(
    "url", ["http://ops.example.com/a", "ftp://ops.example.com", "http://127.0.0.1.example.com/"]
)
def test_an_address_has_to_be_https(url: str) -> None:
    with pytest.raises(ValidationError):
        AlertSettings.model_validate({"webhook_url": url, "webhook_secret": SECRET})


def test_nothing_is_posted_unsigned() -> None:
    with pytest.raises(ValidationError, match="webhook_secret"):
        AlertSettings.model_validate({"webhook_url": "https://ops.example.com/a"})
