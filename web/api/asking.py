"""A question, answered as a customer would be, and sent to nobody."""

import json
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Header
from fastapi.responses import Response, StreamingResponse
from pydantic import AliasChoices, ConfigDict, Field

from events.vocabulary import ReplyDrafted
from text.folding import clean
from web.api.house import House
from web.api.means import Means
from web.api.problems import Problem
from web.api.shapes import Body, Prose, Shown
from web.api.versions import shown
from web.permissions import Perm
from web.routing import Route

STREAM = "text/event-stream"
SENTENCE = re.compile(r"\S[^.!?\n]*[.!?\n]*\s*")


class Question(Body):
    """`stream`, or `Accept: text/event-stream`: sentence by sentence, each checked before."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"question": "¿hacen envíos a regiones?"}]}
    )

    question: Prose = Field(validation_alias=AliasChoices("question", "pregunta"))
    stream: bool = False


class Citation(Shown):
    kind: str
    id: str
    title: str


class AnswerShown(Shown):
    """`verdict` is what the checks of its claims came to; `trace_id` names the request."""

    answer: str
    citations: list[Citation]
    intent: str
    confidence: float
    provider: str
    model: str
    verdict: str
    latency_ms: int
    trace_id: str


@dataclass(frozen=True, slots=True)
class Asking:
    house: House
    means: Means

    def routes(self) -> Sequence[Route]:
        told = {"200": {"content": {STREAM: {"schema": {"type": "string"}}}}}
        ask = self.ask_question
        return [self.house.route("POST", "/ask", ask, Perm.BOT_ASK, AnswerShown, responses=told)]

    async def ask_question(
        self, given: Question, accept: Annotated[str, Header(max_length=1_000)] = ""
    ) -> Response:
        """What the bot would answer, with the sources of the answer."""
        question = clean(given.question).strip()
        if not question:
            raise Problem("refused", "The question says nothing.")
        draft = await self.means.ask(question)
        if draft is None:
            raise Problem("unavailable", "There is no answer now.")
        found = _shown(draft)
        if given.stream or STREAM in accept:
            headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
            return StreamingResponse(_told(found), media_type=STREAM, headers=headers)
        return shown(found)


def _shown(draft: ReplyDrafted) -> AnswerShown:
    origin = draft.generation
    names = ("intent", "confidence", "provider", "model", "verdict", "latency_ms")
    sources = [Citation(kind=one.kind, id=one.id, title=one.title) for one in origin.sources]
    return AnswerShown(
        answer=draft.text,
        citations=sources,
        trace_id=str(draft.request_id),
        **{name: getattr(origin, name) for name in names},
    )


async def _told(found: AnswerShown) -> AsyncIterator[str]:
    """Nothing leaves before it was checked as a whole, so it is told in its sentences."""
    for sentence in SENTENCE.findall(found.answer):
        yield _event("delta", {"text": sentence})
    yield _event("done", found.model_dump(mode="json"))


def _event(name: str, data: object) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
