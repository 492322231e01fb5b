"""What the Cloud API tells, in our own words, whatever it is."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.vocabulary import (
    MessageReceived,
    UpdateUnsupported,
)
from tests.bot.channels.whatsapp_cloud.payloads import (
    NOW,
    PHONE,
    a_message,
    a_status,
    a_value,
    a_webhook,
    events_of,
    received,
    with_message,
    with_status,
)


def test_a_text_becomes_a_message() -> None:
    event = received(with_message("text", {"body": "Hola, ¿precio?"}))

    assert (event.text, event.content, event.author) == ("Hola, ¿precio?", "text", "customer")
    assert (event.chat, event.platform_id, event.at) == (PHONE, "wamid.1", NOW)
    assert (event.sender.name, event.addressed, event.start) == ("Ana", True, None)
    assert json.loads(event.raw or "")["messages"][0]["text"]["body"] == "Hola, ¿precio?"


@pytest.mark.parametrize("when", [None, "", "ayer", "-5", "9" * 20, 10**30, True, [1]])
def test_an_absurd_time_becomes_the_time_we_heard_of_it(when: object) -> None:
    assert received(with_message(timestamp=when)).at == NOW


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (a_webhook({"event": "ACCOUNT_DELETED"}, field="account_update"), "field:account_update"),
        (a_webhook(a_value(messages=[a_message()]), field="standby"), "field:standby"),
        (a_webhook(a_value(messages=[])), "field:messages"),
        (a_webhook(a_value(errors=[{"code": 130429, "title": "Rate"}])), "error:130429 Rate"),
        (with_status("deleted"), "status:deleted"),
        (with_status("failed", type="payment"), "status:payment"),
        (with_message("reaction", {"emoji": "x"}), "malformed"),
        (with_message("edit", None), "malformed"),
        (a_webhook(a_value(messages=[a_message(id=None)])), "malformed"),
        (a_webhook(a_value(messages=["hola"])), "malformed"),
        (a_webhook(a_value(contacts=[], messages=[{"id": "wamid.1"}])), "malformed"),
        (a_webhook(a_value(contacts=[], statuses=[a_status("sent", recipient_id=None)])),
         "malformed"),
        ({"entry": [5]}, "malformed"),
        ({"entry": [{"changes": [None]}]}, "malformed"),
        ({"object": "page"}, "malformed"),
        ("{not json", "malformed"),
        (None, "malformed"),
        ([[[]]], "malformed"),
    ],
)  # fmt: skip
def test_what_we_cannot_read_is_kept(body: object, reason: str) -> None:
    (event,) = events_of(body)

    assert isinstance(event, UpdateUnsupported)
    assert event.reason == reason
    assert event.raw is not None
    assert event.id == events_of(body)[0].id


def test_one_bad_message_spoils_no_other() -> None:
    value = a_value(messages=[a_message(), {"type": "text"}, 5, a_message(id="wamid.2")])

    kinds = [type(event) for event in events_of(a_webhook(value))]

    assert kinds == [MessageReceived, UpdateUnsupported, UpdateUnsupported, MessageReceived]


def test_recorded_webhooks_become_events(shared_data: Path) -> None:
    found: dict[str, list[str]] = {}
    for file in sorted((shared_data / "channels").glob("pywa_*.json")):
        for name, body in json.loads(file.read_text()).items():
            (event,) = events_of(body)
            content = getattr(event, "content", getattr(event, "state", ""))
            found[f"{file.stem[5:]}.{name}"] = [type(event).__name__, content]

    assert Counter(kind for kind, _ in found.values()) == {
        "MessageReceived": 30, "UpdateUnsupported": 19, "DeliveryUpdated": 7,
        "ReactionChanged": 3, "MessageEdited": 2, "MessageDeleted": 2,
    }  # fmt: skip
    assert found["message.voice"] == ["MessageReceived", "voice"]
    assert found["message.unsupported_with_type"] == ["MessageReceived", "unsupported"]
    assert found["message_status.played"] == ["DeliveryUpdated", "read"]
    assert found["outgoing_message.delete"] == ["MessageDeleted", ""]
    assert {kind for name, (kind, _) in found.items() if name.startswith(("acc", "user"))} == {
        "UpdateUnsupported"
    }


texts = st.text(st.characters(codec=None, exclude_categories=()), max_size=20)
leaves = st.none() | st.booleans() | st.integers() | st.floats() | texts
anything = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts | st.integers(), inner),
    max_leaves=4,
)
FIELDS = (
    "from", "id", "type", "timestamp", "text", "body", "image", "audio", "voice", "caption",
    "file_size", "location", "latitude", "longitude", "contacts", "phones", "phone", "name",
    "interactive", "button_reply", "button", "payload", "reaction", "message_id", "emoji", "edit",
    "message", "original_message_id", "revoke", "order", "product_items", "system", "wa_id",
    "user_id", "previous_user_id", "context", "referred_product", "referral", "errors", "code",
    "error_data", "unsupported", "group_id", "to", "status", "recipient_id", "recipient_type",
    "biz_opaque_callback_data", "profile", "metadata", "messages", "statuses", "message_echoes",
    "field", "value", "changes", "entry", "phone_number_id", "display_phone_number", "from_user_id",
)  # fmt: skip
kinds = st.sampled_from(FIELDS[4:32])
shaped = st.recursive(
    anything | kinds,
    lambda inner: st.dictionaries(st.sampled_from(FIELDS), inner, max_size=8),
    max_leaves=10,
)
whole = st.sampled_from([a_message(kind, {}) for kind in FIELDS[4:32]] + [a_status("failed")])
odd = st.dictionaries(st.sampled_from(FIELDS), shaped, max_size=4)
some = st.lists(st.builds(lambda one, other: one | other, whole, odd) | shaped, max_size=3)


@settings(max_examples=100, deadline=None)
@given(some, shaped, st.sampled_from(["messages", "message_echoes", "statuses"]))
def test_no_webhook_whatsoever_raises(items: list[Any], other: Any, name: str) -> None:  # noqa: ANN401
    value = {"metadata": other, "contacts": other, "errors": other, name: items}
    for body in (
        {"entry": [{"time": other, "changes": [{"value": value}]}]},
        other,
        {"entry": other},
    ):
        events = events_of(body)

        assert events
        assert [event.id for event in events] == [event.id for event in events_of(body)]
        assert msgspec.json.decode(msgspec.json.encode(events))
