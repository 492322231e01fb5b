"""The door Meta knocks at."""

import asyncio
import json
from collections import Counter
from dataclasses import replace

import pytest

from bot.channels.base import Answer, Call, ChannelRefused, Hook, NotStored
from bot.channels.whatsapp_cloud.normaliser import CloudAccount
from bot.channels.whatsapp_cloud.webhook import LARGEST, Webhook
from bot.directory import Directory
from events.happened import Happened
from events.stream import Stream
from events.vocabulary import MessageReceived, UpdateUnsupported
from services.wire import Wire, connect
from tests.bot.channels.whatsapp_cloud.payloads import (
    NOW,
    SECRET,
    TOKEN,
    US,
    a_call,
    a_message,
    a_value,
    a_webhook,
    signed,
)

VECTOR = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
BEA = {"wa_id": "56922223333"}
BATCH = a_webhook(
    a_value(messages=[a_message(id="1"), a_message(id="2"), a_message(id="3")]),
    a_value(contacts=[BEA], messages=[a_message(id="4", **{"from": "56922223333"})]),
)


class Shelf:
    """Stores in the real stream; `new` are the events it had not known."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.new: list[Happened] = []
        self.fails: set[str] = set()

    async def ingest(self, event: Happened) -> bool:
        if isinstance(event, MessageReceived) and event.platform_id in self.fails:
            raise NotStored("not this one")
        new = await self.stream.ingest(event, remember_s=60)
        self.new += [event] if new else []
        return new

    def ids(self) -> list[str]:
        return [event.platform_id for event in self.new if isinstance(event, MessageReceived)]


@pytest.fixture
def shelf(stream: Stream) -> Shelf:
    return Shelf(stream)


@pytest.fixture
def webhook(wire: Wire, prefix: str) -> Webhook:
    return Webhook(US, SECRET, TOKEN, Directory(wire, prefix), lambda: NOW)


@pytest.fixture
def hook(webhook: Webhook, shelf: Shelf) -> Hook:
    return webhook.handler(shelf.ingest)


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ({"hub.mode": "subscribe", "hub.verify_token": TOKEN, "hub.challenge": "42"}, 200),
        ({"hub.mode": "unsubscribe", "hub.verify_token": TOKEN, "hub.challenge": "42"}, 403),
        ({"hub.verify_token": TOKEN, "hub.challenge": "42"}, 403),
        ({"hub.mode": "subscribe", "hub.verify_token": "wröng", "hub.challenge": "42"}, 403),
        ({"hub.mode": "subscribe", "hub.challenge": "42"}, 403),
        ({}, 403),
    ],
)
async def test_only_who_knows_the_token_subscribes(
    hook: Hook, query: dict[str, str], answer: int
) -> None:
    expected = Answer(answer, "42" if answer == 200 else "")

    assert await hook(Call("GET", b"", {}, query)) == expected


async def test_the_signature_is_the_one_meta_publishes(webhook: Webhook, shelf: Shelf) -> None:
    known = replace(webhook, app_secret="It's a Secret to Everybody").handler(shelf.ingest)

    assert await known(a_call(b"Hello, World!", VECTOR)) == Answer(200)
    assert await known(a_call(b"Hello, World?", VECTOR)) == Answer(403)
    assert [type(event) for event in shelf.new] == [UpdateUnsupported]


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "sha256=",
        signed(b"another body"),
        signed(json.dumps(BATCH).encode(), "another secret"),
        signed(json.dumps(BATCH).encode()).removeprefix("sha256="),
        signed(json.dumps(BATCH).encode()).replace("sha256", "sha1"),
        "sha256=ñandú",
        "\ud800",
    ],
)
async def test_what_is_not_signed_is_turned_away(hook: Hook, shelf: Shelf, signature: str) -> None:
    assert await hook(a_call(BATCH, signature)) == Answer(403)
    assert await hook(Call("POST", json.dumps(BATCH).encode(), {}, {})) == Answer(403)
    assert not shelf.new


async def test_the_same_json_written_anew_is_not_what_was_signed(hook: Hook) -> None:
    compact = json.dumps(BATCH, separators=(",", ":")).encode()

    assert await hook(a_call(json.dumps(BATCH).encode(), signed(compact))) == Answer(403)
    assert await hook(a_call(compact, signed(compact))) == Answer(200)


async def test_the_signature_stands_before_the_json(hook: Hook, shelf: Shelf) -> None:
    assert await hook(a_call(b"{not json", "sha256=00")) == Answer(403)
    assert not shelf.new


@pytest.mark.parametrize("secret", ["app_secret", "verify_token"])
async def test_there_is_no_webhook_without_its_secrets(webhook: Webhook, secret: str) -> None:
    with pytest.raises(ChannelRefused, match=secret):
        replace(webhook, **{secret: ""})  # type: ignore[arg-type]  # both are strings


def test_its_secrets_are_not_printed(webhook: Webhook) -> None:
    assert SECRET not in repr(webhook)
    assert TOKEN not in repr(webhook)


async def test_a_batch_is_stored_once_however_often_it_comes(hook: Hook, shelf: Shelf) -> None:
    answers = [await hook(a_call(BATCH)) for _ in range(3)]

    assert answers == [Answer(200)] * 3
    assert Counter(shelf.ids()) == Counter("1234")
    assert [one for one in shelf.ids() if one != "4"] == ["1", "2", "3"]


async def test_what_could_not_be_stored_is_asked_for_again(hook: Hook, shelf: Shelf) -> None:
    shelf.fails = {"1"}
    assert await hook(a_call(BATCH)) == Answer(503)
    # Neither did the second overtake the first, nor was another customer held up.
    assert shelf.ids() == ["4"]

    shelf.fails = set()
    assert await hook(a_call(BATCH)) == Answer(200)
    assert [one for one in shelf.ids() if one != "4"] == ["1", "2", "3"]


async def test_a_storage_that_is_down_is_said_to_be(
    webhook: Webhook, shelf: Shelf, prefix: str
) -> None:
    nowhere = Wire(connect("redis://127.0.0.1:1"))
    down = replace(webhook, directory=Directory(nowhere, prefix), patience_s=0.2)
    try:
        assert await down.handler(shelf.ingest)(a_call(BATCH)) == Answer(503)
    finally:
        await nowhere.close()
    assert await down.handler(shelf.ingest)(a_call(BATCH)) == Answer(503), "we are stopping"
    assert not shelf.new

    assert await webhook.handler(shelf.ingest)(a_call(BATCH)) == Answer(200)
    assert len(shelf.new) == 4


async def test_a_storage_that_takes_too_long_is_like_one_that_is_down(webhook: Webhook) -> None:
    async def never(_: Happened) -> bool:
        await asyncio.Event().wait()
        return True

    hook = replace(webhook, patience_s=0.05).handler(never)

    assert await hook(a_call(BATCH)) == Answer(503)


@pytest.mark.parametrize("body", [b"", b"{not json", b"\xff\xfe", b"[" * 100_000, b"5", b"null"])
async def test_what_cannot_be_read_is_stored_so_that_it_does_not_come_back(
    hook: Hook, shelf: Shelf, body: bytes
) -> None:
    assert await hook(a_call(body)) == Answer(200)

    assert [type(event) for event in shelf.new] == [UpdateUnsupported]


async def test_more_than_meta_ever_sends_is_too_much(hook: Hook, shelf: Shelf) -> None:
    assert await hook(a_call(b"x" * (LARGEST + 1))) == Answer(413)
    assert not shelf.new


async def test_each_number_of_an_app_takes_its_own(webhook: Webhook, shelf: Shelf) -> None:
    there = CloudAccount(US.shop, "whatsapp_cloud:second", "99")
    second = replace(webhook, account=there)
    both = a_webhook(
        a_value(messages=[a_message(id="ours")]), a_value("99", messages=[a_message(id="theirs")])
    )

    for hook in (webhook.handler(shelf.ingest), second.handler(shelf.ingest)):
        assert await hook(a_call(both)) == Answer(200)

    accounts = {event.platform_id: event.account for event in shelf.new
                if isinstance(event, MessageReceived)}  # fmt: skip
    assert accounts == {"ours": US.key, "theirs": there.key}
    assert len({event.conversation for event in shelf.new}) == 2


async def test_of_an_account_as_a_whole_every_number_hears(hook: Hook, shelf: Shelf) -> None:
    update = a_webhook({"event": "ACCOUNT_RESTRICTION"}, field="account_update")

    assert await hook(a_call(update)) == Answer(200)
    (event,) = shelf.new
    assert isinstance(event, UpdateUnsupported)
    assert event.reason == "field:account_update"
