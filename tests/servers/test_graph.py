"""The Graph API on this machine is as strict, and calls us in the same shapes, as Meta's."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web

from tests.contracts.network import until
from tests.servers import graph_faults as faults
from tests.servers.graph import TOKEN, VERIFY_TOKEN, GraphApi, serving
from tests.servers.graph_customers import ANA, HIDDEN, Customer, webhook
from tests.servers.graph_rules import wrong_with
from tests.servers.graph_webhook import SIGNATURE, signature
from tests.servers.pages import mounted

HEAD: dict[str, Any] = {
    "messaging_product": "whatsapp",
    "recipient_type": "individual",
    "to": "56911112222",
}


class Hearing:
    """Somebody who listens to webhooks; `answers` are its next statuses, 200 afterwards."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.signatures: list[str] = []
        self.answers: list[int] = []

    async def handle(self, request: web.Request) -> web.Response:
        if request.method == "GET":
            known = request.query.get("hub.verify_token") == VERIFY_TOKEN
            return web.Response(text=request.query["hub.challenge"], status=200 if known else 403)
        self.bodies.append(await request.read())
        self.signatures.append(request.headers[SIGNATURE])
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    def values(self) -> list[dict[str, Any]]:
        return [json.loads(body)["entry"][0]["changes"][0]["value"] for body in self.bodies]


@pytest.fixture
async def api() -> AsyncIterator[GraphApi]:
    async with serving(GraphApi()) as api:
        yield api


@pytest.fixture
async def hearing(api: GraphApi) -> AsyncIterator[Hearing]:
    found = Hearing()
    async with mounted() as (base, routes):
        routes["/hook"] = found.handle
        await api.subscribe(f"{base}/hook")
        yield found


async def ask(api: GraphApi, body: dict[str, Any], token: str = TOKEN) -> tuple[int, Any]:
    url = f"{api.url}/v24.0/{api.number.phone_id}/messages"
    headers = {"Authorization": f"Bearer {token}"}
    async with ClientSession() as client, client.post(url, json=body, headers=headers) as answer:
        return answer.status, await answer.json()


def a_text(body: str = "hola", **fields: object) -> dict[str, Any]:
    return {**HEAD, "type": "text", "text": {"body": body}, **fields}


def buttons(*titles: str) -> dict[str, Any]:
    replies = [{"type": "reply", "reply": {"id": t[:20], "title": t}} for t in titles]
    action = {"buttons": replies}
    return {
        **HEAD,
        "type": "interactive",
        "interactive": {"type": "button", "body": {"text": "?"}, "action": action},
    }


WRONG: list[tuple[dict[str, Any], str]] = [
    (a_text(""), "text.text.body: has 0 characters, not 1-4096"),
    (a_text("x" * 4097), "text.text.body: has 4097 characters, not 1-4096"),
    (a_text("😀" * 2049), "text.text.body: has 4098 characters, not 1-4096"),
    (a_text(sound=1), "text: has no sound"),
    (a_text(to="+569"), "text.to: '+569' does not fit"),
    (a_text(type="poem"), "'poem' is no kind of message"),
    (a_text(context={"message_id": "7"}), "text.context.message_id: '7' does not fit"),
    ({"type": "text", "text": {"body": "x"}}, "text: needs messaging_product"),
    (buttons("a", "b", "c", "d"), "interactive.interactive.action.buttons: has 4 items, not 1-3"),
    (buttons("x" * 21), "has 21 characters, not 1-20"),
    (buttons("a", "a"), "interactive.interactive.action: id twice"),
    ({**HEAD, "type": "image", "image": {"id": "7", "link": "https://a.cl"}}, "has no link"),
    ({**HEAD, "type": "audio", "audio": {"id": "7", "caption": "x"}}, "has no caption"),
    ({"messaging_product": "whatsapp", "status": "read"}, "receipt: needs message_id"),
]


@pytest.mark.parametrize(("body", "said"), WRONG)
def test_the_rules_see_what_is_wrong(body: dict[str, Any], said: str) -> None:
    assert any(said in one for one in wrong_with(body)), wrong_with(body)


async def test_what_breaks_a_rule_is_refused_and_remembered(api: GraphApi) -> None:
    status, answer = await ask(api, a_text(""))

    assert (status, answer["error"]["code"]) == (400, 131009)
    assert len(api.wrong) == 1
    assert api.sent == []


async def test_only_our_token_opens(api: GraphApi) -> None:
    status, answer = await ask(api, a_text(), token="EAAwrong")

    assert (status, answer["error"]["code"]) == (401, 190)


def test_a_signature_is_the_one_of_the_published_example() -> None:
    assert signature(b"Hello, World!", "It's a Secret to Everybody") == (
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    )


