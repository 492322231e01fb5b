"""The chat completions protocol, which OpenAI, Groq and Ollama share, and how its errors translate.

Each provider's own file builds the client of its SDK; what goes in and comes out is decided here.
"""

import json
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, Final

import structlog

from llm.base import (
    Action,
    Completion,
    ModelEmpty,
    ModelError,
    ModelMisconfigured,
    ModelRejected,
    ModelUnavailable,
    Request,
    Tool,
    Usage,
)
from services.clock import now

log = structlog.get_logger()

LONGEST_WAIT_S: Final = 3_600.0
LONGEST_REASON: Final = 300
NO_QUOTA_S: Final = 600.0
GONE: Final = frozenset({"model_decommissioned", "model_not_found", "model_not_active"})
PASSING: Final = frozenset({408, 409, 425, 429, 498})
"""Besides 5xx, the answers that say "not now"; 498 is Groq's "no capacity"."""
MISCALLED: Final = "tool_use_failed"
"""Groq's word for a call that a model wrote wrongly: once, which says nothing of the next time."""
_THOUGHT: Final = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Errors:
    """The exceptions of one SDK; all of them derive from `base`."""

    base: type[Exception]
    api: type[Exception]
    connection: type[Exception]
    status: type[Exception]


@dataclass(frozen=True, slots=True)
class ChatModel:
    """`options` are extras that some models refuse; what was refused once is not sent again."""

    name: str
    model: str
    create: Callable[..., Awaitable[Any]]
    closing: Callable[[], Awaitable[None]]
    errors: Errors
    masked: bool = True
    limit_name: str = "max_completion_tokens"
    options: Mapping[str, Any] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)

    async def complete(self, request: Request) -> Completion:
        messages = request.prompt.messages(masked=self.masked)
        fixed = {
            "model": self.model,
            "messages": [{"role": each.role, "content": each.content} for each in messages],
        }
        optional: dict[str, Any] = {
            self.limit_name: request.max_tokens,
            "temperature": request.temperature,
        }
        optional |= self.options
        if request.tools:
            optional["tools"] = [_offered(tool) for tool in request.tools]
        if request.shape is not None:
            optional["response_format"] = _shaped(request.shape)
        without = set(self.refused)
        while True:
            sent = {name: value for name, value in optional.items() if name not in without}
            try:
                with translated(self.errors):
                    return self._completion(await self.create(**fixed, **sent))
            except ModelRejected as error:
                named = _blamed(str(error), sent)
                if named is None:
                    raise
                without.add(named)
                if MISCALLED not in str(error):
                    self.refused.add(named)
                log.info("model.option_refused", provider=self.name, option=named)

    def _completion(self, response: Any) -> Completion:  # noqa: ANN401  two SDKs, one shape
        choices: Sequence[Any] = getattr(response, "choices", None) or ()
        message = getattr(choices[0], "message", None) if choices else None
        if message is None:
            raise ModelUnavailable(f"{self.name} answered without a choice")
        text = _THOUGHT.sub("", getattr(message, "content", None) or "").strip()
        actions = proposed(getattr(message, "tool_calls", None) or ())
        if not text and not actions:
            raise ModelEmpty(f"{self.name} answered nothing ({choices[0].finish_reason})")
        usage = getattr(response, "usage", None)
        counted = Usage(
            getattr(usage, "prompt_tokens", None) or 0,
            getattr(usage, "completion_tokens", None) or 0,
        )
        version = str(getattr(response, "model", None) or "")
        return Completion(text, self.name, self.model, counted, version=version, actions=actions)

    async def close(self) -> None:
        await self.closing()


def _blamed(error: str, sent: Mapping[str, Any]) -> str | None:
    """The option that a refusal names."""
    if MISCALLED in error:
        return "tools" if "tools" in sent else None
    return next((name for name in sent if name in error), None)


def _offered(tool: Tool) -> dict[str, Any]:
    described = {"name": tool.name, "description": tool.description}
    return {"type": "function", "function": described | {"parameters": dict(tool.parameters)}}


def _shaped(schema: Mapping[str, Any]) -> dict[str, Any]:
    named = {"name": "answer", "strict": True, "schema": dict(schema)}
    return {"type": "json_schema", "json_schema": named}


def proposed(calls: Sequence[Any]) -> tuple[Action, ...]:
    """What of a model's calls can be read; the rest is no proposal."""
    found = []
    for call in calls:
        function = getattr(call, "function", None)
        try:
            arguments = json.loads(getattr(function, "arguments", None) or "{}")
        except (ValueError, TypeError, RecursionError):
            arguments = None
        if isinstance(arguments, dict):
            found.append(Action(str(getattr(function, "name", "")), arguments))
        else:
            log.info("model.call_unreadable", tool=str(getattr(function, "name", "")))
    return tuple(found)


@contextmanager
def translated(errors: Errors) -> Iterator[None]:
    """Foreign errors stop here."""
    try:
        yield
    except errors.connection as error:
        unavailable = ModelUnavailable(str(error) or type(error).__name__)
        unavailable.billed = "timeout" in type(error).__name__.lower()
        raise unavailable from error
    except errors.status as error:
        raise by_status(error) from error
    except errors.api as error:
        raise ModelUnavailable(f"unreadable answer: {error}") from error
    except errors.base as error:
        raise ModelRejected(str(error) or type(error).__name__) from error
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise ModelUnavailable(f"unreadable answer: {error}") from error


def by_status(error: Any) -> ModelError:  # noqa: ANN401  both SDKs' APIStatusError
    """What the caller can do about an answer that is not 200."""
    status, code, said = int(error.status_code), *_details(error.body)
    text = f"{status} {code or ''} {said or error}".replace("  ", " ")[:LONGEST_REASON]
    if status in {401, 403, 404} or code in GONE:
        return ModelMisconfigured(text)
    wait = retry_after(error.response.headers)
    if code == "insufficient_quota":
        return ModelUnavailable(text, wait or NO_QUOTA_S)
    if status in PASSING or status >= 500:  # noqa: PLR2004  server errors
        return ModelUnavailable(text, wait)
    return ModelRejected(text)


def _details(body: object) -> tuple[str | None, str | None]:
    """Code and message of an error's body, wrapped in `error` or not."""
    inner = body.get("error", body) if isinstance(body, dict) else None
    if not isinstance(inner, dict):
        return None, inner if isinstance(inner, str) else None
    code, said = inner.get("code"), inner.get("message")
    return (str(code) if code else None), (str(said) if said else None)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait: given as milliseconds, seconds or a date."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name, "")
        try:
            return _sane(float(value) * unit)
        except ValueError:
            continue
    try:
        moment = parsedate_to_datetime(headers.get("retry-after", ""))
        return _sane((moment - now()).total_seconds())
    except (ValueError, TypeError):
        return None


def _sane(seconds: float) -> float | None:
    return min(seconds, LONGEST_WAIT_S) if seconds > 0 else None
