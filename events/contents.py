"""What events carry inside: senders, media, the messages of a turn, the origin of a reply."""

from datetime import datetime
from typing import Any, Literal, TypeAlias
from uuid import UUID

import msgspec

Content: TypeAlias = Literal[
    "text", "photo", "voice", "audio", "video", "document", "sticker", "location", "contact",
    "action", "service", "unsupported",
]  # fmt: skip


class Media(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    kind: str
    ref: str
    mime: str | None = None
    size: int | None = None
    seconds: int | None = None
    name: str | None = None


class Alias(msgspec.Struct, frozen=True, omit_defaults=True):
    """One name of a person on a network: two people who share one are the same person."""

    kind: Literal["telegram", "phone", "wa_id", "bsuid", "lid"]
    id: str


class Sender(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`aliases` are the other names under which the network says it knows this person."""

    id: str
    aliases: tuple[Alias, ...] = ()
    name: str | None = None
    username: str | None = None
    locale: str | None = None


class TurnMessage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    id: UUID
    text: str
    at: datetime
    content: Content = "text"
    action: str | None = None
    platform_id: str | None = None
    flags: frozenset[str] = frozenset()


class MediaReading(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a file says: the words of a voice note, what a picture shows, the text of a document.

    `confidence` is None where the reader cannot tell. `problem` says why there is no text.
    """

    message: UUID
    content: Content
    text: str = ""
    confidence: float | None = None
    problem: (
        Literal["too_big", "too_long", "unreadable", "late", "view_once", "off", "gone"] | None
    ) = None


class Mark(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a stretch of a text looks; offset and length are in UTF-16 units, as networks count."""

    kind: Literal[
        "bold", "italic", "underline", "strike", "spoiler", "code", "pre", "quote", "link",
    ]  # fmt: skip
    offset: int
    length: int
    value: str | None = None
    """The address of a link, the language of preformatted text."""


class Choice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One answer a customer can give with a tap: it comes back as `action=id`.

    Networks bound them: id 64 bytes, title 20 characters (24 in a list), description 72. With `url`
    the tap opens a page instead.
    """

    id: str
    title: str
    description: str = ""
    url: str | None = None


class Attachment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="attachment"):
    """A file to send: by its public address, by its contents (at most 256 kB), or by the
    network's own id for it."""

    kind: Literal["photo", "video", "audio", "voice", "document", "sticker"]
    url: str | None = None
    data: bytes | None = None
    ref: str | None = None
    name: str | None = None
    mime: str | None = None
    caption: str = ""


class Template(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="template"):
    """A message WhatsApp has approved, which may be sent outside of the 24-hour window."""

    name: str
    language: str
    parameters: tuple[str, ...] = ()


class Reaction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="reaction"):
    """An emoji on somebody's message; none takes it back."""

    target: str
    emoji: str | None = None


Extra: TypeAlias = Attachment | Template | Reaction


class Composed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A text as one network takes it: the messages, how each looks, and what follows them."""

    parts: tuple[str, ...]
    marks: tuple[tuple[Mark, ...], ...] = ()
    extras: tuple[Extra, ...] = ()


class SourceUsed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A catalogue row, pack answer, passage or record of the customer's the reply rests on; `role`
    says how it stood among the others."""

    kind: Literal["product", "answer", "passage", "term", "record"]
    id: str
    title: str
    role: str = ""


class MediaUse(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What hearing or looking took; `cost_micros` is None where nobody can tell."""

    provider: str
    model: str
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float | None = None
    cost_micros: int | None = None


class ServedAs(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which version should have answered, on which side of a rollout; `fallback`: another did."""

    version: UUID | None = None
    variant: Literal["control", "canary"] | None = None
    rollout: UUID | None = None
    stage: int = 0
    fallback: bool = False


class Generation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a reply came to be: everything about it that a training row keeps. `named` are the
    products whose names its text holds, whatever it rests on."""

    intent: str = "general"
    category: str = "general"
    slots: dict[str, Any] = {}
    confidence: float = 0.0
    product_id: UUID | None = None
    product_name: str | None = None
    provider: str = ""
    model: str = ""
    model_version: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    latency_ms: int = 0
    cost_micros: int = 0
    intensity: float = 0.5
    tone: str = "neutral"
    locale: str = "es"
    history: tuple[str, ...] = ()
    sources: tuple[SourceUsed, ...] = ()
    named: tuple[UUID, ...] = ()
    verdict: str = "ok"
    trace: dict[str, Any] = {}
    served: ServedAs | None = None
