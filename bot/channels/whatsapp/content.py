"""What a WhatsApp message says: its kind, its text, its media. From the fields of its protobuf."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

from bot.channels.fields import TEXT_LIMIT, cleaned, entries, geo, table, whole, words
from bot.channels.said import Said
from events.contents import Content, Media
from text.folding import clean

QUOTE_LIMIT = 200
LARGEST, LARGEST_DOCUMENT = 16_000_000, 100_000_000
DEEPEST = 8

# Kinds of file, with what they are; a video note is a video that is round.
FILES: dict[str, Content] = {
    "imageMessage": "photo", "videoMessage": "video", "ptvMessage": "video",
    "audioMessage": "audio", "documentMessage": "document", "stickerMessage": "sticker",
}  # fmt: skip
ENVELOPES = {
    "ephemeralMessage": "ephemeral", "viewOnceMessage": "view_once",
    "viewOnceMessageV2": "view_once", "viewOnceMessageV2Extension": "view_once",
    "documentWithCaptionMessage": "", "lottieStickerMessage": "", "botInvokeMessage": "",
    "groupMentionedMessage": "", "associatedChildMessage": "", "editedMessage": "edited",
    "deviceSentMessage": "", "botForwardedMessage": "", "spoilerMessage": "spoiler",
}  # fmt: skip
BESIDE = {"messageContextInfo", "senderKeyDistributionMessage"}
"""What comes along with any message, and says nothing by itself."""
NOTICES = {
    "pollUpdateMessage", "pinInChatMessage", "keepInChatMessage", "encReactionMessage",
    "encCommentMessage", "encEventResponseMessage", "callLogMesssage", "call", "chat",
    "secretEncryptedMessage", "stickerSyncRmrMessage", "messageHistoryNotice",
    "messageHistoryBundle", "limitSharingMessage", "requestPhoneNumberMessage",
    "placeholderMessage", "pollResultSnapshotMessage", "pollResultSnapshotMessageV3",
    "statusNotificationMessage", "scheduledCallCreationMessage", "scheduledCallEditMessage",
    "bcallMessage", "groupRootKeyShare", "rootSecretDistributeMessage", "pollAddOptionMessage",
    "fastRatchetKeySenderKeyDistributionMessage", "botTaskMessage", "newsletterScheduledMessage",
    "statusMentionMessage", "groupStatusMentionMessage", "statusQuotedMessage",
}  # fmt: skip
"""What WhatsApp's programs tell each other: nobody waits for an answer."""


def unwrapped(message: dict[str, Any]) -> tuple[dict[str, Any], frozenset[str]]:
    """The message itself, and what its envelopes say of it."""
    flags: set[str] = set()
    for _ in range(DEEPEST):
        outer = next((name for name in ENVELOPES if name in message), None)
        inner = table(table(message.get(outer)).get("message")) if outer else {}
        if not inner:
            break
        flags |= {ENVELOPES[outer or ""]}
        message = inner
    return message, frozenset(filter(None, flags))


def kind_of(message: dict[str, Any]) -> str:
    """The field that holds what was said, by its name; empty when nothing was."""
    return next((name for name in message if name not in BESIDE), "")


def context_of(message: dict[str, Any]) -> dict[str, Any]:
    return table(table(message.get(kind_of(message))).get("contextInfo"))


def timer_of(message: dict[str, Any]) -> int | None:
    """How long messages of this chat last, when this one tells; 0 is for ever."""
    kind, context = kind_of(message), context_of(message)
    if kind == "protocolMessage":
        change = table(message[kind])
        told = change.get("type") == "EPHEMERAL_SETTING"
        return whole(change.get("ephemeralExpiration")) or 0 if told else None
    if kind == "conversation":
        return 0
    return (
        whole(context.get("expiration")) or 0 if kind in (*FILES, "extendedTextMessage") else None
    )


def taken_back(message: dict[str, Any]) -> str | None:
    """The id of the message that this one deletes."""
    change = table(message.get("protocolMessage"))
    revoked = change.get("type") == "REVOKE"
    return words(table(change.get("key")).get("ID")) if revoked else None


def said(message: dict[str, Any], file: object = None) -> Said:
    """`file` is what `download` needs; without it a file cannot be had."""
    kind = kind_of(message)
    if kind in FILES:
        found: Said | None = _file(kind, table(message[kind]), words(file, TEXT_LIMIT))
    else:
        found = _READERS[kind](message[kind]) if kind in _READERS else None
    found = found or Said("unsupported", flags=frozenset({kind or "empty"}))
    text, clipped = cleaned(found.text)
    return replace(found, text=text, flags=found.flags | clipped | _forwarded(message))


