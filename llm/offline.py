"""The model that needs no key and no network: catalogue rows and pack answers in sentences.

It never invents: every figure comes from a source, and without a source it says that it does not
know.
"""

from dataclasses import dataclass, replace
from typing import Final

from llm.base import Completion, Request
from llm.speaking import Speaker, Told

OFFLINE: Final = "offline"
RULES: Final = "rules"


@dataclass(frozen=True, slots=True)
class OfflineModel:
    name: str = OFFLINE
    model: str = RULES

    async def complete(self, request: Request) -> Completion:
        told = tell(request)
        return Completion(told.text, self.name, self.model, used=told.used)

    async def close(self) -> None:
        """Nothing is open."""


def tell(request: Request) -> Told:
    """The same request always in the same words."""
    return _in_turn(request) if request.parts else Speaker(request).tell()


def _in_turn(request: Request) -> Told:
    """An answer to each question, in their order: greeted once, nothing told twice, and asked to
    buy at the end."""
    speakers = [Speaker(replace(part, acts=_business(part))) for part in request.parts]
    told = [speaker.tell() for speaker in speakers]
    said: list[str] = []
    closing = ""
    for speaker, one in zip(speakers, told, strict=True):
        text, close = one.text, speaker.say("close")
        if close and text.endswith(close):
            text, closing = text.removesuffix(close), close
        said += _news(text, said, speaker.request)
    if said and closing and not _asks(said, speakers):
        said.append(closing)
    greeting = Speaker(request).say("hello") if "greet" in request.acts else ""
    used = dict.fromkeys(name for one in told for name in one.used)
    return Told(greeting + "\n\n".join(said), tuple(used))


def _business(part: Request) -> tuple[str, ...]:
    return tuple(act for act in part.acts if act != "greet")


def _news(text: str, said: list[str], part: Request) -> list[str]:
    """The paragraphs of a part, without what an earlier one has told."""
    for source in part.sources:
        if source.kind == "answer" and source.text and any(source.text in one for one in said):
            text = text.replace(source.text, "")
    paragraphs = (paragraph.strip() for paragraph in text.split("\n\n"))
    return [paragraph for paragraph in paragraphs if paragraph and paragraph not in said]


def _asks(said: list[str], speakers: list[Speaker]) -> bool:
    """Whether the customer is asked something already."""
    confirms = {speaker.say("confirm") for speaker in speakers} - {""}
    return said[-1].endswith("?") or any(one in text for one in confirms for text in said)
