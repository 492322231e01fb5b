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


class Sender(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    name: str | None = None
    username: str | None = None
    locale: str | None = None


class TurnMessage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    id: UUID
    text: str
    at: datetime
    content: Content = "text"
    action: str | None = None


class SourceUsed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A catalogue row, pack answer or passage the reply rests on."""

    kind: Literal["product", "answer", "passage"]
    id: str
    title: str


class Generation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a reply came to be: everything about it that a training row keeps."""

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
    intensity: float = 0.5
    tone: str = "neutral"
    locale: str = "es"
    history: tuple[str, ...] = ()
    sources: tuple[SourceUsed, ...] = ()
    verdict: str = "ok"
