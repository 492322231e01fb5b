"""What WhatsApp's messages say, and that nothing in them can hurt us."""

from datetime import timedelta
from typing import Any

import pytest

from events.contents import Alias
from events.vocabulary import (
    MessageDeleted,
    MessageEdited,
    ReactionChanged,
    UpdateUnsupported,
)
from tests.bot.channels.whatsapp.said import (
    ANA,
    NOW,
    NOW_MS,
    REPLY,
    US,
    heard,
    received,
    told,
)
from tests.servers.protobufs import MESSAGE, Message

FILE = {"URL": "https://mmg.whatsapp.net/f", "mediaKey": b"k" * 32, "mimetype": "image/jpeg",
        "fileLength": 1000, "directPath": "/f", "JPEGThumbnail": b"t" * 50_000}  # fmt: skip


def test_a_text() -> None:
    event = received("¿Cuánto cuesta?", Timestamp=NOW_MS - 1500)

    assert (event.text, event.content, event.author) == ("¿Cuánto cuesta?", "text", "customer")
    assert (event.chat, event.platform_id, event.sender.name) == (ANA, "3EB0AB", "Ana")
    assert event.at == NOW - timedelta(seconds=1.5), "its time is in milliseconds"
    assert event.addressed
    assert event.flags == frozenset()


def test_a_text_with_a_quote() -> None:
    context = {
        "stanzaID": "OLD",
        "participant": US,
        "quotedMessage": {"imageMessage": {"caption": "Polera roja"}},
        "isForwarded": True,
    }
    event = received({"extendedTextMessage": {"text": "¿esta?", "contextInfo": context}})

    assert (event.text, event.reply_to, event.quote) == ("¿esta?", "OLD", "Polera roja")
    assert "forwarded" in event.flags


@pytest.mark.parametrize(
    ("kind", "body", "content", "text"),
    [
        ("imageMessage", FILE | {"caption": "mira"}, "photo", "mira"),
        ("videoMessage", FILE, "video", ""),
        ("ptvMessage", FILE, "video", ""),
        ("audioMessage", FILE | {"PTT": True, "seconds": 4}, "voice", ""),
        ("audioMessage", FILE | {"seconds": 200}, "audio", ""),
        ("documentMessage", FILE | {"fileName": "a.pdf", "caption": "lista"}, "document", "lista"),
        ("stickerMessage", FILE, "sticker", ""),
    ],
)
def test_a_file_can_be_fetched_later(
    kind: str, body: dict[str, Any], content: str, text: str
) -> None:
    body = {name: body[name] for name in body if name in fields_of(kind)}
    event = received({kind: body})

    (media,) = event.media
    assert (event.content, event.text, media.size) == (content, text, 1000)
    assert len(media.ref) < 400, "what opens it, not what it looks like"
    assert event.raw is not None
    assert len(event.raw) < 2000


def fields_of(kind: str) -> set[str]:
    return set(Message.DESCRIPTOR.fields_by_name[kind].message_type.fields_by_name)


@pytest.mark.parametrize(
    ("wrapper", "flag"),
    [
        ("ephemeralMessage", "ephemeral"),
        ("documentWithCaptionMessage", None),
        ("lottieStickerMessage", None),
        ("associatedChildMessage", None),
    ],
)
def test_envelopes_are_opened(wrapper: str, flag: str | None) -> None:
    event = received({wrapper: {"message": {"documentMessage": {"caption": "la lista"}}}})

    assert (event.content, event.text) == ("document", "la lista")
    assert event.flags >= ({flag} if flag else set())


@pytest.mark.parametrize(
    ("contents", "flags"),
    [
        ({"viewOnceMessage": {"message": {"imageMessage": FILE}}}, {}),
        ({"viewOnceMessageV2": {"message": {"imageMessage": FILE}}}, {}),
        ({"imageMessage": FILE | {"viewOnce": True}}, {}),
        ({"imageMessage": FILE}, {"IsViewOnceV2": True}),
    ],
)
def test_what_is_to_be_seen_once_is_not_kept(
    contents: dict[str, Any], flags: dict[str, Any]
) -> None:
    event = received(contents, **flags)

    assert (event.content, event.media) == ("photo", ())
    assert "view_once" in event.flags
    assert "file" not in (event.raw or "").replace("fileLength", "")


@pytest.mark.parametrize("own", [False, True])
def test_an_edit_names_what_it_changes(own: bool) -> None:  # noqa: FBT001  a case
    change = {"key": {"ID": "OLD"}, "type": 14, "editedMessage": {"conversation": "dos"}}
    contents: dict[str, Any] = {"protocolMessage": change}
    contents = {"editedMessage": {"message": contents}} if own else contents

    (event,) = heard(contents)

    assert isinstance(event, MessageEdited)
    assert (event.platform_id, event.text) == ("OLD", "dos")


