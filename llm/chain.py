"""Tries the providers in order: who is limited, broken or misconfigured is passed over."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import structlog

from llm.base import (
    Completion,
    LanguageModel,
    ModelError,
    ModelMisconfigured,
    ModelUnavailable,
    Request,
)
from services.spans import Noted, spanned

log = structlog.get_logger()

FAILURES: Final = 3
"""After so many in a row a provider rests, twice as long each time it fails again."""
REST_S: Final = 10.0
LONGEST_REST_S: Final = 300.0
PROBE_S: Final = 5.0
GRACE_S: Final = 0.1
"""What every provider gets even when the others used up the time: the offline one needs no more."""


@dataclass(slots=True)
class Link:
    """A provider and how it has been doing; `until` is when it may be asked again."""

    model: LanguageModel
    failures: int = 0
    until: float = 0.0
    out: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    links: Sequence[Link]
    total_timeout_s: float = 45.0
    monotonic: Callable[[], float] = time.monotonic
    name: str = field(default="chain", init=False)

    async def complete(self, request: Request) -> Completion:
        """Raises the last provider's error, or ModelUnavailable when none could be asked."""
        deadline = self.monotonic() + self.total_timeout_s
        last: ModelError | None = None
        for link in self._ready():
            left = max(deadline - self.monotonic(), GRACE_S)
            try:
                with spanned("model", "client") as span:
                    span.note(provider=link.model.name, intent=request.intent)
                    completion = await _bounded(link.model, request, left)
                    _note(span, completion)
            except ModelError as error:
                self._failed(link, error)
                last = error
            else:
                if link.failures >= FAILURES:
                    link.until = 0.0
                link.failures = 0
                return completion
        raise self._outcome(last)

    async def close(self) -> None:
        for link in self.links:
            await link.model.close()

    def _ready(self) -> Iterator[Link]:
        """A provider that has rested is tried by one request before the others come back to it."""
        for link in self.links:
            now = self.monotonic()
            if link.out or link.until > now:
                continue
            if link.failures >= FAILURES:
                link.until = now + PROBE_S
            yield link

    def _failed(self, link: Link, error: ModelError) -> None:
        provider = link.model.name
        if isinstance(error, ModelMisconfigured):
            if not link.out:
                log.error(
                    "model.out",
                    provider=provider,
                    reason=str(error),
                    next="check its key and model",
                )
            link.out = True
        elif isinstance(error, ModelUnavailable):
            link.failures += 1
            rest = error.retry_after or _rest(link.failures)
            link.until = max(link.until, self.monotonic() + rest)
            log.warning("model.unavailable", provider=provider, rest_s=rest, reason=str(error))
        else:
            log.warning("model.rejected", provider=provider, reason=str(error))

    def _outcome(self, last: ModelError | None) -> ModelError:
        """Whoever asked may come again when the first provider is back."""
        back = [link.until for link in self.links if not link.out]
        wait = min(back, default=0.0) - self.monotonic()
        if back and wait > 0:
            return ModelUnavailable(str(last or "every provider is resting"), wait)
        return last or ModelUnavailable("no provider is configured")


def chain_of(*models: LanguageModel, total_timeout_s: float = 45.0) -> Chain:
    return Chain([Link(model) for model in models], total_timeout_s)


def _note(span: Noted, said: Completion) -> None:
    span.note(
        provider=said.provider,
        model=said.model,
        tokens_in=said.usage.tokens_in,
        tokens_out=said.usage.tokens_out,
        cost_micros=said.cost_micros,
    )


async def _bounded(model: LanguageModel, request: Request, seconds: float) -> Completion:
    try:
        async with asyncio.timeout(seconds):
            return await model.complete(request)
    except TimeoutError as error:
        raise ModelUnavailable(f"no answer within {seconds:.1f} s") from error


def _rest(failures: int) -> float:
    if failures < FAILURES:
        return 0.0
    return float(min(REST_S * 2 ** (failures - FAILURES), LONGEST_REST_S))
