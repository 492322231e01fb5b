"""Both clients: every failure is one of ours, and the token is never in it."""

import asyncio
import json
import logging
import socket
import traceback
from collections.abc import AsyncIterator, Callable

import pytest

from bot.channels.telegram.aiogram_client import AiogramTransport
from bot.channels.telegram.ptb_client import PtbTransport
from bot.channels.telegram.transport import (
    AnswerLost,
    CallFailed,
    Limited,
    Migrated,
    Rejected,
    Taken,
    Transport,
    Troubled,
    Unauthorized,
    Unreached,
)
from tests.contracts.telegram import Client
from tests.servers import telegram_faults as faults
from tests.servers.telegram import TOKEN, BotApi
from tests.servers.telegram_faults import Fault

TRANSPORTS: dict[Client, Callable[[str, str], Transport]] = {
    "aiogram": AiogramTransport,
    "ptb": PtbTransport,
}
HOLA = {"chat_id": "7", "text": "hola"}


@pytest.fixture
async def transport(api: BotApi, client: Client) -> AsyncIterator[Transport]:
    transport = TRANSPORTS[client](TOKEN, api.url)
    yield transport
    await transport.close()


async def failure(transport: Transport, timeout_s: float = 60) -> CallFailed:
    with pytest.raises(CallFailed) as caught:
        await transport.call("sendMessage", HOLA, timeout_s=timeout_s)
    return caught.value


async def test_who_calls_when_all_is_closed_has_sent_nothing_and_opens_nothing(
    api: BotApi, transport: Transport
) -> None:
    await transport.call("getMe", {}, timeout_s=60)
    await transport.close()

    assert isinstance(await failure(transport), Unreached)
    with pytest.raises(Unreached):
        _ = [chunk async for chunk in transport.download("a.jpg", timeout_s=60)]
    assert [method for method, _ in api.calls] == ["getMe"]


NOT_OK = {"ok": False, "description": "x"}
ANSWERS: list[tuple[Fault, type[CallFailed], bool]] = [
    (faults.limited(7), Limited, False),
    (faults.NO_LIMIT_SAID, Limited, False),
    (faults.migrated(-100), Migrated, False),
    (faults.BLOCKED, Rejected, True),
    (faults.KICKED, Rejected, True),
    (faults.NO_CHAT, Rejected, True),
    (faults.refused(400, "Bad Request: message text is empty"), Rejected, False),
    (faults.refused(400, f"Bad Request: odd {TOKEN}"), Rejected, False),
    (faults.TOO_LARGE, Rejected, False),
    (faults.UNAUTHORIZED, Unauthorized, False),
    (faults.NOT_FOUND, Unauthorized, False),
    (faults.CONFLICT, Taken, False),
    (faults.INTERNAL, Troubled, False),
    (faults.RESTARTING, Troubled, False),
    (faults.SPEECHLESS, Troubled, False),
    (faults.BAD_GATEWAY, Troubled, False),
    (faults.TIMED_OUT, Troubled, False),
    (faults.refused(418, "I'm a teapot"), Troubled, False),
    *((Fault(code, {**NOT_OK, "description": None}), Troubled, False) for code in (400, 500)),
    *((Fault(429, {**NOT_OK, "parameters": odd}), Troubled, False) for odd in ([1], "soon")),
    (Fault(500, b"\xff\xfe"), Troubled, False),
    (Fault(500, b"[1]"), Troubled, False),
    (Fault(502, {"ok": True}), Troubled, False),
    (Fault(400, {**NOT_OK, "parameters": 5}), Troubled, False),
    (Fault(400, {**NOT_OK, "parameters": {"retry_after": "y"}}), Troubled, False),
    (faults.RESETS, AnswerLost, False),
]


@pytest.mark.parametrize(("fault", "kind", "unreachable"), ANSWERS)
async def test_each_answer_has_its_meaning_and_never_tells_the_token(
    api: BotApi,
    transport: Transport,
    caplog: pytest.LogCaptureFixture,
    fault: Fault,
    kind: type[CallFailed],
    *,
    unreachable: bool,
) -> None:
    api.fail("sendMessage", fault)

    with caplog.at_level(logging.DEBUG):
        found = await failure(transport)

    assert type(found) is kind
    assert getattr(found, "unreachable", False) is unreachable
    assert not api.sent
    assert TOKEN not in "".join(traceback.format_exception(found))
    assert TOKEN not in caplog.text


