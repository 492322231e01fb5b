"""What a file becomes on WhatsApp: what its apps can show, else a document."""

from typing import Any

import pytest

from bot.channels.whatsapp_cloud.files import uploaded
from bot.channels.whatsapp_cloud.payloads import messages_of
from events.contents import Attachment
from tests.bot.channels.whatsapp_cloud.test_payloads import a_part, one
from tests.servers.graph_rules import wrong_with

FILES: list[tuple[Attachment, str, dict[str, Any]]] = [
    (
        Attachment(kind="photo", url="https://a.cl/m.jpg", caption="Azul"),
        "image",
        {"link": "https://a.cl/m.jpg", "caption": "Azul"},
    ),
    (Attachment(kind="photo", ref="7", mime="image/png"), "image", {"id": "7"}),
    (
        Attachment(kind="photo", url="https://a.cl/m.gif"),
        "document",
        {"link": "https://a.cl/m.gif"},
    ),
    (Attachment(kind="video", ref="7"), "video", {"id": "7"}),
    (Attachment(kind="audio", ref="7", mime="audio/wav"), "document", {"id": "7"}),
    (
        Attachment(kind="voice", url="https://a.cl/v.ogg"),
        "audio",
        {"link": "https://a.cl/v.ogg", "voice": True},
    ),
    (Attachment(kind="voice", ref="7"), "audio", {"id": "7"}),
    (
        Attachment(kind="photo", url="https://a.cl/m.JPG?v=1"),
        "image",
        {"link": "https://a.cl/m.JPG?v=1"},
    ),
    (Attachment(kind="video", ref="7", name="a.3gp"), "video", {"id": "7"}),
    (Attachment(kind="sticker", ref="7", mime="image/webp"), "sticker", {"id": "7"}),
    (
        Attachment(kind="document", data=b"x", name="respuesta.txt"),
        "document",
        {"id": "99", "filename": "respuesta.txt"},
    ),
]


@pytest.mark.parametrize(("attachment", "kind", "content"), FILES)
def test_a_file_arrives_as_what_whatsapp_can_show(
    attachment: Attachment, kind: str, content: dict[str, Any]
) -> None:
    body = one(a_part(extra=attachment), "99" if attachment.data is not None else None)

    assert body["type"] == kind
    assert body[kind] == content


@pytest.mark.parametrize(
    "attachment",
    [
        Attachment(kind="photo", ref="7", caption="x" * 1025),
        Attachment(kind="voice", ref="7", caption="escucha"),
    ],
)
def test_a_caption_that_has_no_place_goes_ahead(attachment: Attachment) -> None:
    ahead, own = messages_of(a_part(extra=attachment))

    assert wrong_with(ahead) == wrong_with(own) == []
    assert ahead["text"]["body"] == attachment.caption
    assert "caption" not in own[own["type"]]


@pytest.mark.parametrize(
    ("attachment", "named"),
    [
        (Attachment(kind="photo", data=b"x"), ("file.jpg", "image/jpeg")),
        (Attachment(kind="voice", data=b"x"), ("file.ogg", "audio/ogg")),
        (Attachment(kind="document", data=b"x", name="a.csv"), ("a.csv", "text/plain")),
        (Attachment(kind="document", data=b"x", mime="a/b; c=1"), ("file", "a/b")),
    ],
)
def test_a_file_is_uploaded_under_a_name_and_a_type(
    attachment: Attachment, named: tuple[str, str]
) -> None:
    assert uploaded(attachment) == named
