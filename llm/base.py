"""What every language model provider offers, and how it may fail.

ModelError
├── ModelUnavailable    down, too slow or limited: try the next provider; `retry_after` in seconds
├── ModelRejected       this request is refused: the next provider may take it
└── ModelMisconfigured  wrong key or unknown model: the provider is out until it is configured
"""

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias

Role: TypeAlias = Literal["system", "user", "assistant"]


class ModelError(Exception):
    """A provider could not complete."""


class ModelUnavailable(ModelError):
    """The provider may answer later."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ModelRejected(ModelError):
    """The provider will never answer this request."""


class ModelMisconfigured(ModelError):
    """The provider will answer nothing until its configuration changes."""


@dataclass(frozen=True, slots=True)
class Message:
    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Source:
    """A fact a reply may rest on. `data` holds typed values (price, stock, url) of a product."""

    kind: Literal["product", "answer", "passage"]
    id: str
    title: str
    text: str
    score: float = 0.0
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """`messages` is the whole prompt; `question` and `sources` are what the offline model reads."""

    messages: tuple[Message, ...]
    question: str
    intent: str = "general"
    sources: tuple[Source, ...] = ()
    phrases: dict[str, str] = field(default_factory=dict)
    temperature: float = 0.3
    max_tokens: int = 500
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(frozen=True, slots=True)
class Completion:
    text: str
    provider: str
    model: str
    usage: Usage = Usage()
    used: tuple[str, ...] = ()
    """Ids of the sources the text rests on, where the provider can tell."""


class LanguageModel(Protocol):
    name: str

    async def complete(self, request: Request) -> Completion:
        """Raises a ModelError; never anything else."""
        ...

    async def close(self) -> None: ...
