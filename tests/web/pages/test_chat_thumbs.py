"""A thumb below an answer of the web chat, asked as a browser asks."""

import re
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID, uuid4

import httpx2
import pytest

from bot.channels.base import Part
from bot.channels.web import WebChannel
from events.contents import Choice
from services.wire import Wire, connect
from tests.web.chatting import opened, said, say
from tests.web.conftest import Inbox, asking, without_redis
from text.verdicts import DOWN, UP
from web.app import WebParts, build

PLAIN: Mapping[str, str] = {}
HTMX = {"HX-Request": "true"}


async def rate(
    client: httpx2.AsyncClient, entry: str, thumb: str, headers: Mapping[str, str] = PLAIN
) -> httpx2.Response:
    data = {"linea": entry, "pulgar": thumb}
    return await client.post("/chat/rating", data=data, headers=headers)


def pressed(html: str) -> list[str]:
    """The buttons that are down, by their ids."""
    return re.findall(r'<button id="([^"]+)"[^>]*aria-pressed="true"', html)


async def shown(client: httpx2.AsyncClient) -> list[str]:
    return pressed((await client.get("/chat")).text)


async def test_a_thumb_is_a_reaction_that_can_be_changed_and_taken_back(
    visitor: httpx2.AsyncClient, channel: WebChannel, inbox: Inbox
) -> None:
    chat = await opened(visitor)
    old = await channel.show(chat, "r1", "bot", "Cuesta $24.990.")
    entry = await channel.show(chat, "r2", "bot", "Sí, hay stock.")
    assert await shown(visitor) == []

    answer = await rate(visitor, entry, "up")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/chat#l{entry}")
    assert await shown(visitor) == [f"up{entry}"]
    await rate(visitor, old, "down")
    assert await shown(visitor) == [f"down{old}", f"up{entry}"]
    await rate(visitor, entry, "down")
    assert await shown(visitor) == [f"down{old}", f"down{entry}"]
    await rate(visitor, entry, "")
    assert await shown(visitor) == [f"down{old}"]

    told = [(one.platform_id, one.emoji) for one in inbox.reactions]
    assert told == [(entry, UP), (old, DOWN), (entry, DOWN), (entry, None)]
    assert {(one.chat, one.sender.id) for one in inbox.reactions} == {(chat, chat)}
    assert len({one.id for one in inbox.reactions}) == 4, "the same thumb again is another one"
    await say(visitor, "hola")
    assert {one.conversation for one in inbox.reactions} == {inbox.stored[0].conversation}


async def test_with_scripts_only_the_thumbs_come_back(
    visitor: httpx2.AsyncClient, channel: WebChannel
) -> None:
    entry = await channel.show(await opened(visitor), "r1", "bot", "Cuesta $24.990.")

    answer = await rate(visitor, entry, "up", HTMX)

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert pressed(answer.text) == [f"up{entry}"]
    again = rf'id="up{entry}" name="pulgar" value=""'
    assert again in answer.text, "the same button again takes it back"


async def test_an_answer_in_two_messages_is_thought_of_as_one(
    visitor: httpx2.AsyncClient, channel: WebChannel
) -> None:
    chat, reply = await opened(visitor), uuid4()
    parts = [Part(f"{reply}:{place}", reply, chat, f"parte {place}") for place in range(2)]
    first, second = [await channel.send(part) for part in parts]
    first_entry, second_entry = (getattr(one, "platform_id", "") for one in (first, second))

    await rate(visitor, first_entry, "up")
    await rate(visitor, second_entry, "down")

    assert await shown(visitor) == [f"down{first_entry}", f"down{second_entry}"]


async def test_buttons_for_a_thumb_are_not_told_a_second_time(
    visitor: httpx2.AsyncClient, channel: WebChannel
) -> None:
    chat, reply = await opened(visitor), UUID(int=7)
    thumbs = tuple(Choice(id=f"rate:{side}:{reply}", title=side) for side in ("up", "down"))
    choices = (*thumbs, Choice(id="pago", title="Pagar"))
    await channel.send(Part(f"{reply}:0", reply, chat, "Cuesta $24.990.", choices=choices))

    assert said((await visitor.get("/chat")).text) == ["Cuesta $24.990.\n\n1. Pagar"]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "part"])
async def test_nobody_rates_but_the_answers_of_their_own_chat(
    visitor: httpx2.AsyncClient,
    channel: WebChannel,
    inbox: Inbox,
    parts: WebParts,
    headers: dict[str, str],
) -> None:
    mine = await channel.show(await opened(visitor), "mía", "customer", "¿precio?")
    async with asking(build(parts)) as other:
        theirs = await channel.show(await opened(other), "r1", "bot", "Cuesta $24.990.")

        for entry in (mine, theirs, "0-0", "-", "l' OR 1", ""):
            answer = await rate(visitor, entry, "down", headers)
            assert answer.status_code == 404
            assert "ya no está en esta conversación" in answer.text
        assert await shown(other) == []
    assert inbox.reactions == []


async def test_without_a_chat_there_is_nothing_to_rate(
    visitor: httpx2.AsyncClient, inbox: Inbox
) -> None:
    answer = await rate(visitor, "1-0", "up")

    assert (answer.status_code, answer.headers["location"]) == (303, "/chat")
    assert (await rate(visitor, "1-0", "sideways")).status_code == 422
    assert inbox.reactions == []


async def test_thumbs_are_counted_with_messages(
    visitor: httpx2.AsyncClient, channel: WebChannel, inbox: Inbox
) -> None:
    entry = await channel.show(await opened(visitor), "r1", "bot", "Cuesta $24.990.")
    for number in range(10):
        await say(visitor, f"mensaje {number}")

    answers = [await rate(visitor, entry, "up") for _ in range(11)]
    part = await rate(visitor, entry, "down", HTMX)

    assert [one.status_code for one in answers] == [303] * 10 + [429]
    assert re.search(r"Espera \d+ s y vuelve a calificar", answers[-1].text)
    assert (part.status_code, part.headers["hx-retarget"]) == (429, "#aviso")
    assert 1 <= int(part.headers["retry-after"]) <= 60
    assert "<html" not in part.text
    assert len(inbox.reactions) == 10


async def test_what_could_not_be_stored_is_said_and_not_shown(
    visitor: httpx2.AsyncClient, channel: WebChannel, inbox: Inbox
) -> None:
    entry = await channel.show(await opened(visitor), "r1", "bot", "Cuesta $24.990.")
    inbox.closed = True

    for headers in ({}, HTMX):
        answer = await rate(visitor, entry, "down", headers)
        assert answer.status_code == 503
        assert "No pudimos guardar tu calificación" in answer.text

    assert await shown(visitor) == []


async def test_without_redis_a_thumb_says_when_to_come_back(parts: WebParts) -> None:
    lost = Wire(connect("redis://127.0.0.1:1/0"))
    async with asking(build(without_redis(replace(parts), lost))) as client:
        client.cookies.set("chat", "0" * 32)
        answer = await rate(client, "1-0", "up", HTMX)
    await lost.close()

    assert (answer.status_code, "No pudimos guardar" in answer.text) == (503, True)
