"""What we send through WhatsApp, as the fields of its protobuf: pure.

Nothing is read out of a text: an `@12345` that a model wrote mentions nobody, and a link is fetched
by nobody. How a send ended is read out of the library's words, for it has nothing else.
"""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from bot.channels.whatsapp.journal import Heard
from events.contents import Attachment

End: TypeAlias = Literal["later", "never", "unknown"]
MEDIA = {"photo": "image", "video": "video", "audio": "audio", "voice": "audio",
         "document": "document", "sticker": "sticker"}  # fmt: skip
MIMES = {"photo": "image/jpeg", "video": "video/mp4", "audio": "audio/mpeg",
         "voice": "audio/ogg; codecs=opus", "document": "application/octet-stream",
         "sticker": "image/webp"}  # fmt: skip

_NEVER = (
    "unknown server", "must be a user jid", "server returned error", "no lid found",
    "not participating", "not-authorized", "item-not-found", "forbidden", "not on whatsapp",
)  # fmt: skip
_LATER = (
    "websocket not connected", "doesn't contain a device", "not logged in",
    "failed to get device list", "failed to get group members", "failed to upload",
    "client is nil",
)  # fmt: skip


def ended(reason: str) -> End:
    """Not delivered and worth another try, never to be delivered, or nobody knows."""
    said = reason.lower()
    if any(sign in said for sign in _LATER):
        return "later"
    return "never" if any(sign in said for sign in _NEVER) else "unknown"


@dataclass(frozen=True, slots=True)
class Uploaded:
    """Where WhatsApp has put a file, and what opens it."""

    url: str
    path: str
    key: bytes
    sealed_hash: bytes
    hash: bytes
    size: int


def text_message(text: str, quoted: Heard | None, timer: int) -> dict[str, Any]:
    text = _valid(text)
    context = _context(quoted, timer)
    if not context:
        return {"conversation": text}
    return {"extendedTextMessage": {"text": text, "contextInfo": context}}


def reaction_message(
    chat: str, target: str, emoji: str | None, heard: Heard | None, at_ms: int
) -> dict[str, Any]:
    """On somebody's message when we heard it, on our own otherwise."""
    key: dict[str, Any] = {"remoteJID": chat, "ID": target, "fromMe": heard is None}
    if heard is not None and chat.endswith("@g.us"):
        key["participant"] = heard.sender
    return {"reactionMessage": {"key": key, "text": emoji or "", "senderTimestampMS": at_ms}}


def file_message(
    file: Attachment, uploaded: Uploaded, quoted: Heard | None, timer: int
) -> dict[str, Any]:
    body: dict[str, Any] = {
        "URL": uploaded.url,
        "directPath": uploaded.path,
        "mediaKey": uploaded.key,
        "fileEncSHA256": uploaded.sealed_hash,
        "fileSHA256": uploaded.hash,
        "fileLength": uploaded.size,
        "mimetype": file.mime or MIMES[file.kind],
    }
    if context := _context(quoted, timer):
        body["contextInfo"] = context
    if file.kind in ("photo", "video", "document") and file.caption:
        body["caption"] = _valid(file.caption)
    if file.kind == "voice":
        body["PTT"] = True
    if file.kind == "document":
        body["fileName"] = body["title"] = _valid(file.name or "archivo")
    message = {f"{MEDIA[file.kind]}Message": body}
    if file.kind == "document" and file.caption:
        return {"documentWithCaptionMessage": {"message": message}}
    return message


def _context(quoted: Heard | None, timer: int) -> dict[str, Any]:
    """In a chat whose messages disappear, ours has to say that it does."""
    context: dict[str, Any] = {"expiration": timer} if timer > 0 else {}
    if quoted is not None:
        context |= {
            "stanzaID": quoted.id,
            "participant": quoted.sender,
            "quotedMessage": {"conversation": _valid(quoted.said)},
        }
    return context


def _valid(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
