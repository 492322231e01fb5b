"""Where networks call us, and what they hear."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import httpx2
import pytest

from bot.channels.base import Answer, Call, Hook
from tests.web.conftest import HOME
from web.app import WebParts, build

BODY = '{"text": "ma\\u00f1ana 😊"}  '.encode()


@dataclass
class Network:
    """Accounts that answer what they were told to, each at its path."""

    answers: dict[str, list[Answer]]
    heard: list[Call] = field(default_factory=list)

    def hooks(self, path: str) -> Sequence[Hook]:
        return [self._hook(answer) for answer in self.answers.get(path, [])]

    def _hook(self, answer: Answer) -> Hook:
        async def hook(call: Call) -> Answer:
            self.heard.append(call)
            return answer

        return hook


def calling(parts: WebParts, network: Network, host: str = "bot.example.com") -> httpx2.AsyncClient:
    """A network's server: it calls us by our public name and sends no cookie."""
    transport = httpx2.ASGITransport(build(replace(parts, hooks=network.hooks)))
    return httpx2.AsyncClient(transport=transport, base_url=HOME, headers={"Host": host})


@pytest.mark.parametrize("path", ["/telegram/a1", "/whatsapp/a1"])
async def test_the_account_gets_the_call_as_it_came(parts: WebParts, path: str) -> None:
    network = Network({path: [Answer(200)]})
    async with calling(parts, network) as server:
        headers = {"X-Hub-Signature-256": "sha256=ab", "Content-Type": "application/json"}
        answer = await server.post(path, content=BODY, headers=headers)

    (call,) = network.heard
    assert answer.status_code == 200
    assert (call.method, call.body) == ("POST", BODY)
    assert call.headers["x-hub-signature-256"] == "sha256=ab"


async def test_a_verification_is_answered_with_the_words_of_the_one_that_knows_it(
    parts: WebParts,
) -> None:
    network = Network({"/whatsapp/a1": [Answer(403), Answer(200, "<1158201444>")]})
    async with calling(parts, network) as server:
        answer = await server.get("/whatsapp/a1", params={"hub.challenge": "<1158201444>"})

    assert (answer.status_code, answer.text) == (200, "<1158201444>")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert network.heard[0].query == {"hub.challenge": "<1158201444>"}


async def test_accounts_that_share_a_path_all_hear_and_the_worst_answer_counts(
    parts: WebParts,
) -> None:
    network = Network({"/whatsapp/a1": [Answer(200), Answer(503), Answer(200)]})
    async with calling(parts, network) as server:
        answer = await server.post("/whatsapp/a1", content=BODY)

    assert answer.status_code == 503
    assert [call.body for call in network.heard] == [BODY] * 3


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/telegram/nobody", 404),
        ("GET", "/whatsapp/nobody", 404),
        ("POST", "/whatsapp/nobody", 404),
        ("GET", "/telegram/a1", 405),
        ("POST", "/telegram/a1/more", 404),
    ],
)
async def test_where_nobody_stands_there_is_nothing(
    parts: WebParts, method: str, path: str, status: int
) -> None:
    network = Network({"/telegram/a1": [Answer(200)]})
    async with calling(parts, network) as server:
        answer = await server.request(method, path)

    assert answer.status_code == status
    assert network.heard == []


async def test_an_account_that_comes_later_is_found(parts: WebParts) -> None:
    network = Network({})
    async with calling(parts, network) as server:
        before = await server.post("/telegram/late", content=BODY)
        network.answers["/telegram/late"] = [Answer(200)]
        after = await server.post("/telegram/late", content=BODY)

    assert (before.status_code, after.status_code) == (404, 200)


async def test_a_body_beyond_three_megabytes_reaches_nobody(parts: WebParts) -> None:
    network = Network({"/whatsapp/a1": [Answer(200)]})
    async with calling(parts, network) as server:
        longest = await server.post("/whatsapp/a1", content=b"x" * 3 * 1024**2)
        longer = await server.post("/whatsapp/a1", content=b"x" * (3 * 1024**2 + 1))

    assert (longest.status_code, longer.status_code) == (200, 413)
    assert len(network.heard) == 1


async def test_only_networks_may_call_by_any_name(parts: WebParts) -> None:
    async with calling(parts, Network({}), host="evil.example") as server:
        page = await server.get("/chat")
        webhook = await server.post("/telegram/nobody")

    assert (page.status_code, webhook.status_code) == (400, 404)
