"""One number of the Cloud API as a channel: how it starts, what it offers, how it is told to be."""

from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.channels.base import (
    Attentive,
    Called,
    ChannelRefused,
    ChannelUnavailable,
    Composing,
    Downloading,
    NotStored,
    Part,
    RetryAfter,
    Tracked,
    Windowed,
)
from bot.channels.whatsapp_cloud.channel import WhatsAppCloudChannel, whatsapp_cloud
from bot.states import States, Told
from events.happened import Happened
from services.wire import Wire
from tests.contracts.network import SHOP, listening, until
from tests.contracts.whatsapp_cloud import settings
from tests.servers import graph_faults as faults
from tests.servers.graph import APP_SECRET, TOKEN, VERIFY_TOKEN, GraphApi, serving
from tests.servers.graph_files import File

ACCOUNT = "whatsapp_cloud:main"


@pytest.fixture
async def api() -> AsyncIterator[GraphApi]:
    async with serving(GraphApi()) as api:
        yield api
        assert api.wrong == []


@pytest.fixture
async def make(
    api: GraphApi, wire: Wire, prefix: str
) -> AsyncIterator[Callable[..., WhatsAppCloudChannel]]:
    """Builds channels with some settings of their own."""
    made: list[WhatsAppCloudChannel] = []

    def channel(**fields: object) -> WhatsAppCloudChannel:
        made.append(whatsapp_cloud(settings(api, **fields), SHOP, wire, prefix))
        return made[-1]

    yield channel
    for one in made:
        await one.close()


@pytest.fixture
def channel(make: Callable[..., WhatsAppCloudChannel]) -> WhatsAppCloudChannel:
    return make()


async def nothing(event: Happened) -> bool:
    raise NotStored(str(event))


async def told(wire: Wire, prefix: str, channel: WhatsAppCloudChannel) -> Told:
    """What was told last; a closed channel has told everything."""
    await channel.close()
    return (await States(wire, prefix).of([ACCOUNT]))[ACCOUNT]


def test_it_offers_what_the_network_can_do(channel: WhatsAppCloudChannel) -> None:
    for trait in (Called, Composing, Attentive, Downloading, Windowed, Tracked):
        assert isinstance(channel, trait)
    assert channel.compose("**Oferta**: la _azul_").parts == ("*Oferta*: la _azul_",)


async def test_it_is_ready_once_meta_knows_its_number(
    channel: WhatsAppCloudChannel, api: GraphApi, wire: Wire, prefix: str
) -> None:
    with capture_logs() as logs:
        async with listening(channel, nothing):
            await until(lambda: bool(logs))

    state = await told(wire, prefix, channel)
    assert (state.state, state.detail) == ("ready", "56221112222 Tienda")


@pytest.mark.parametrize("name", ["token", "phone_id", "app_secret", "verify_token"])
@pytest.mark.parametrize("empty", [None, ""])
async def test_it_refuses_to_start_without_any_of_its_settings(
    make: Callable[..., WhatsAppCloudChannel],
    api: GraphApi,
    wire: Wire,
    prefix: str,
    name: str,
    empty: str | None,
) -> None:
    channel = make(**{name: empty})

    with pytest.raises(ChannelRefused, match=f"whatsapp_cloud.{name} .WHATSAPP_{name.upper()}."):
        await channel.receive(nothing)

    assert (await told(wire, prefix, channel)).state == "refused"
    assert api.calls == []


@pytest.mark.parametrize("name", ["app_secret", "verify_token"])
def test_without_both_secrets_there_is_no_address_and_no_webhook(
    make: Callable[..., WhatsAppCloudChannel], name: str
) -> None:
    channel = make(**{name: None})

    assert channel.path is None
    with pytest.raises(ChannelRefused, match=name):
        channel.webhook(nothing)


@pytest.mark.parametrize(
    ("fields", "variable"),
    [
        ({"token": SecretStr("EAAwrong")}, "WHATSAPP_TOKEN"),
        ({"phone_id": "9"}, "WHATSAPP_PHONE_ID"),
    ],
)
async def test_a_wrong_credential_ends_the_channel_with_one_clear_line(
    make: Callable[..., WhatsAppCloudChannel], fields: dict[str, Any], variable: str
) -> None:
    with pytest.raises(ChannelRefused) as refusal:
        await make(**fields).receive(nothing)

    assert variable in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert "EAA" not in str(refusal.value)