def snippet(message: dict[str, Any]) -> str | None:
    """What a quoted message said, briefly."""
    inner, _ = unwrapped(message)
    return clean(said(inner).text, QUOTE_LIMIT).strip() or None if inner else None


def _forwarded(message: dict[str, Any]) -> frozenset[str]:
    return frozenset({"forwarded"} if context_of(message).get("isForwarded") is True else ())


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _file(kind: str, body: dict[str, Any], ref: str | None) -> Said:
    content = "voice" if kind == "audioMessage" and body.get("PTT") is True else FILES[kind]
    text = _string(body.get("caption")) or _string(body.get("emojis"))
    size = whole(body.get("fileLength"))
    flags = {"view_once"} if body.get("viewOnce") is True else set()
    limit = LARGEST_DOCUMENT if content == "document" else LARGEST
    flags |= {"too_big"} if size is not None and size > limit else set()
    if ref is None:
        return Said(content, text, flags=frozenset(flags))
    name = words(body.get("fileName")) or words(body.get("title"))
    media = Media(
        kind=content,
        ref=ref,
        mime=words(body.get("mimetype")),
        size=size,
        seconds=whole(body.get("seconds")),
        name=name,
    )
    return Said(content, text, media=(media,), flags=frozenset(flags))


def _text(value: Any) -> Said:  # noqa: ANN401  JSON
    return Said("text", _string(value if isinstance(value, str) else table(value).get("text")))


def _place(value: Any) -> Said | None:  # noqa: ANN401  JSON
    place = table(value)
    ref = geo(place.get("degreesLatitude", 0.0), place.get("degreesLongitude", 0.0))
    if ref is None:
        return None
    name = words(place.get("name")) or words(place.get("address"))
    flags = frozenset({"live"} if "sequenceNumber" in place or place.get("isLive") else ())
    text = _string(place.get("caption")) or _string(place.get("comment"))
    return Said("location", text, media=(Media(kind="location", ref=ref, name=name),), flags=flags)


_PHONE = re.compile(r"^(?:item\d+\.)?TEL[^:\n]*:(.+)$", re.MULTILINE | re.IGNORECASE)


def _contact(value: Any) -> Said | None:  # noqa: ANN401  JSON
    """Anybody may send anybody's card: it proves nothing about its sender."""
    cards = entries(table(value).get("contacts")) or [table(value)]
    media = []
    for card in cards:
        phone = _PHONE.search(_string(card.get("vcard")))
        number = words(phone[1]) if phone else None
        if number is not None:
            media.append(Media(kind="contact", ref=number, name=words(card.get("displayName"))))
    return Said("contact", media=tuple(media)) if media else None


def _choice(*names: str) -> Callable[[Any], Said | None]:
    """A tap: where its id lies, and then where its title does."""

    def read(value: Any) -> Said | None:  # noqa: ANN401  JSON
        body = table(value)
        row = table(body.get("singleSelectReply"))
        action = words(body.get(names[0])) or words(row.get("selectedRowID"))
        title = _string(body.get(names[1]))
        return None if action is None else Said("action", title, action)

    return read


def _native(value: Any) -> Said | None:  # noqa: ANN401  JSON
    answer = table(table(value).get("nativeFlowResponseMessage"))
    action = words(answer.get("paramsJSON"), TEXT_LIMIT) or words(answer.get("name"))
    title = _string(table(table(value).get("body")).get("text"))
    return None if action is None else Said("action", title, action)


def _album(_value: Any) -> Said:  # noqa: ANN401  JSON
    """Only how many pictures follow."""
    return Said("service", flags=frozenset({"album"}))


def _poll(value: Any) -> Said:  # noqa: ANN401  JSON
    return Said("unsupported", _string(table(value).get("name")), flags=frozenset({"poll"}))


_Reader: TypeAlias = Callable[[Any], Said | None]
_POLLS = ("", "V2", "V3", "V4", "V5", "V6")
_READERS: dict[str, _Reader] = {
    "conversation": _text,
    "extendedTextMessage": _text,
    "locationMessage": _place,
    "liveLocationMessage": _place,
    "contactMessage": _contact,
    "contactsArrayMessage": _contact,
    "buttonsResponseMessage": _choice("selectedButtonID", "selectedDisplayText"),
    "templateButtonReplyMessage": _choice("selectedID", "selectedDisplayText"),
    "listResponseMessage": _choice("", "title"),
    "interactiveResponseMessage": _native,
    "albumMessage": _album,
    **{f"pollCreationMessage{version}": _poll for version in _POLLS},
}
