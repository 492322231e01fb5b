"""The files of a message, as the Graph API takes them."""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any, TypeAlias

from events.contents import Attachment
from text.splitting import utf16_length

Body: TypeAlias = dict[str, Any]

TEXT, CAPTION = 4096, 1024
KINDS = {"photo": "image", "voice": "audio"}
CAPTIONED = frozenset({"image", "video", "document"})
TAKEN = {
    "image": frozenset({"image/jpeg", "image/png"}),
    "video": frozenset({"video/mp4", "video/3gpp", "video/3gp"}),
    "audio": frozenset({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}),
    "sticker": frozenset({"image/webp"}),
}
"""What each kind may be; anything else still arrives as a document."""
ALIKE = {"audio/opus": "audio/ogg", "audio/x-m4a": "audio/mp4", "image/jpg": "image/jpeg"}
OFFICE = "application/vnd.openxmlformats-officedocument"
BY_SUFFIX = {
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp",
    ".gif": "image/gif", ".mp4": "video/mp4", ".3gp": "video/3gpp", ".ogg": "audio/ogg",
    ".opus": "audio/ogg", ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".aac": "audio/aac",
    ".amr": "audio/amr", ".wav": "audio/wav", ".txt": "text/plain", ".csv": "text/plain",
    ".pdf": "application/pdf", ".doc": "application/msword", ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint", ".docx": f"{OFFICE}.wordprocessingml.document",
    ".xlsx": f"{OFFICE}.spreadsheetml.sheet", ".pptx": f"{OFFICE}.presentationml.presentation",
}  # fmt: skip
"""What Meta takes, and what people try; the tables of operating systems differ."""
USUAL = {
    "photo": "image/jpeg", "video": "video/mp4", "audio": "audio/mpeg", "voice": "audio/ogg",
    "sticker": "image/webp",
}  # fmt: skip


class Unsendable(Exception):
    """No message of WhatsApp's can say this."""


def content_of(kind: str, content: Body) -> Body:
    return {"type": kind, kind: content}


def uploaded(attachment: Attachment) -> tuple[str, str]:
    """The name and type under which its contents are uploaded."""
    mime = _mime_of(attachment) or USUAL.get(attachment.kind, "application/octet-stream")
    suffix = next((suffix for suffix, known in BY_SUFFIX.items() if known == mime), "")
    return attachment.name or f"file{suffix}", mime


def _mime_of(attachment: Attachment) -> str | None:
    """As far as anybody has said, or its name tells."""
    mime = (attachment.mime or "").partition(";")[0].strip().lower()
    if not mime:
        place = attachment.name or (attachment.url or "").partition("?")[0]
        return BY_SUFFIX.get(PurePosixPath(place).suffix.lower())
    return ALIKE.get(mime, mime)


def attached(attachment: Attachment, file: str | None) -> tuple[Sequence[str], Body]:
    kind, mime = KINDS.get(attachment.kind, attachment.kind), _mime_of(attachment)
    if mime is not None and mime not in TAKEN.get(kind, ()):
        kind = "document"
    content = _source(attachment, file)
    if kind == "document" and attachment.name:
        content["filename"] = attachment.name
    if attachment.kind == "voice" and mime == "audio/ogg":
        content["voice"] = True
    caption = attachment.caption.strip()
    if not caption:
        return (), content_of(kind, content)
    if kind in CAPTIONED and utf16_length(caption) <= CAPTION:
        return (), content_of(kind, {**content, "caption": caption})
    if utf16_length(caption) > TEXT:
        raise Unsendable(f"the caption is longer than {TEXT} characters")
    return (caption,), content_of(kind, content)


def _source(attachment: Attachment, file: str | None) -> Body:
    if known := file or attachment.ref:
        return {"id": known}
    if attachment.url:
        return {"link": attachment.url}
    raise Unsendable("the file has neither contents nor an address")
