"""A visitor's chat, shown by a program that has no key."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx2
import pytest

from bot.channels.web import WebChannel
from tests.web.api.conftest import refusal
from tests.web.conftest import HOME, Ending, Inbox, served
from tests.web.streams import Ear, Ended
from web.app import WebParts, build
from web.chatting import chat_of

WORDS = {"text": "¿hacen envíos?"}


@pytest.fixture
def place(first: WebParts) -> str:
    return f"/api/v1/chat/{first.shop}/messages"


@pytest.fixture
async def anybody(first: WebParts) -> AsyncIterator[httpx2.AsyncClient]:
    transport = Ending(build(first), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url=HOME) as client:
        yield client


def opens(token: str) -> dict[str, str]:
    return {"Chat-Token": token}


async def test_a_chat_begins_goes_on_by_its_token_and_is_nobody_else_s(
    anybody: httpx2.AsyncClient, place: str, inbox: Inbox, channel: WebChannel
) -> None:
    begun = await anybody.post(place, json=WORDS)
    assert begun.status_code == 202
    token, after = begun.json()["token"], begun.json()["after"]
    await channel.show(chat_of(token), "answer-1", "bot", "Sí, a todo Chile.")
    whole = (await anybody.get(place, headers=opens(token))).json()["items"]
    assert [(one["author"], one["text"]) for one in whole] == [
        ("customer", "¿hacen envíos?"),
        ("bot", "Sí, a todo Chile."),
    ]
    since = (await anybody.get(place, headers=opens(token), params={"after": after})).json()
    assert since["items"] == whole[1:]
    again = await anybody.post(place, json={"text": "gracias"}, headers=opens(token))
    assert again.json()["token"] == token
    assert inbox.texts == ["¿hacen envíos?", "gracias"]
    assert {one.chat for one in inbox.stored} == {chat_of(token)}
    other = (await anybody.get(place, headers=opens("0" * 32))).json()["items"]
    assert other == []
    assert token not in str(inbox.stored)


async def test_what_is_repeated_lands_once(
    anybody: httpx2.AsyncClient, place: str, inbox: Inbox
) -> None:
    token = (await anybody.post(place, json=WORDS)).json()["token"]
    key = {**opens(token), "Idempotency-Key": "mensaje-0001"}
    for _ in range(3):
        assert (await anybody.post(place, json={"text": "hola"}, headers=key)).status_code == 202
    assert inbox.texts == ["¿hacen envíos?", "hola"]
    assert len((await anybody.get(place, headers=opens(token))).json()["items"]) == 2


async def test_the_shop_goes_by_its_public_name_too_and_no_other_is_found(
    anybody: httpx2.AsyncClient, place: str, second: WebParts
) -> None:
    named = await anybody.post("/api/v1/chat/demo/messages", json=WORDS)
    assert named.status_code == 202
    for wrong in (str(second.shop), "otra"):
        answer = await anybody.post(f"/api/v1/chat/{wrong}/messages", json=WORDS)
        assert refusal(answer) == (404, "not_found")
    assert refusal(await anybody.get(place)) == (422, "invalid")
    assert refusal(await anybody.get(place, headers=opens("abc"))) == (422, "invalid")
    for odd in ({}, {"text": ""}, {"text": "a\x00b"}, {"text": "x" * 4001}):
        assert refusal(await anybody.post(place, json=odd)) == (422, "invalid")


async def test_whoever_floods_waits_and_a_closed_inbox_says_so(
    first: WebParts, anybody: httpx2.AsyncClient, place: str, inbox: Inbox
) -> None:
    token = (await anybody.post(place, json=WORDS)).json()["token"]
    answers = [await anybody.post(place, json=WORDS, headers=opens(token)) for _ in range(20)]
    assert refusal(answers[-1]) == (429, "too_many")
    assert int(answers[-1].headers["retry-after"]) >= 1
    inbox.closed = True
    lost = await anybody.post(place, json=WORDS)
    assert refusal(lost) == (503, "unavailable")
    assert first.shop


async def test_the_answer_follows_at_once_where_it_is_asked_for(
    first: WebParts, place: str, channel: WebChannel
) -> None:
    stream = {"Accept": "text/event-stream"}
    async with (
        served(replace(first)) as address,
        httpx2.AsyncClient(base_url=address, timeout=30) as client,
        client.stream("POST", place, json=WORDS, headers=stream) as answer,
    ):
        assert answer.status_code == 200
        ear = Ear(answer.aiter_lines())
        sent = await ear.next()
        token = json.loads(sent.data)["token"]
        await channel.show(chat_of(token), "answer-1", "bot", "Sí, a todo Chile.")
        said = await ear.next()
        assert (said.event, json.loads(said.data)["text"]) == ("message", "Sí, a todo Chile.")
        assert json.loads((await ear.next()).data) == {"answered": True}
        with pytest.raises(Ended):
            await ear.next()
