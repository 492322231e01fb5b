"""What a message of the Cloud API says."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from events.contents import Media
from tests.bot.channels.whatsapp_cloud.payloads import (
    LINE,
    NOW,
    PHONE,
    a_message,
    a_value,
    a_webhook,
    received,
    with_message,
)


@pytest.mark.parametrize(
    ("kind", "content", "seen", "text", "media"),
    [
        (
            "image", {"id": "9", "mime_type": "image/jpeg", "caption": "así"},
            "photo", "así", Media(kind="photo", ref="9", mime="image/jpeg"),
        ),
        ("video", {"id": "9", "caption": "mira"}, "video", "mira", Media(kind="video", ref="9")),
        ("audio", {"id": "9", "voice": True}, "voice", "", Media(kind="voice", ref="9")),
        ("audio", {"id": "9", "voice": False}, "audio", "", Media(kind="audio", ref="9")),
        ("sticker", {"id": 9}, "sticker", "", Media(kind="sticker", ref="9")),
        (
            "document", {"id": "9", "filename": "a.pdf", "file_size": 5},
            "document", "", Media(kind="document", ref="9", name="a.pdf", size=5),
        ),
        (
            "location", {"latitude": -33.45, "longitude": -70.66, "address": "Alameda 1"},
            "location", "", Media(kind="location", ref="geo:-33.450000,-70.660000",
                                  name="Alameda 1"),
        ),
        (
            "contacts", [{"name": {"first_name": "Bea"}, "phones": [{"phone": "+56 9 1"}]}],
            "contact", "", Media(kind="contact", ref="+56 9 1", name="Bea"),
        ),
    ],
)  # fmt: skip
def test_media_are_named_and_captions_are_text(
    kind: str, content: object, seen: str, text: str, media: Media
) -> None:
    event = received(with_message(kind, content))

    assert (event.content, event.text, event.media) == (seen, text, (media,))


@pytest.mark.parametrize(
    ("kind", "content", "action", "text"),
    [
        (
            "interactive", {"type": "button_reply", "button_reply": {"id": "b", "title": "Sí"}},
            "b", "Sí",
        ),
        (
            "interactive",
            {"type": "list_reply", "list_reply": {"id": "r", "title": "Taza", "description": "d"}},
            "r", "Taza",
        ),
        (
            "interactive",
            {"type": "nfm_reply", "nfm_reply": {"response_json": '{"a":1}', "body": "Enviado"}},
            '{"a":1}', "Enviado",
        ),
        ("button", {"payload": "p", "text": "Quiero"}, "p", "Quiero"),
        (
            "order", {"product_items": [{"product_retailer_id": "TAZA", "quantity": 2}]},
            "order", "2 × TAZA",
        ),
    ],
)  # fmt: skip
def test_a_choice_is_an_action(kind: str, content: object, action: str, text: str) -> None:
    event = received(with_message(kind, content, context={"from": LINE, "id": "wamid.ours"}))

    assert (event.content, event.action, event.text) == ("action", action, text)
    assert event.reply_to == "wamid.ours"


@pytest.mark.parametrize(
    ("kind", "size", "too_big"),
    [
        ("video", 16_000_000, False),
        ("video", 16_000_001, True),
        ("document", 100_000_000, False),
        ("document", 100_000_001, True),
    ],
)
def test_a_file_that_is_too_large_is_marked(kind: str, size: int, *, too_big: bool) -> None:
    flags = received(with_message(kind, {"id": "9", "file_size": size})).flags

    assert ("too_big" in flags) is too_big


def test_an_advertisement_starts_a_conversation() -> None:
    assert received(with_message(referral={"source_id": "AD1", "source_url": "u"})).start == "AD1"
    assert received(with_message(referral={"headline": "x"})).start == ""


def test_who_has_only_opened_the_chat_has_said_nothing() -> None:
    event = received(with_message("request_welcome", ()))

    assert (event.content, event.start, event.addressed) == ("service", "", False)


def test_what_is_quoted_forwarded_or_old_is_marked() -> None:
    context = {"forwarded": True, "referred_product": {"product_retailer_id": "TAZA"}}
    old = str(int((NOW - timedelta(minutes=11)).timestamp()))

    event = received(with_message(context=context, timestamp=old))

    assert (set(event.flags), event.quote) == ({"forwarded", "backlog"}, "TAZA")
    assert "forwarded" in received(with_message(context={"frequently_forwarded": True})).flags


@pytest.mark.parametrize(
    ("kind", "more", "flags"),
    [
        (
            "unsupported",
            {"errors": [{"code": 131051}], "unsupported": {"type": "view_once"}},
            {"view_once", "error:131051"},
        ),
        ("from_the_future", {"from_the_future": {"x": 1}}, {"from_the_future"}),
        ("image", {"image": {"caption": "nothing to fetch"}}, {"image"}),
        ("interactive", {"interactive": {"type": "new_reply"}}, {"interactive"}),
    ],
)
def test_a_message_we_cannot_read_is_a_message_all_the_same(
    kind: str, more: dict[str, Any], flags: set[str]
) -> None:
    event = received(a_webhook(a_value(messages=[{**a_message(kind, ()), **more}])))

    assert (event.content, set(event.flags), event.chat) == ("unsupported", flags, PHONE)


def test_a_type_we_do_not_know_hides_no_text() -> None:
    event = received(with_message("text_v2", (), text={"body": "hola"}))

    assert (event.content, event.text) == ("text", "hola")


def test_hidden_characters_leave_and_long_texts_are_clipped() -> None:
    event = received(with_message("text", {"body": "ho\x00la\ud800" + "a" * 1_000_000}))

    assert event.text.startswith("hola")
    assert len(event.text) <= 4000
    assert {"clipped", "raw_dropped"} <= event.flags
    assert msgspec.json.encode(event)