async def test_the_waiting_time_and_the_new_chat_are_read(
    api: BotApi, transport: Transport
) -> None:
    api.fail("sendMessage", faults.limited(7), faults.NO_LIMIT_SAID, faults.migrated(-100))

    found = [await failure(transport) for _ in range(3)]

    assert [one.seconds for one in found if isinstance(one, Limited)] == [7, 1]
    assert [one.chat for one in found if isinstance(one, Migrated)] == ["-100"]


async def test_an_answer_with_a_type_from_the_future_is_success(
    api: BotApi, transport: Transport
) -> None:
    api.fail("sendMessage", faults.ODD)

    message = await transport.call("sendMessage", HOLA, timeout_s=60)

    assert message["forward_origin"] == {"type": "from_the_future"}
    assert len(api.sent) == 1


async def test_an_answer_that_never_comes_is_lost(api: BotApi, transport: Transport) -> None:
    api.fail("sendMessage", faults.HANGS_DELIVERED)

    assert isinstance(await failure(transport, timeout_s=2), AnswerLost)
    assert len(api.sent) == 1


async def test_a_closed_door_is_safe_to_try_again(client: Client) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        transport = TRANSPORTS[client](TOKEN, f"http://127.0.0.1:{taken.getsockname()[1]}")
        assert isinstance(await failure(transport), Unreached)
    await transport.close()


@pytest.mark.parametrize(
    "address", ["http://nowhere.invalid", "http://[::bad", "nonsense", "http://"]
)
async def test_a_wrong_address_is_told_without_the_token(client: Client, address: str) -> None:
    transport = TRANSPORTS[client](TOKEN, address)

    found = await failure(transport)

    assert isinstance(found, Unreached)
    assert TOKEN not in "".join(traceback.format_exception(found))
    await transport.close()


async def test_another_address_that_is_named_instead_is_not_called(
    api: BotApi, client: Client
) -> None:
    """Our address holds the token, and the call what somebody wrote."""

    async def elsewhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        place = f"Location: {api.url}{head.split()[1].decode()}\r\n"
        start = "HTTP/1.1 307 Temporary Redirect\r\nContent-Length: 0\r\nConnection: close\r\n"
        writer.write(f"{start}{place}\r\n".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(elsewhere, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        transport = TRANSPORTS[client](TOKEN, f"http://127.0.0.1:{port}")
        await failure(transport)
        await transport.close()
    assert api.calls == []


@pytest.mark.parametrize("token", ["", "no token", "42", "42:", ":x", "42:ñ\ud800"])
async def test_a_token_that_is_none_is_refused(api: BotApi, client: Client, token: str) -> None:
    transport = TRANSPORTS[client](token, api.url)

    assert isinstance(await failure(transport), Unauthorized)
    await transport.close()


async def test_every_kind_of_value_travels_as_the_api_wants_it(
    api: BotApi, transport: Transport
) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Sí 😀", "callback_data": "yes"}]]}
    marks = [{"type": "bold", "offset": 0, "length": 4}]
    more = {"reply_markup": keyboard, "entities": marks, "protect_content": False}

    await transport.call("sendMessage", {**HOLA, **more, "thread": None}, timeout_s=60)

    (asked,) = api.called("sendMessage")
    assert asked.keys() == {*HOLA, *more}
    assert json.loads(asked["reply_markup"]) == keyboard
    assert json.loads(asked["entities"]) == marks
    assert asked["protect_content"] == "false"


async def test_a_file_travels_under_its_own_name(api: BotApi, transport: Transport) -> None:
    files = {"document": ("lista ñ.txt", b"\x00 1.990")}

    await transport.call("sendChatAction", {"chat_id": "7"}, timeout_s=60, files=files)

    (asked,) = api.called("sendChatAction")
    assert asked == {"chat_id": "7", **files}
