"""The HTTP below the Cloud API: every failure is one of ours, and the token goes to Meta alone."""

import hashlib
import hmac
import logging
import socket
import traceback
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from bot.channels.base import ChannelUnavailable, MediaGone, MediaTooLarge
from bot.channels.whatsapp_cloud.errors import (
    AnswerLost,
    GraphFailed,
    Rejected,
    Unauthorized,
    Unreached,
)  # fmt: skip
from bot.channels.whatsapp_cloud.transport import CloudTransport, translated
from tests.servers import graph_faults as faults
from tests.servers.graph import APP_SECRET, TOKEN, GraphApi, serving
from tests.servers.graph_faults import Fault, error
from tests.servers.graph_files import File

HOLA: dict[str, Any] = {
    "messaging_product": "whatsapp", "recipient_type": "individual", "to": "56911112222",
    "type": "text", "text": {"body": "hola"},
}  # fmt: skip
KILOBYTE = b"k" * 1024


@pytest.fixture
async def api() -> AsyncIterator[GraphApi]:
    async with serving(GraphApi()) as api:
        yield api


@pytest.fixture
async def transport(api: GraphApi) -> AsyncIterator[CloudTransport]:
    transport = CloudTransport(TOKEN, api.url, "v24.0", api.number.phone_id)
    yield transport
    await transport.close()


async def failure(transport: CloudTransport, timeout_s: float = 60) -> GraphFailed:
    with pytest.raises(GraphFailed) as caught:
        await transport.send(HOLA, timeout_s=timeout_s)
    return caught.value


async def downloaded(transport: CloudTransport, ref: str, limit: int = 4096) -> bytes:
    return b"".join([chunk async for chunk in transport.download(ref, limit)])


async def collect(chunks: AsyncIterator[bytes], given: list[bytes]) -> None:
    async for chunk in chunks:
        given.append(chunk)  # noqa: PERF401  what came before an error counts


def every_error_of_httpx() -> list[type[Exception]]:
    named = [getattr(httpx, name) for name in httpx.__all__]
    errors = [one for one in named if isinstance(one, type) and issubclass(one, Exception)]
    return sorted(errors, key=lambda kind: kind.__name__)


def made(kind: type[Exception]) -> Exception:
    request = httpx.Request("GET", "http://a.cl")
    if kind is httpx.HTTPStatusError:
        return httpx.HTTPStatusError("x", request=request, response=httpx.Response(500))
    no_words = (httpx.StreamConsumed, httpx.ResponseNotRead, httpx.RequestNotRead)
    return kind() if issubclass(kind, (*no_words, httpx.StreamClosed)) else kind("x")


@pytest.mark.parametrize("kind", every_error_of_httpx())
def test_no_error_of_the_client_escapes_untranslated(kind: type[Exception]) -> None:
    with pytest.raises(GraphFailed), translated():
        raise made(kind)


