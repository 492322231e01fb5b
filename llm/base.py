"""What every language model provider offers, and how it may fail.

ModelError
├── ModelUnavailable    down, too slow or limited: try the next provider; `retry_after` in seconds
├── ModelRejected       this request is refused: the next provider may take it
│   ├── ModelEmpty      it was answered with nothing, and billed
│   └── BudgetSpent     nobody was asked: the day's money is gone
└── ModelMisconfigured  wrong key or unknown model: the provider is out until it is configured
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias

from config.shapes import Saying

Role: TypeAlias = Literal["system", "user", "assistant"]
Finding: TypeAlias = Literal["found", "each", "other_colour", "within_budget", "over_budget"]
"""How the products among the sources relate to what was asked for."""


class ModelError(Exception):
    """A provider could not complete. `billed`: it may have worked for us all the same; `use` is
    what that took, where it told."""

    billed = False
    use: "Use | None" = None


class ModelUnavailable(ModelError):
    """The provider may answer later."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ModelRejected(ModelError):
    """The provider will never answer this request."""


class ModelEmpty(ModelRejected):
    """It answered, and said nothing that can be used."""

    billed = True

    def __init__(self, message: str, use: "Use | None" = None) -> None:
        super().__init__(message)
        self.use = use


class BudgetSpent(ModelRejected):
    """There is no money left for it today."""


class ModelMisconfigured(ModelError):
    """The provider will answer nothing until its configuration changes."""


@dataclass(frozen=True, slots=True)
class Message:
    """`person`: somebody of the shop said it, not the bot."""

    role: Role
    content: str
    person: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A fact a reply may rest on. `data` holds typed values: price, stock and photo of a product;
    the `excerpt` of a passage that answers, and how near it is (`coverage`, `cosine`)."""

    kind: Literal["product", "answer", "passage", "term", "record"]
    id: str
    title: str
    text: str
    data: Mapping[str, Any] = field(default_factory=dict)


class Prompt(Protocol):
    """Composed only when a provider reads it: masking costs more than answering offline."""

    def messages(self, *, masked: bool) -> tuple[Message, ...]:
        """The whole prompt; `masked` is how it may leave this machine."""
        ...


@dataclass(frozen=True, slots=True)
class FixedPrompt:
    """Messages that hold no personal data."""

    said: tuple[Message, ...]

    def messages(self, *, masked: bool) -> tuple[Message, ...]:  # noqa: ARG002  the port's signature
        return self.said


@dataclass(frozen=True, slots=True)
class Tool:
    """An action a model may propose; `parameters` is a JSON schema. Code decides and executes."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Action:
    """What a model proposes, as it came: nothing of it has been checked."""

    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Payer:
    """Whose budget a call counts against."""

    shop: str
    customer: str


@dataclass(frozen=True, slots=True)
class Request:
    """Hosted models read the prompt; the offline one reads what was understood and found."""

    prompt: Prompt
    question: str = ""
    locale: str = "es"
    intent: str = ""
    acts: tuple[str, ...] = ()
    slots: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    finding: Finding = "found"
    phrases: Mapping[str, Saying] = field(default_factory=dict)
    temperature: float = 0.3
    max_tokens: int = 500
    request_id: str = ""
    tools: tuple[Tool, ...] = ()
    payer: Payer | None = None
    shape: Mapping[str, Any] | None = None
    """The JSON schema of the answer; a provider may not keep to it."""
    parts: tuple["Request", ...] = ()
    """What is asked one after the other, where the question asks several things."""


@dataclass(frozen=True, slots=True)
class Usage:
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(frozen=True, slots=True)
class Served:
    """Which registered version should have answered: `variant` is its side of the `rollout`, which
    was at `stage`. `fallback`: it could not, and another model did."""

    version: str | None = None
    variant: str | None = None
    rollout: str | None = None
    stage: int = 0
    fallback: bool = False


@dataclass(frozen=True, slots=True)
class Completion:
    text: str
    provider: str
    model: str
    usage: Usage = Usage()
    used: tuple[str, ...] = ()
    """Ids of the sources the text rests on, where the provider can tell."""
    version: str = ""
    """Which build of the model answered, where the provider says so."""
    actions: tuple[Action, ...] = ()
    cost_micros: int = 0
    """Millionths of a US dollar."""
    served: Served | None = None
    """None where no version is registered."""


class LanguageModel(Protocol):
    @property
    def name(self) -> str: ...

    async def complete(self, request: Request) -> Completion:
        """Raises a ModelError; never anything else."""
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Use:
    """What hearing or looking took. `seconds` of a recording are the provider's; `cost_micros` is
    None where nobody can tell."""

    provider: str
    model: str
    usage: Usage = Usage()
    seconds: float | None = None
    cost_micros: int | None = None


@dataclass(frozen=True, slots=True)
class Sensed:
    """What a file says. `confidence` is from 0 to 1, None where the model cannot tell."""

    text: str
    confidence: float | None = None
    use: Use | None = None


@dataclass(frozen=True, slots=True)
class File:
    """What a customer sent to be heard or looked at; `seconds` of a recording, where told."""

    data: bytes
    mime: str
    locale: str | None = None
    seconds: int | None = None
    payer: Payer | None = None


class Sense(Protocol):
    async def read(self, file: File) -> Sensed:
        """Raises a ModelError; never anything else."""
        ...

    async def close(self) -> None: ...
