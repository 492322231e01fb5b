"""The Bot API on this machine behaves like the published one, and so does our client."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, FormData

from bot.channels.base import Accepted
from bot.channels.telegram.factory import telegram
from events.happened import Happened
from tests.bot.channels.telegram.test_outbox import a_part
from tests.bot.channels.telegram.updates import ANA
from tests.contracts.network import SHOP, listening, until
from tests.contracts.telegram import CLIENTS, Client, settings
from tests.servers import telegram_faults as faults
from tests.servers.pages import mounted
from tests.servers.telegram import TOKEN, BotApi, serving
from tests.servers.telegram_spec import Spec
from tests.servers.telegram_updates import DAY_S


@pytest.fixture
def spec(shared_data: Path) -> Spec:
    return Spec.read(shared_data / "channels/telegram-bot-api-spec.json")


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with serving(BotApi()) as api:
        yield api


@pytest.fixture
async def client() -> AsyncIterator[ClientSession]:
    async with ClientSession() as client:
        yield client


async def ask(client: ClientSession, api: BotApi, method: str, **params: object) -> dict[str, Any]:
    url = f"{api.url}/bot{TOKEN}/{method}"
    async with client.post(url, data={name: str(value) for name, value in params.items()}) as got:
        answer: dict[str, Any] = await got.json()
        return answer


async def numbers(client: ClientSession, api: BotApi, **params: object) -> list[int]:
    answer = await ask(client, api, "getUpdates", **params)
    return [update["update_id"] for update in answer["result"]]


@pytest.mark.parametrize("library", CLIENTS)
async def test_our_clients_and_this_server_obey_the_published_api(
    spec: Spec, library: Client
) -> None:
    async def ingest(_: Happened) -> bool:
        return True

    async with serving(BotApi(spec=spec)) as api, mounted() as (base, _):
        api.files.kept["F"] = b"x"
        channel = telegram(settings(api, client=library), SHOP)
        async with listening(channel, ingest):
            await api.customer_says("hola", chat=7)
            query = {"id": "1", "from": ANA, "data": "buy", "chat_instance": "x"}
            await api.push("callback_query", query)
            await until(lambda: bool(api.called("answerCallbackQuery")))
        for fields in ({}, {"thread": "3", "reply_to": "1"}, {"thread": "business:B"}):
            assert isinstance(await channel.send(a_part(**fields)), Accepted)
        for thread in (None, "3", "business:B", "direct:9"):
            await channel.attend("7", thread, "1")
        assert [chunk async for chunk in channel.download("F", 5)] == [b"x"]
        await channel.close()

        wanted = settings(api, client=library, mode="webhook", webhook_url=base)
        called = telegram(wanted, SHOP)
        called.look_s = 0.01
        async with listening(called, ingest):
            await until(lambda: bool(api.called("getWebhookInfo")))
        await called.close()

    assert api.wrong == []
    assert {method for method, _ in api.calls} == {
        "getMe", "deleteWebhook", "getUpdates", "answerCallbackQuery", "sendMessage", "setWebhook",
        "sendChatAction", "getFile", "getWebhookInfo",
    }  # fmt: skip


def test_the_oracle_sees_what_is_wrong(spec: Spec) -> None:
    assert spec.call("sendMessag", {}) == ["sendMessag: there is no such method"]
    assert spec.call("sendMessage", {"chat_id": "7"}) == ["sendMessage: needs text"]
    assert spec.call("sendMessage", {"chat_id": "7", "text": "5", "sound": "1"}) == [
        "sendMessage: has no sound"
    ]
    assert spec.call("getUpdates", {"timeout": "soon"}) == [
        "getUpdates.timeout: 'soon' is no Integer"
    ]
    assert spec.call("getUpdates", {"allowed_updates": '["message", 5]'}) == [
        "getUpdates.allowed_updates[1]: 5 is no String"
    ]
    assert spec.thing("User", {"id": 1, "is_bot": 0, "first_name": "Ana"}) == [
        "User.is_bot: 0 is no Boolean"
    ]


async def test_updates_stay_until_a_higher_offset_confirms_them(
    api: BotApi, client: ClientSession
) -> None:
    first, second = [await api.customer_says(text) for text in ("a", "b")]

    assert await numbers(client, api) == [first, second]
    assert api.unconfirmed == [first, second]
    assert await numbers(client, api, offset=second) == [second]
    assert api.unconfirmed == [second]
    assert await numbers(client, api, offset=-1) == [second]


async def test_polling_again_without_confirming_is_slowed_down(
    api: BotApi, client: ClientSession
) -> None:
    for _ in range(3):
        await api.customer_says("a")

    assert len(await numbers(client, api)) == 3
    assert len(await numbers(client, api)) == 1
    assert len(await numbers(client, api, limit=2, offset=1)) == 2


async def test_a_second_poller_ends_the_first(api: BotApi, client: ClientSession) -> None:
    first = asyncio.create_task(ask(client, api, "getUpdates", timeout=10))
    await until(lambda: len(api.calls) == 1)

    second = asyncio.create_task(ask(client, api, "getUpdates", timeout=10, offset=1))

    assert (await first)["error_code"] == 409
    await api.customer_says("a")
    assert len((await second)["result"]) == 1


async def test_after_a_day_an_update_is_forgotten(client: ClientSession) -> None:
    time = [1000.0]
    async with serving(BotApi(clock=lambda: time[0])) as api:
        await api.customer_says("a")
        time[0] += DAY_S + 1

        assert await numbers(client, api) == []


async def test_kinds_that_were_not_asked_for_are_not_kept(
    api: BotApi, client: ClientSession
) -> None:
    reaction = {"chat": {"id": 7, "type": "private"}, "message_id": 1, "date": 2**31}

    assert await api.push("message_reaction", reaction) is None
    await numbers(client, api, allowed_updates=json.dumps(["message_reaction"]))
    assert await api.push("message_reaction", reaction) is not None
    assert await api.push("poll", {"id": "1"}) is None


async def test_who_has_a_webhook_may_not_poll(api: BotApi, client: ClientSession) -> None:
    await ask(client, api, "setWebhook", url="http://127.0.0.1:9/")
    assert (await ask(client, api, "getUpdates"))["error_code"] == 409

    await ask(client, api, "deleteWebhook")
    assert (await ask(client, api, "getUpdates"))["ok"] is True


async def test_pending_updates_are_dropped_only_when_asked(
    api: BotApi, client: ClientSession
) -> None:
    await api.customer_says("a")

    await ask(client, api, "deleteWebhook", drop_pending_updates="false")
    assert len(api.unconfirmed) == 1
    await ask(client, api, "deleteWebhook", drop_pending_updates="true")
    assert api.unconfirmed == []


async def test_forms_with_files_are_read_too(api: BotApi, client: ClientSession) -> None:
    form = FormData({"chat_id": "7", "text": "con archivo"})
    form.add_field("file", b"bytes", filename="a.bin")

    async with client.post(f"{api.url}/bot{TOKEN}/sendMessage", data=form) as answer:
        assert answer.ok
    assert api.sent[0]["text"] == "con archivo"


@pytest.mark.parametrize(
    ("token", "status"),
    [(TOKEN, 200), ("42:AAwrong_token_of_the_right_length_0000000", 401), ("nonsense", 404)],
)
async def test_only_our_token_opens(
    api: BotApi, client: ClientSession, token: str, status: int
) -> None:
    async with client.get(f"{api.url}/bot{token}/getMe") as answer:
        assert answer.status == status


async def test_a_fault_may_be_meant_for_one_chat(api: BotApi, client: ClientSession) -> None:
    api.fail("sendMessage", faults.limited(3), chat="7")

    other = await ask(client, api, "sendMessage", chat_id=8, text="a")
    limited = await ask(client, api, "sendMessage", chat_id=7, text="a")

    assert other["ok"] is True
    assert limited["parameters"] == {"retry_after": 3}


async def test_a_reply_to_nothing_is_refused_unless_that_is_allowed(
    api: BotApi, client: ClientSession
) -> None:
    reply = {"chat_id": 7, "text": "a"}
    strict, lenient = [
        json.dumps({"message_id": 999, "allow_sending_without_reply": allowed})
        for allowed in (False, True)
    ]

    assert (await ask(client, api, "sendMessage", **reply, reply_parameters=strict))["ok"] is False
    assert (await ask(client, api, "sendMessage", **reply, reply_parameters=lenient))["ok"] is True