async def test_a_message_is_posted_again_until_it_was_taken_and_then_the_next(
    api: GraphApi, hearing: Hearing
) -> None:
    hearing.answers = [503, 500]

    for text in ("uno", "dos"):
        api.customer_says(text)
    api.customer_says("otra", HIDDEN)
    assert api.hook is not None
    await until(lambda: api.hook is not None and not api.hook.waiting)

    ours = [value for value in hearing.values() if value["contacts"][0].get("wa_id")]
    assert [one["messages"][0]["text"]["body"] for one in ours][-2:] == ["uno", "dos"]
    assert len(hearing.bodies) == 5
    assert all(
        one == signature(body, api.app_secret)
        for one, body in zip(hearing.signatures, hearing.bodies, strict=True)
    )


async def test_what_became_of_a_message_is_told_with_its_tracker(
    api: GraphApi, hearing: Hearing
) -> None:
    api.tells = ("read", "sent", "sent", "delivered")
    api.fail_later(131026)
    failed, sent = [
        (await ask(api, a_text(biz_opaque_callback_data=key)))[1]["messages"][0]["id"]
        for key in ("k:0", "k:1")
    ]
    await until(lambda: len(hearing.bodies) == 5)

    statuses = [value["statuses"][0] for value in hearing.values()]
    assert [one["status"] for one in statuses] == ["failed", "read", "sent", "sent", "delivered"]
    assert [one["id"] for one in statuses] == [failed] + [sent] * 4
    assert [one["biz_opaque_callback_data"] for one in statuses] == ["k:0"] + ["k:1"] * 4
    assert statuses[0]["errors"][0]["code"] == 131026


async def test_a_day_after_the_customers_last_word_only_templates_pass(hearing: Hearing) -> None:
    time = [1_800_000_000.0]
    template = {"name": "hola", "language": {"code": "es", "policy": "deterministic"}}
    async with serving(GraphApi(windowed=True, clock=lambda: time[0])) as api:
        api.message(ANA, "text", {"body": "hola"})
        assert (await ask(api, a_text()))[0] == 200

        time[0] += 24 * 3600 + 1
        assert (await ask(api, a_text()))[1]["error"]["code"] == 131047
        assert (await ask(api, {**HEAD, "type": "template", "template": template}))[0] == 200


async def test_a_fault_may_be_meant_for_one_customer_and_may_take_effect(api: GraphApi) -> None:
    api.fail("messages", faults.PAIR, to="56911112222")
    api.fail("messages", faults.NAMELESS)

    other = await ask(api, a_text(to="56933334444"))
    limited = await ask(api, a_text())

    assert (other[0], other[1].get("messages")) == (200, None)
    assert limited[1]["error"]["code"] == 131056
    assert len(api.sent) == 1


def paths(value: object, at: str = "") -> Iterator[tuple[str, str]]:
    """Where what kind of value stands, whatever it is."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from paths(inner, f"{at}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from paths(inner, f"{at}[]")
    else:
        yield at, type(value).__name__


async def test_what_this_server_posts_has_the_shape_of_recorded_payloads(
    api: GraphApi, hearing: Hearing, shared_data: Path
) -> None:
    recorded = {
        path
        for file in (shared_data / "channels").glob("pywa_*.json")
        for payload in json.loads(file.read_text()).values()
        for path in paths(payload)
    }
    api.tells = ("sent", "delivered", "read")
    api.customer_says("hola", Customer(bsuid=None))
    api.customer_says("soy yo", context={"from": "56221112222", "id": "wamid.X"})
    api.echo("te atiendo yo")
    api.fail_later(131026)
    for _ in range(2):
        await ask(api, a_text(biz_opaque_callback_data="k:0"))
    api.push(webhook(api.number.entry(api.number.value(ANA, messages=[
        api.message(ANA, "image", {"id": "1", "mime_type": "image/jpeg", "sha256": "x"}),
        api.message(ANA, "interactive", {
            "type": "button_reply", "button_reply": {"id": "si", "title": "Sí"}}),
    ]))))  # fmt: skip
    await until(lambda: len(hearing.bodies) == 8)

    posted = {path for body in hearing.bodies for path in paths(json.loads(body))}
    assert {path for path in posted - recorded if "from_user_id" not in path[0]} == set()


async def test_a_hanging_call_ends_with_the_server() -> None:
    async with serving(GraphApi()) as api:
        api.fail("messages", faults.HANGS)
        asking = asyncio.create_task(ask(api, a_text()))
        await until(lambda: bool(api.calls))
    await asyncio.wait([asking])
    assert asking.exception() is not None or asking.result()[0] == 500