async def test_a_network_that_is_unwell_is_waited_for(
    channel: WhatsAppCloudChannel, api: GraphApi, wire: Wire, prefix: str
) -> None:
    api.fail("number", faults.HTML)

    with capture_logs() as logs:
        async with listening(channel, nothing):
            await until(lambda: len(logs) == 2)

    assert [line["event"] for line in logs] == ["whatsapp_cloud.unwell", "whatsapp_cloud.ready"]
    assert (await told(wire, prefix, channel)).state == "ready"


async def test_a_token_withdrawn_while_it_runs_is_told_and_the_reply_waits(
    channel: WhatsAppCloudChannel, api: GraphApi, wire: Wire, prefix: str
) -> None:
    api.fail("messages", faults.UNAUTHORIZED)

    result = await channel.send(Part("k", UUID(int=1), "56911112222", "hola"))

    assert isinstance(result, RetryAfter)
    assert (await told(wire, prefix, channel)).state == "refused"


async def test_a_send_that_succeeds_again_tells_of_the_number_as_before(
    channel: WhatsAppCloudChannel, api: GraphApi, wire: Wire, prefix: str
) -> None:
    api.fail("messages", faults.INTERNAL)
    with capture_logs() as logs:
        async with listening(channel, nothing):
            await until(lambda: bool(logs))

    for _ in range(2):
        await channel.send(Part("k", UUID(int=1), "56911112222", "hola"))

    state = await told(wire, prefix, channel)
    assert (state.state, state.detail) == ("ready", "56221112222 Tienda")


async def test_who_only_sends_says_nothing_of_a_number_that_another_process_receives_for(
    channel: WhatsAppCloudChannel, wire: Wire, prefix: str
) -> None:
    await States(wire, prefix).tell(ACCOUNT, "ready", "56221112222 Tienda")

    await channel.send(Part("k", UUID(int=1), "56911112222", "hola"))

    assert (await told(wire, prefix, channel)).detail == "56221112222 Tienda"


async def test_who_sends_when_all_is_closed_has_sent_nothing(
    channel: WhatsAppCloudChannel, api: GraphApi
) -> None:
    await channel.close()

    result = await channel.send(Part("k", UUID(int=1), "56911112222", "hola"))

    assert isinstance(result, RetryAfter)
    with pytest.raises(ChannelUnavailable):
        _ = [chunk async for chunk in channel.download("123", 10)]
    assert api.calls == []


async def test_a_message_is_marked_as_read_while_we_write(
    channel: WhatsAppCloudChannel, api: GraphApi
) -> None:
    await channel.attend("56911112222", None, "wamid.in.1")
    await channel.attend("56911112222", None, None)
    await channel.attend("56911112222", None, "web-7")

    (receipt,) = api.receipts
    assert (receipt["message_id"], receipt["status"]) == ("wamid.in.1", "read")
    assert receipt["typing_indicator"] == {"type": "text"}


@pytest.mark.parametrize("fault", [faults.INTERNAL, faults.RESETS, faults.UNAUTHORIZED])
async def test_attention_that_fails_is_nobodys_failure(
    channel: WhatsAppCloudChannel, api: GraphApi, fault: faults.Fault
) -> None:
    api.fail("receipt", fault)

    await channel.attend("56911112222", None, "wamid.in.1")

    assert api.receipts == []


async def test_a_customers_file_comes_through_the_channel(
    channel: WhatsAppCloudChannel, api: GraphApi
) -> None:
    ref = api.files.keep(File(b"una foto", "image/jpeg"))

    assert b"".join([chunk async for chunk in channel.download(ref, 100)]) == b"una foto"


def test_the_numbers_of_an_app_share_one_address_nobody_can_guess(
    make: Callable[..., WhatsAppCloudChannel],
) -> None:
    one, other = make(), make(phone_id="9", name="second")
    stranger = make(app_secret=SecretStr("another app's"))

    assert one.path == other.path
    assert one.path != stranger.path
    assert (one.account, other.account) == (ACCOUNT, "whatsapp_cloud:second")
    assert APP_SECRET not in str(one.path)


def test_no_secret_shows_in_what_may_be_printed(channel: WhatsAppCloudChannel) -> None:
    shown = " ".join(map(repr, vars(channel).values()))

    for secret in (TOKEN, APP_SECRET, VERIFY_TOKEN):
        assert secret not in shown
