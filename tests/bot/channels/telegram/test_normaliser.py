"""The promises about every update, whatever it is."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.normaliser import ALLOWED_UPDATES, Account
from bot.channels.telegram.people import groups_of
from events.vocabulary import (
    MessageReceived,
    UpdateUnsupported,
)
from tests.bot.channels.telegram.updates import (
    ANA,
    NOW,
    PRIVATE,
    US,
    a_message,
    events_of,
    received,
)


def test_a_text_becomes_a_message() -> None:
    event = received(a_message(text="Hola, ¿precio?"))

    assert (event.text, event.content, event.author) == ("Hola, ¿precio?", "text", "customer")
    assert (event.chat, event.platform_id, event.at) == ("7", "5", NOW)
    assert (event.sender.name, event.sender.locale, event.addressed) == ("Ana", "es-CL", True)
    assert json.loads(event.raw or "")["update_id"] == 900


def test_the_same_update_has_the_same_ids_and_another_one_has_others() -> None:
    first, again = received(a_message(text="a")), received(a_message(text="a"))
    other = received({**a_message(text="a"), "update_id": 901})

    assert first == again
    assert first.id == first.request_id != other.id
    assert first.conversation == other.conversation


def test_a_customer_is_one_person_for_all_bots_of_a_shop() -> None:
    second = Account(shop=US.shop, key="telegram:second", bot_id=43)

    here, there = received(a_message(text="a")), received(a_message(text="a"), second)

    assert here.customer == there.customer
    assert (here.conversation != there.conversation, here.id != there.id) == (True, True)


def test_a_message_older_than_ten_minutes_is_backlog() -> None:
    old = int((NOW - timedelta(minutes=11)).timestamp())

    assert "backlog" in received(a_message(text="a", date=old)).flags
    assert "backlog" not in received(a_message(text="a")).flags


@pytest.mark.parametrize("date", [None, 0, -5, 10**30, 2**62, "ayer", True, 1e300, [1]])
def test_an_absurd_date_becomes_the_time_we_heard_of_it(date: object) -> None:
    assert received(a_message(text="a", date=date)).at == NOW


def test_hidden_characters_leave_and_long_texts_are_clipped() -> None:
    event = received(a_message(text="ho\x00la\ud800" + "a" * 1_000_000))

    assert event.text.startswith("hola")
    assert len(event.text) <= 4000
    assert {"clipped", "raw_dropped"} <= event.flags
    assert event.raw is None
    assert msgspec.json.encode(event)


def test_the_raw_payload_can_be_stored_anywhere() -> None:
    raw = received(a_message(text="nul \x00, half \udc00, literal \\u0000")).raw or ""

    assert "\\u0000" not in raw.replace("\\\\u0000", "")
    assert json.loads(raw)["message"]["text"] == "nul \ufffd, half \ufffd, literal \\u0000"


@pytest.mark.parametrize(
    ("update", "reason"),
    [
        ({"update_id": 1, "inline_query": {"id": "1", "from": ANA}}, "inline_query"),
        ({"update_id": 1, "from_the_future": {"chat": PRIVATE}}, "from_the_future"),
        ({"update_id": 1}, "malformed"),
        ({"update_id": 1, "message": 5}, "malformed"),
        ({"update_id": 1, "message": {"text": "no chat"}}, "malformed"),
        ({"message": {"chat": {"id": "a"}, "text": "no id"}}, "malformed"),
        ("{not json", "malformed"),
        (None, "malformed"),
        ([[[]]], "malformed"),
    ],
)
def test_what_we_cannot_read_is_kept(update: object, reason: str) -> None:
    (event,) = events_of(update)

    assert isinstance(event, UpdateUnsupported)
    assert event.reason == reason
    assert event.raw is not None
    assert event.id == events_of(update)[0].id


def test_nesting_without_end_is_survived() -> None:
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]

    event = received(a_message(text="hola", reply_markup={"inline_keyboard": deep}))

    assert (event.text, event.raw) == ("hola", None)


def test_numbers_without_end_are_survived() -> None:
    endless = 10**5000
    message = a_message(text="hola", media_group_id=endless)["message"]
    (event,) = events_of({"update_id": endless, "message": {**message, "message_id": endless}})

    assert isinstance(event, UpdateUnsupported)


def test_we_ask_for_every_kind_of_update(shared_data: Path) -> None:
    spec = json.loads((shared_data / "channels/telegram-bot-api-spec.json").read_text())
    kinds = {field["name"] for field in spec["types"]["Update"]["fields"]} - {"update_id"}

    assert set(ALLOWED_UPDATES) == kinds
    assert len(ALLOWED_UPDATES) == len(kinds)


def test_recorded_updates_become_events(shared_data: Path) -> None:
    recorded = json.loads((shared_data / "channels/nonebot_updates.json").read_text())

    found = [events_of(update)[0] for update in recorded]

    assert [type(event).__name__ for event in found] == [
        *["MessageReceived"] * 4, "MessageEdited", *["MessageReceived"] * 4,
        "UpdateUnsupported", "UpdateUnsupported", "MessageReceived",
    ]  # fmt: skip
    contents = [event.content for event in found if isinstance(event, MessageReceived)]
    assert contents == ["text"] * 5 + ["audio", "voice", "document", "action"]


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec=None, exclude_categories=()))
    | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=20,
)
FIELDS = (
    "chat", "id", "type", "date", "message_id", "from", "text", "caption", "photo", "voice",
    "file_id", "emoji", "contact", "phone_number", "location", "latitude", "longitude", "venue",
    "reply_to_message", "sender_chat", "new_chat_member", "status", "data", "user", "message",
    "migrate_to_chat_id", "message_ids", "reply_markup", "inline_keyboard", "new_reaction",
    "entities", "business_connection_id", "direct_messages_topic", "is_topic_message",
    "message_thread_id", "old_reaction", "quote", "user_id", "rights", "is_enabled", "can_reply",
    "migrate_from_chat_id", "forum_topic_created", "can_send_messages", "file_size", "username",
)  # fmt: skip
shaped = st.recursive(
    anything,
    lambda inner: st.dictionaries(st.sampled_from(FIELDS), inner, max_size=12) | st.lists(inner),
    max_leaves=40,
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(ALLOWED_UPDATES), shaped, max_size=3), anything)
def test_no_update_whatsoever_raises(contents: dict[str, Any], number: object) -> None:
    for update in ({**contents, "update_id": number}, contents, number):
        events = events_of(update)

        assert events
        assert all(isinstance(group, str) for group in groups_of(update))
        assert [event.id for event in events] == [event.id for event in events_of(update)]
        assert msgspec.json.decode(msgspec.json.encode(events))
