"""A protobuf as plain dictionaries, so that nobody else needs the library that made it.

Bytes stay behind: thumbnails are large, and keys open files that nobody may keep.
"""

from typing import Any

DEEPEST = 40
FILES = {
    "imageMessage": "imageMessage", "videoMessage": "videoMessage", "ptvMessage": "videoMessage",
    "audioMessage": "audioMessage", "documentMessage": "documentMessage",
    "stickerMessage": "stickerMessage",
}  # fmt: skip
OPENING = ("mimetype", "directPath", "mediaKey", "fileSHA256", "fileEncSHA256", "fileLength")
"""Not its URL: whoever sends a file writes it, and a library might ask any address for it. A path
is asked of WhatsApp's own hosts."""


def plain(message: Any, depth: int = 0) -> dict[str, Any]:  # noqa: ANN401  any protobuf
    """Only what is set. An enum is its name, a WhatsApp address is `user@server`."""
    if depth >= DEEPEST:
        return {}
    found = {}
    for field, value in message.ListFields():
        if field.type == field.TYPE_BYTES:
            continue
        if field.is_repeated and not hasattr(value, "keys"):
            found[field.name] = [_value(field, item, depth) for item in value]
        elif not field.is_repeated:
            found[field.name] = _value(field, value, depth)
    return found


def opening(message: Any, depth: int = 0) -> dict[str, Any] | None:  # noqa: ANN401  a protobuf
    """What a file is fetched and opened with, and no more. Nobody may keep what was sent to be
    seen once."""
    for field, value in message.ListFields():
        if field.name in FILES:
            if getattr(value, "viewOnce", False):
                return None
            body = {name: getattr(value, name) for name in OPENING if value.HasField(name)}
            return {FILES[field.name]: body}
        if field.message_type is not None and field.message_type.name == "FutureProofMessage":
            once = "viewOnce" in field.name or depth >= DEEPEST
            return None if once else opening(value.message, depth + 1)
    return None


def address(jid: Any) -> str:  # noqa: ANN401  a protobuf
    """Without the device: a person's phone and computer are one person."""
    user, server = _text(jid.User), _text(jid.Server)
    return f"{user}@{server}" if user else server


def _value(field: Any, value: Any, depth: int) -> Any:  # noqa: ANN401  JSON
    if field.message_type is not None:
        is_jid = field.message_type.full_name == "neonize.JID"
        return address(value) if is_jid else plain(value, depth + 1)
    if field.enum_type is not None:
        known = field.enum_type.values_by_number.get(value)
        return value if known is None else known.name
    return _text(value) if field.type == field.TYPE_STRING else value


def _text(value: str | bytes) -> str:
    """What should be text and is not comes as bytes."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
