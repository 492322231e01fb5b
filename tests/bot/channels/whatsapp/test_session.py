"""Pairing, refusals, bans: what a session tells about itself, and what becomes of it."""

import asyncio
import socket
from collections import deque
from contextlib import closing
from typing import Any

import pytest

from bot.channels.base import ChannelRefused
from bot.channels.whatsapp.child import Child
from bot.channels.whatsapp.health import Patience
from bot.channels.whatsapp.protocol import Told, linked
from bot.channels.whatsapp.requests import Requests
from bot.channels.whatsapp.session import Session
from bot.states import States
from events.happened import named
from services.wire import Wire
from tests.bot.channels.whatsapp.sending import News
from tests.contracts.network import listening, until
from tests.contracts.whatsapp import ACCOUNT, channel_of
from tests.servers.protobufs import CONNECTED, N, fill
from tests.servers.whatsapp import WhatsApp

PAIRED, LOGGED_OUT, REPLACED, BANNED, FAILED, OUTDATED, DISCONNECTED = 2, 6, 7, 8, 9, 10, 12


def raw(event: Any) -> bytes:  # noqa: ANN401  a protobuf
    return bytes(fill(event).SerializeToString())


async def test_a_qr_is_shown_until_the_phone_is_paired(
    whatsapp: WhatsApp, wire: Wire, prefix: str
) -> None:
    whatsapp.qr = ("2@first", "2@second")
    whatsapp.greeting = ((PAIRED, raw(N.PairStatus(Status="SUCCESS"))),)
    news, states = News(), States(wire, prefix)

    async with listening(channel_of(whatsapp, wire, prefix), news.ingest):
        await until(news.has(qr="2@second"))
        paired = (await states.of([ACCOUNT]))[ACCOUNT]
        whatsapp.happens(CONNECTED, raw(N.Connected()))
        await until(news.has(state="ready"))

    assert (paired.state, paired.qr) == ("pairing", "2@second")
    assert [event.qr for event in news.told] == ["2@first", "2@second", None]
    assert {event.conversation for event in news.told} == {named(ACCOUNT, "account")}
    assert len({event.id for event in news.told}) == 3
    assert (await states.of([ACCOUNT]))[ACCOUNT].qr == ""


async def test_a_phone_number_asks_for_a_code_instead(
    whatsapp: WhatsApp, wire: Wire, prefix: str
) -> None:
    whatsapp.qr = ("2@first", "2@second")
    whatsapp.greeting = ((PAIRED, raw(N.PairStatus(Status="SUCCESS"))),)
    news = News()

    async with listening(channel_of(whatsapp, wire, prefix, phone="56900000000"), news.ingest):
        await until(news.has(code="ABCD-1234"))

    assert [event.qr for event in news.told] == [None]
    assert len([name for name, _ in whatsapp.calls if name == "PairPhone"]) == 1


def test_a_qr_fits_a_terminal() -> None:
    from bot.channels.whatsapp.qr import shown  # noqa: PLC0415  its library comes with neonize

    lines = shown("2@" + "A" * 220).splitlines()

    assert len(lines) < 45
    assert max(map(len, lines)) < 90


@pytest.mark.parametrize(
    ("code", "event", "why"),
    [
        (LOGGED_OUT, N.LoggedOut(), "pair it again"),
        (REPLACED, N.StreamReplaced(), "somewhere else"),
        (OUTDATED, N.ClientOutdated(), "upgrade neonize"),
        (FAILED, N.ConnectFailure(Reason="MAIN_DEVICE_GONE"), "pair it again"),
    ],
)
async def test_what_a_person_has_to_mend_stops_the_channel(
    code: int, event: object, why: str, whatsapp: WhatsApp, wire: Wire, prefix: str
) -> None:
    whatsapp.greeting = ((code, raw(event)),)

    with pytest.raises(ChannelRefused, match=why):
        async with asyncio.timeout(60):
            await channel_of(whatsapp, wire, prefix).receive(News().ingest)

    told = (await States(wire, prefix).of([ACCOUNT]))[ACCOUNT]
    assert told.state == "refused"
    assert whatsapp.connections == 1


async def test_a_connection_that_cannot_be_made_is_tried_again(
    whatsapp: WhatsApp, wire: Wire, prefix: str
) -> None:
    whatsapp.failing["Neonize"] = "failed to dial whatsapp web websocket: no such host"
    news = News()

    async with listening(channel_of(whatsapp, wire, prefix), news.ingest):
        await until(news.has(state="unwell"))
        whatsapp.failing.clear()
        await until(news.has(state="ready"))

    assert news.told[0].detail.startswith("cannot reach WhatsApp: failed to dial")
    assert whatsapp.connections == 2


async def test_a_connection_that_breaks_comes_back_by_itself(
    whatsapp: WhatsApp, wire: Wire, prefix: str
) -> None:
    news = News()
    async with listening(channel_of(whatsapp, wire, prefix), news.ingest):
        await until(news.has(state="ready"))
        whatsapp.happens(DISCONNECTED, raw(N.Disconnected()))
        await until(news.has(state="unwell"))
        whatsapp.happens(CONNECTED, raw(N.Connected()))
        await until(lambda: [event.state for event in news.told] == ["ready", "unwell", "ready"])

    assert whatsapp.connections == 1


async def test_a_ban_is_waited_out(whatsapp: WhatsApp, wire: Wire, prefix: str) -> None:
    whatsapp.greeting = ((BANNED, raw(N.TemporaryBan(Code="BLOCKED_BY_USERS", Expire=3600))),)
    news = News()

    async with listening(channel_of(whatsapp, wire, prefix), news.ingest):
        await until(news.has(state="unwell"))
        await asyncio.sleep(0.5)

    assert "blocked_by_users" in news.told[0].detail
    assert whatsapp.connections == 1


def test_how_long_a_session_rests() -> None:
    patience = Patience()
    broken = Told(state="unwell", why="broken")
    pauses = [patience.after(broken, 1, 0) for _ in range(10)]

    assert 0.5 <= pauses[0] <= 1
    assert all(30 <= pause <= 60 for pause in pauses[-2:])
    assert patience.after(broken, 61, 0) <= 1, "it has worked for a while"
    assert patience.after(Told(state="pairing", why="unpaired"), 160, 0) == 0
    assert patience.after(Told(state="unwell", why="banned", until=1000), 1, 100) == 900


async def test_a_session_that_says_nothing_any_more_is_given_up(wire: Wire, prefix: str) -> None:
    async def nothing(_: object) -> None:
        return None

    ours, theirs = socket.socketpair()
    child = Child(await linked(ours), 0, deque())
    desk = Requests(wire, prefix, ACCOUNT)
    session = Session(child, desk, nothing, nothing, asyncio.Event(), silence_s=0.2)
    with theirs, closing(child.link):
        async with asyncio.timeout(60):
            end = await session.run()

    assert (end.state, end.why) == ("unwell", "broken")
    assert "hung" in end.detail