@pytest.mark.parametrize(
    "fault",
    [
        faults.UNAUTHORIZED,
        error(190, f"Malformed access token {TOKEN}", 401),
        error(190, f"Malformed access token {TOKEN[:20]}", 401),
        error(100, f"odd: {TOKEN}"),
        faults.HTML,
        faults.RESETS,
    ],
)
async def test_a_failure_never_tells_the_token(
    api: GraphApi, transport: CloudTransport, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    api.fail("messages", fault)

    with caplog.at_level(logging.DEBUG):
        found = await failure(transport)

    assert TOKEN[:12] not in "".join(traceback.format_exception(found))
    assert TOKEN[:12] not in caplog.text
    assert TOKEN[:12] not in repr(transport)


async def test_an_answer_that_never_comes_is_lost(api: GraphApi, transport: CloudTransport) -> None:
    api.fail("messages", faults.HANGS_DELIVERED)

    assert isinstance(await failure(transport, timeout_s=2), AnswerLost)
    assert len(api.sent) == 1


async def test_an_answer_without_end_is_not_read(api: GraphApi, transport: CloudTransport) -> None:
    api.fail("messages", Fault(200, b'{"messages": [' + b" " * 2_000_000 + b"]}"))

    assert isinstance(await failure(transport), AnswerLost)


async def test_a_closed_door_was_never_entered() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        transport = CloudTransport(TOKEN, f"http://127.0.0.1:{port}", "v24.0", "1")
        assert isinstance(await failure(transport), Unreached)
    await transport.close()


@pytest.mark.parametrize(
    "address", ["http://nowhere.invalid", "http://[::bad", "nonsense", "http://"]
)
async def test_a_wrong_address_is_told_without_the_token(address: str) -> None:
    transport = CloudTransport(TOKEN, address, "v24.0", "1")

    found = await failure(transport)

    assert isinstance(found, Unreached)
    assert TOKEN not in "".join(traceback.format_exception(found))
    await transport.close()


@pytest.mark.parametrize("token", ["", "EAAx\r\nHost: evil", "EAAñ", "EAA\ud800"])
async def test_a_token_that_is_none_is_never_sent(api: GraphApi, token: str) -> None:
    transport = CloudTransport(token, api.url, "v24.0", api.number.phone_id)

    assert isinstance(await failure(transport), Unauthorized)
    assert api.calls == []
    await transport.close()


async def test_our_number_is_known_by_its_id(api: GraphApi, transport: CloudTransport) -> None:
    assert (await transport.number(timeout_s=60))["verified_name"] == "Tienda"

    stranger = CloudTransport(TOKEN, api.url, "v24.0", "999")
    with pytest.raises(Rejected):
        await stranger.number(timeout_s=60)
    await stranger.close()


async def test_meta_says_whether_the_secret_is_the_one_of_the_tokens_app(
    transport: CloudTransport,
) -> None:
    right, wrong = (
        hmac.new(secret.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
        for secret in (APP_SECRET, "another app's")
    )

    assert await transport.number(timeout_s=60, proof=right)
    with pytest.raises(Rejected, match="appsecret_proof"):
        await transport.number(timeout_s=60, proof=wrong)


async def test_half_a_character_does_not_stop_a_message(
    api: GraphApi, transport: CloudTransport
) -> None:
    await transport.send({**HOLA, "text": {"body": "cara \ud83d rota"}}, timeout_s=60)

    assert api.texts() == ["cara ? rota"]


async def test_a_file_of_a_customer_comes_whole(api: GraphApi, transport: CloudTransport) -> None:
    data = bytes(range(256)) * 16
    ref = api.files.keep(File(data, "image/jpeg"))

    assert await downloaded(transport, ref) == data


@pytest.mark.parametrize("size", [None, 1], ids=["announced", "announced smaller"])
async def test_a_file_that_is_too_large_is_never_given_beyond_the_limit(
    api: GraphApi, transport: CloudTransport, size: int | None
) -> None:
    ref = api.files.keep(File(KILOBYTE * 1024, "video/mp4", size=size))
    given: list[bytes] = []

    with pytest.raises(MediaTooLarge):
        await collect(transport.download(ref, 64 * 1024), given)

    assert sum(map(len, given)) <= 64 * 1024


@pytest.mark.parametrize("ref", ["77", "", "../me", "a?b", "ñ", "1122334455667/phone"])
async def test_a_file_nobody_has_is_gone(transport: CloudTransport, ref: str) -> None:
    with pytest.raises(MediaGone):
        await downloaded(transport, ref)


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "https://evil.example/x",
        "https://facebook.com.evil.example/x",
        "https://evilfacebook.com/x",
        "http://lookaside.fbsbx.com/x",
        "https://lookaside.fbsbx.com:8443/x",
        "https://user:pass@lookaside.fbsbx.com/x",
        "file:///etc/passwd",
        "http://[::bad",
    ],
)
async def test_our_token_goes_nowhere_but_to_meta(
    api: GraphApi, transport: CloudTransport, url: str
) -> None:
    ref = api.files.keep(File(KILOBYTE, "image/jpeg", url=url))

    with pytest.raises(MediaGone):
        await downloaded(transport, ref)


@pytest.mark.parametrize(
    ("what", "fault", "kind"),
    [
        ("file", faults.INTERNAL, ChannelUnavailable),
        ("file", faults.RESETS, ChannelUnavailable),
        ("file", faults.UNAUTHORIZED, ChannelUnavailable),
        ("bytes", faults.HTML, ChannelUnavailable),
        ("bytes", faults.RESETS, ChannelUnavailable),
        ("bytes", Fault(302, b""), ChannelUnavailable),
        ("bytes", Fault(404, b""), MediaGone),
    ],
)
async def test_a_download_that_fails_says_whether_it_may_be_tried_again(
    api: GraphApi, transport: CloudTransport, what: str, fault: Fault, kind: type[Exception]
) -> None:
    ref = api.files.keep(File(KILOBYTE, "image/jpeg"))
    api.fail(what, fault)

    with pytest.raises(kind):
        await downloaded(transport, ref)