def test_a_message_taken_back() -> None:
    (event,) = heard({"protocolMessage": {"key": {"ID": "OLD"}, "type": 0}})

    assert isinstance(event, MessageDeleted)
    assert (event.platform_id, event.conversation) == ("OLD", received("x").conversation)


@pytest.mark.parametrize("kind", [0, 14])
def test_nobody_edits_or_deletes_what_we_said(kind: int) -> None:
    """WhatsApp's servers cannot look into it, and a forger's program does not ask."""
    lie = {"conversation": "Te lo regalo"}
    change = {"key": {"ID": "OURS"}, "type": kind, "editedMessage": lie}
    contents, ours = {"protocolMessage": change}, {"OURS": f"{REPLY}:0"}

    (forged,) = heard(contents, ours=ours)
    (own,) = heard(contents, sender=US, from_me=True, ours=ours)

    assert isinstance(forged, UpdateUnsupported)
    assert forged.reason == "not theirs"
    assert isinstance(own, MessageDeleted | MessageEdited), "from the shop's own phone"


@pytest.mark.parametrize(("text", "emoji"), [("👍", "👍"), ("", None)])
def test_a_reaction_is_put_or_taken_off(text: str, emoji: str | None) -> None:
    (event,) = heard({"reactionMessage": {"key": {"ID": "OLD"}, "text": text}})

    assert isinstance(event, ReactionChanged)
    assert (event.platform_id, event.emoji) == ("OLD", emoji)


def test_a_message_without_contents_is_said_to_be_unreadable() -> None:
    event = received({})

    assert (event.content, event.text) == ("unsupported", "")
    assert "empty" in event.flags


def test_a_place() -> None:
    place = {"degreesLatitude": -33.45, "degreesLongitude": -70.66, "name": "Tienda"}
    event = received({"locationMessage": place})

    (media,) = event.media
    assert (event.content, media.ref, media.name) == (
        "location",
        "geo:-33.450000,-70.660000",
        "Tienda",
    )
    live = received({"liveLocationMessage": {"degreesLatitude": 1.0, "sequenceNumber": 3}})
    assert "live" in live.flags


def test_a_card_proves_nothing_about_its_sender() -> None:
    card = "BEGIN:VCARD\nVERSION:3.0\nFN:Luis\nTEL;type=CELL;waid=56922222222:+56 9 2222 2222\nEND"
    event = received({"contactMessage": {"displayName": "Luis", "vcard": card}})

    (media,) = event.media
    assert (event.content, media.ref, media.name) == ("contact", "+56 9 2222 2222", "Luis")
    assert Alias("phone", "56922222222") not in event.sender.aliases


@pytest.mark.parametrize(
    "contents",
    [
        {"buttonsResponseMessage": {"selectedButtonID": "b1", "selectedDisplayText": "Sí"}},
        {"listResponseMessage": {"title": "Sí", "singleSelectReply": {"selectedRowID": "b1"}}},
        {"templateButtonReplyMessage": {"selectedID": "b1", "selectedDisplayText": "Sí"}},
    ],
)
def test_a_tap(contents: dict[str, Any]) -> None:
    event = received(contents)

    assert (event.content, event.action, event.text) == ("action", "b1", "Sí")


def test_pictures_of_an_album_belong_together() -> None:
    header = received({"albumMessage": {"expectedImageCount": 2}})
    parent = {"messageAssociation": {"parentMessageKey": {"ID": "3EB0AB"}}}
    child = received({"imageMessage": FILE, "messageContextInfo": parent})

    assert (header.content, header.addressed, header.album) == ("service", False, "3EB0AB")
    assert (child.content, child.album) == ("photo", "3EB0AB")


def test_a_poll_is_nothing_we_can_answer() -> None:
    event = received({"pollCreationMessageV3": {"name": "¿Cuándo?"}})

    assert (event.content, event.text) == ("unsupported", "¿Cuándo?")
    assert "poll" in event.flags


@pytest.mark.parametrize(
    "contents",
    [{"pollUpdateMessage": {}}, {"pinInChatMessage": {}}, {"protocolMessage": {"type": 3}}],
)
def test_what_programs_tell_each_other_waits_for_no_answer(contents: dict[str, Any]) -> None:
    (event,) = heard(contents)

    assert isinstance(event, UpdateUnsupported)


def test_what_is_no_protobuf_is_kept_and_harms_nobody() -> None:
    (event,) = told(MESSAGE, b"\xff\xff\xff")

    assert isinstance(event, UpdateUnsupported)


def test_the_same_message_is_the_same_event() -> None:
    assert received("hola").id == received("hola").id
    assert received("hola").id != received("hola", "56922222222@s.whatsapp.net").id
