"""What a message says."""

from typing import Any

import pytest

from events.contents import Alias
from tests.bot.channels.telegram.updates import ANA, a_message, in_group, received

FILE = {"file_id": "F", "file_size": 10, "mime_type": "x/y", "duration": 3}
CONTENTS: list[tuple[dict[str, Any], str, str]] = [
    ({"photo": [{"file_id": "s"}, {"file_id": "F"}]}, "photo", "photo"),
    ({"voice": FILE}, "voice", "voice"),
    ({"audio": FILE}, "audio", "audio"),
    ({"video": FILE}, "video", "video"),
    ({"video_note": FILE}, "video", "video_note"),
    ({"animation": FILE, "document": FILE}, "video", "animation"),
    ({"document": FILE}, "document", "document"),
    ({"sticker": {"file_id": "F", "emoji": "👍"}}, "sticker", "sticker"),
]


@pytest.mark.parametrize(("fields", "content", "kind"), CONTENTS)
def test_media_keeps_its_kind_and_its_reference(
    fields: dict[str, Any], content: str, kind: str
) -> None:
    event = received(a_message(**fields, caption="mira"))

    assert (event.content, event.text) == (content, "mira")
    assert [(media.kind, media.ref) for media in event.media] == [(kind, "F")]


def test_a_place_a_contact_and_a_sticker_say_what_they_can() -> None:
    venue = {"location": {"latitude": -33.4, "longitude": -70}, "title": "Plaza"}
    place = received(a_message(venue=venue, location=venue["location"]))
    card = {"phone_number": "+56 9 1234 5678", "first_name": "Ana", "user_id": 7}
    contact = received(a_message(contact=card))
    friend = received(a_message(contact={**card, "user_id": 8}))
    sticker = received(a_message(sticker={"file_id": "F", "emoji": "👍"}))

    assert (place.content, place.media[0].ref) == ("location", "geo:-33.400000,-70.000000")
    assert place.media[0].name == "Plaza"
    assert (contact.media[0].ref, "own_contact" in contact.flags) == ("+56 9 1234 5678", True)
    assert "own_contact" not in friend.flags
    assert sticker.text == "👍"


@pytest.mark.parametrize("kind", ["poll", "dice", "game", "story", "hologram"])
def test_content_we_do_not_understand_is_kept_as_unsupported(kind: str) -> None:
    event = received(a_message(**{kind: {"emoji": "🎲"}}))

    assert (event.content, event.addressed) == ("unsupported", True)


def test_a_formatted_message_is_read_a_line_for_each_block() -> None:
    bold = {"type": "bold", "text": ["el ", {"type": "italic", "text": "azul"}]}
    items = [{"label": "1.", "blocks": [{"type": "paragraph", "text": "talla 40"}]}]
    blocks = [
        {"type": "heading", "text": "Hola", "size": 1},
        {"type": "paragraph", "text": ["quiero ", bold, ", ¿hay?"]},
        {"type": "list", "items": items},
        {"type": "divider"},
    ]

    event = received(a_message(rich_message={"blocks": blocks}))

    assert event.content == "text"
    assert event.text == "Hola\nquiero el azul, ¿hay?\n1.\ntalla 40"
    assert received(a_message(rich_message={"blocks": []})).content == "unsupported"


def test_service_messages_are_not_for_us() -> None:
    event = received(in_group(new_chat_members=[ANA]))

    assert (event.content, event.addressed) == ("service", False)


def test_what_a_mini_app_sends_is_an_action() -> None:
    event = received(a_message(web_app_data={"data": "buy:1", "button_text": "Comprar"}))

    assert (event.content, event.action, event.text) == ("action", "buy:1", "Comprar")


def test_only_a_contact_of_ones_own_is_a_name_of_ones_own() -> None:
    card = {"phone_number": "+56 9 1234 5678", "first_name": "Ana", "user_id": 7}
    own, friend = (
        received(a_message(contact=card)),
        received(a_message(contact={**card, "user_id": 8})),
    )
    stranger = received(a_message(contact={"phone_number": "+56 9 1234 5678"}))

    assert own.sender.aliases == (Alias("telegram", "7"), Alias("phone", "56912345678"))
    assert friend.sender.aliases == stranger.sender.aliases == (Alias("telegram", "7"),)
    assert received(a_message(contact={**card, "phone_number": "x1"})).sender.aliases == (
        Alias("telegram", "7"),
    )


@pytest.mark.parametrize(("size", "too_big"), [(20 * 1024**2, False), (20 * 1024**2 + 1, True)])
def test_a_file_telegram_gives_to_no_bot_is_marked(size: int, *, too_big: bool) -> None:
    file = {**FILE, "file_size": size}
    photo = [{"file_id": "F", "file_size": size}]

    for fields in ({"video": file}, {"voice": file}, {"document": file}, {"photo": photo}):
        assert ("too_big" in received(a_message(**fields)).flags) is too_big


@pytest.mark.parametrize(
    ("fields", "quote"),
    [
        ({"quote": {"text": "zapatos"}}, "zapatos"),
        ({"quote": {"text": "zapatos"}, "external_reply": {"origin": {}}}, "zapatos"),
        ({"reply_to_message": {"message_id": 3, "text": "¿Talla 40?"}}, "¿Talla 40?"),
        ({"reply_to_message": {"message_id": 3, "caption": "Los azules"}}, "Los azules"),
        ({"reply_to_message": {"message_id": 3, "photo": []}}, None),
        ({"reply_to_message": {"message_id": 3, "text": "a" * 5000}}, "a" * 200),
        ({"reply_to_message": {"message_id": 3, "text": ["?"]}, "quote": 5}, None),
    ],
)
def test_what_is_answered_is_quoted(fields: dict[str, Any], quote: str | None) -> None:
    assert received(a_message(text="este", **fields)).quote == quote


def test_the_beginning_of_a_topic_is_no_message_one_answers() -> None:
    topic = {"message_thread_id": 3, "is_topic_message": True}
    beginning = {"message_id": 3, "from": {"id": 42}, "forum_topic_created": {"name": "Precios"}}
    event = received(in_group(text="hola", reply_to_message=beginning, **topic))

    assert (event.reply_to, event.quote, event.addressed, event.thread) == (None, None, False, "3")


def test_replies_albums_forwards_and_quotes_are_marked() -> None:
    event = received(
        a_message(
            text="este",
            media_group_id="A1",
            reply_to_message={"message_id": 3, "from": {"id": 42}},
            quote={"text": "zapatos"},
            forward_origin={"type": "from the future"},
        )
    )

    assert (event.reply_to, event.album) == ("3", "A1")
    assert {"forwarded", "quote"} <= event.flags


@pytest.mark.parametrize(
    ("text", "payload"),
    [("/start", ""), ("/start promo_7", "promo_7"), ("/start@TiendaBot x", "x"), ("start", None)],
)
def test_start_carries_its_payload(text: str, payload: str | None) -> None:
    assert received(a_message(text=text)).start == payload
