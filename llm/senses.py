"""Hears voice notes and looks at pictures, through any server that speaks OpenAI's protocol."""

import math
from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

import openai

from config.manners import MediaSettings
from config.providers import GroqSettings, OpenAISettings
from llm.base import File, ModelEmpty, Sense, Sensed, Usage, Use
from llm.chat import translated
from llm.openai import ERRORS, staying

GROQ: Final = "https://api.groq.com"
LOCAL: Final = "local"
HEARING: Final = {
    "groq": "whisper-large-v3-turbo",
    "openai": "gpt-transcribe",
    "local": "whisper-1",
}
SEEING: Final = {
    "groq": "meta-llama/llama-4-scout-17b-16e-instruct",
    "openai": "gpt-6-luna",
    "local": "llava",
}
"""The usual model of each; ids are data, providers retire them."""
LOOK: Final = (
    "Describe en una o dos frases, en español y sin inventar, lo que muestra esta imagen que un"
    " cliente envió a una tienda. Si es un comprobante de pago o transferencia, di el monto, la"
    " fecha, el banco y el número de operación que se lean. Si no se distingue, dilo así."
)
LONGEST: Final = 300
Paid: TypeAlias = Callable[[Sense, str], Sense]


@dataclass(frozen=True, slots=True)
class Hearing:
    """Asks for the segments' probabilities; a model that refuses once is not asked again."""

    client: openai.AsyncOpenAI
    model: str
    provider: str
    plain: set[str] = field(default_factory=set)

    async def read(self, file: File) -> Sensed:
        wanted: dict[str, Any] = {
            "model": self.model,
            "file": (f"voice.{_suffix(file.mime)}", file.data, file.mime),
            "language": (file.locale or "es")[:2],
        }
        create = self.client.audio.transcriptions.create
        with translated(ERRORS):
            if self.model not in self.plain:
                with suppress(openai.BadRequestError):
                    return self._sensed(await create(**wanted, response_format="verbose_json"))
            answer = await create(**wanted)
            self.plain.add(self.model)  # it was the way of asking, not the recording
            return self._sensed(answer)

    def _sensed(self, answer: Any) -> Sensed:  # noqa: ANN401  the SDK's own union
        use = _use(self.provider, self.model, getattr(answer, "usage", None))
        use = replace(use, seconds=use.seconds or _number(answer, "duration") or None)
        text = str(getattr(answer, "text", "") or "").strip()
        if not text:
            raise ModelEmpty("nothing was heard", use)
        return Sensed(text, confidence(answer), use)

    async def close(self) -> None:
        await self.client.close()


def _use(provider: str, model: str, usage: Any) -> Use:  # noqa: ANN401  each SDK call has its own
    """Of tokens, or of seconds; a server of the shop's own costs nothing."""
    read = _number(usage, "input_tokens") or _number(usage, "prompt_tokens")
    written = _number(usage, "output_tokens") or _number(usage, "completion_tokens")
    free = 0 if provider == LOCAL else None
    tokens = Usage(int(read), int(written))
    return Use(provider, model, tokens, _number(usage, "seconds") or None, free)


def confidence(answer: Any) -> float | None:  # noqa: ANN401  the SDK's own union
    """https://github.com/openai/whisper: `avg_logprob` of a segment, and whether anybody spoke."""
    segments: Sequence[Any] = getattr(answer, "segments", None) or ()
    sure = [
        math.exp(min(_number(one, "avg_logprob"), 0.0)) * (1 - _number(one, "no_speech_prob"))
        for one in segments
    ]
    return sum(sure) / len(sure) if sure else None


def _number(told: Any, name: str) -> float:  # noqa: ANN401  an object of one SDK, a dict of another
    found = told.get(name) if isinstance(told, dict) else getattr(told, name, None)
    return float(found or 0.0)


def _suffix(mime: str) -> str:
    """Servers look at the name to know how to decode it."""
    kind = mime.partition(";")[0].partition("/")[2] or "ogg"
    return {"mpeg": "mp3", "x-m4a": "m4a", "mp4": "m4a", "opus": "ogg"}.get(kind, kind)


@dataclass(frozen=True, slots=True)
class Seeing:
    client: openai.AsyncOpenAI
    model: str
    provider: str

    async def read(self, file: File) -> Sensed:
        picture = f"data:{file.mime};base64,{b64encode(file.data).decode()}"
        content = [
            {"type": "text", "text": LOOK},
            {"type": "image_url", "image_url": {"url": picture}},
        ]
        with translated(ERRORS):
            create: Any = self.client.chat.completions.create
            answer = await create(
                model=self.model,
                messages=[{"role": "user", "content": content}],
                max_completion_tokens=LONGEST,
            )
            text = (answer.choices[0].message.content or "").strip()
        use = _use(self.provider, self.model, answer.usage)
        if not text:
            raise ModelEmpty("nothing was seen", use)
        return Sensed(text, use=use)

    async def close(self) -> None:
        await self.client.close()


def open_hearing(
    media: MediaSettings, groq: GroqSettings, openai_settings: OpenAISettings, paid: Paid
) -> Sense | None:
    """A server of the shop's own costs nothing; before the others comes the day's budget."""
    name = chosen(media.hearing, media, groq, openai_settings)
    if name is None:
        return None
    client = _client(name, media, groq, openai_settings)
    hearing = Hearing(client, media.hearing_model or HEARING[name], name)
    return hearing if name == LOCAL else paid(hearing, hearing.model)


def open_seeing(
    media: MediaSettings, groq: GroqSettings, openai_settings: OpenAISettings, paid: Paid
) -> Sense | None:
    name = chosen(media.seeing, media, groq, openai_settings)
    if name is None:
        return None
    client = _client(name, media, groq, openai_settings)
    seeing = Seeing(client, media.seeing_model or SEEING[name], name)
    return seeing if name == LOCAL else paid(seeing, seeing.model)


def chosen(
    wanted: str, media: MediaSettings, groq: GroqSettings, openai_settings: OpenAISettings
) -> str | None:
    """`auto` is the first that is configured."""
    usable = {
        "groq": groq.key is not None,
        "openai": openai_settings.key is not None,
        "local": media.url is not None,
    }
    if wanted != "auto":
        return wanted if usable.get(wanted) else None
    return next((name for name, can in usable.items() if can), None)


def _client(
    name: str, media: MediaSettings, groq: GroqSettings, openai_settings: OpenAISettings
) -> openai.AsyncOpenAI:
    match name:
        case "groq":
            key, base = groq.key, f"{(groq.base_url or GROQ).rstrip('/')}/openai/v1"
        case "openai":
            key, base = openai_settings.key, openai_settings.base_url or ""
        case _:
            key, base = media.key, media.url or ""
    secret = key.get_secret_value() if key else "none"
    return openai.AsyncOpenAI(
        api_key=secret, base_url=base or None, timeout=media.wait_s, max_retries=1,
        http_client=staying(),
    )  # fmt: skip
