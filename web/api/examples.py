"""What the bot learns from: captured answers and written ones, judged, corrected, left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import AliasChoices, BeforeValidator, ConfigDict, Field
from pydantic.config import JsonDict
from sqlalchemy import select, text

from evaluation.selling import Desk
from events.happened import named
from knowledge.prompt import own_recognisers
from learning.correcting import Proposed
from learning.lessons import Lesson, Teacher
from nlu.parse import parser_of
from store.filters import FILTERS
from store.ml import TrainingData
from web import examples
from web.api.house import ROOT, House, by_whom
from web.api.improvements import Improvements
from web.api.problems import Problem
from web.api.shapes import Body, IfNoneMatch, Listed, Moment, Money, Paging, Prose, Shown, Word
from web.api.versions import shown, tagged
from web.identity import actor_of
from web.permissions import Perm
from web.routing import Route

Filter = Literal["sold", "corrected", "good", "accepted", "excluded", "unknown"]
HAND = "hand"
SHIPPING: JsonDict = {"question": "¿hacen envíos a Punta Arenas?", "answer": "Sí, a todo Chile."}


class NewExample(Body):
    """A question with the answer it should get, and what else was known: it is kept for people.
    `pregunta`, `respuesta`, `intencion`, `contexto` are other names. With an `external_id` of yours
    it can be said anew by it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [SHIPPING]})

    question: Prose = Field(validation_alias=AliasChoices("question", "pregunta"))
    context: Prose | None = Field(None, validation_alias=AliasChoices("context", "contexto"))
    answer: Prose = Field(validation_alias=AliasChoices("answer", "respuesta"))
    intent: Word | None = Field(None, validation_alias=AliasChoices("intent", "intencion"))
    external_id: Word | None = None
    accepted: bool = True


class ExampleChange(Body):
    """A better answer, which is checked as every improvement is. `sure`: you vouch for facts that
    no source of the shop holds. The question stays as it was asked."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"answer": "Sí, en 3 a 5 días."}]}
    )

    answer: Prose = Field(validation_alias=AliasChoices("answer", "respuesta"))
    sure: bool = False


class Outcome(Body):
    """Whether a conversation sold, and for how much."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"converted": True, "amount": {"amount": "24990", "currency": "CLP"}}]
        },
    )

    converted: bool
    amount: Money | None = None


class OutcomeShown(Shown):
    """`message` is the answer that led there."""

    conversation: UUID
    message: UUID
    converted: bool
    amount: Money | None


def _note(context: Mapping[str, Any]) -> str | None:
    return context.get("note")


class ExampleShown(Shown):
    """`correction` is what a person said is better; `allowed` what one said of learning from it;
    `context` what a person wrote beside it."""

    id: UUID
    conversation_id: UUID
    question: str = Field(validation_alias="user_message")
    answer: str = Field(validation_alias="bot_response")
    correction: str | None
    context: Annotated[str | None, BeforeValidator(_note)]
    intent: str
    category: str
    confidence: float
    locale: str
    origin: str
    author: str
    model: str
    quality_score: int | None
    stars: int | None
    converted: bool = Field(validation_alias="is_successful")
    rejected: bool
    allowed: bool | None
    created_at: Moment


class ExamplesWanted(Paging):
    """`q` are words of the question, the answer or its correction, looked for in the newest 5,000
    that the other filters leave."""

    filter: Filter | None = None
    intent: Word | None = None
    q: Word | None = None
    sort: Literal["created_at", "-created_at"] = "-created_at"


@dataclass(frozen=True, slots=True)
class Examples:
    house: House
    improvements: Improvements

    def routes(self) -> Sequence[Route]:
        route, many = self.house.route, "/training/conversations"
        one, outcome = f"{many}/{{example}}", "/conversations/{conversation}/outcome"
        read, write, shape = Perm.EXAMPLE_READ, Perm.EXAMPLE_WRITE, ExampleShown
        return [
            route("POST", many, self.create_example, write, shape, status_code=201),
            route("GET", many, self.list_examples, read, Listed[ExampleShown]),
            route("PUT", many, self.put_example, write, shape),
            route("GET", one, self.get_example, read, shape),
            route("PUT", one, self.change_example, write, shape),
            route("DELETE", one, self.leave_out_example, write, status_code=204),
            route("PUT", outcome, self.set_outcome, Perm.CONVERSATION_WRITE, OutcomeShown),
        ]

    async def create_example(self, request: Request, given: NewExample) -> Response:
        """Written by hand: masked, and learned from as soon as it is accepted. The same lesson
        again is the same example."""
        made = await self._written(request, given)
        place = f"{ROOT}/training/conversations/{made.id}"
        return shown(made, 201, {"Location": place})

    async def put_example(self, request: Request, given: NewExample) -> Response:
        """The one of an `external_id`: what it said before is left out from now on."""
        if given.external_id is None:
            raise Problem("refused", "Without an id in the address external_id is needed.")
        return shown(await self._written(request, given))

    async def list_examples(self, wanted: Annotated[ExamplesWanted, Query()]) -> Response:
        """Answers to learn from, the newest first: those that sold, were corrected, are good (4 or
        more), accepted or excluded by a person, or found no answer (unknown)."""
        row, house = TrainingData, self.house
        kinds: list[Any] = [text(f"({FILTERS[wanted.filter]})")] if wanted.filter else []
        kinds += [row.intent == wanted.intent] if wanted.intent else []
        words = [examples.said(house.shop, wanted.q, *kinds)] if wanted.q else []
        query = select(row).where(row.shop_id == house.shop, *kinds, *words)
        by, rising = (row.created_at, row.id), not wanted.sort.startswith("-")
        async with house.store.tenant(house.shop) as session:
            rows, cursor = await house.page(session, query, by, wanted, rising=rising)
        items = [ExampleShown.model_validate(one) for one in rows]
        return shown(Listed(items=items, next_cursor=cursor))

    async def get_example(self, example: UUID, if_none_match: IfNoneMatch = None) -> Response:
        """One example, with its ETag."""
        return tagged(await self._read(example), if_none_match)

    async def change_example(
        self, request: Request, example: UUID, given: ExampleChange
    ) -> Response:
        """Proposes a better answer and accepts it at once."""
        async with self.house.together() as house:
            editor = replace(self.improvements, house=house).editor(request)
            one = await editor.propose(example, Proposed(given.answer, by_whom(request)))
            await editor.accept(one["id"], sure=given.sure)
            await house.tell(request, "example.corrected", f"example:{example}")
        return shown(await self._read(example))

    async def leave_out_example(self, request: Request, example: UUID) -> Response:
        """Nothing is learned from it any more; datasets that used it say so."""
        await self._teacher(request).allow([example], accepted=False)
        return Response(status_code=204)

    async def set_outcome(self, request: Request, conversation: UUID, given: Outcome) -> Response:
        """Your word goes before everything that was found without you."""
        currency = self.house.pack.identity.currency
        amount = given.amount.units() if given.amount else None
        if given.amount and (given.amount.currency != currency or amount is None):
            raise Problem("refused", f"Amounts of this shop are in {currency}.")
        desk = Desk(self._teacher(request), currency)
        done = await desk.conclude(conversation, converted=given.converted, amount=amount)
        return shown(
            OutcomeShown(
                conversation=conversation,
                message=done.rows[0],
                converted=given.converted,
                amount=given.amount,
            )
        )

    async def _written(self, request: Request, given: NewExample) -> ExampleShown:
        teacher, house = self._teacher(request), self.house
        intents = {rule.name for rule in house.pack.intents}
        if given.intent is not None and given.intent not in intents:
            raise Problem("refused", f"There is no intent {given.intent!r}.")
        whose = f"api:{given.external_id}" if given.external_id else ""
        lesson = Lesson(given.question, given.answer, given.intent or "", given.context or "")
        done = await teacher.add([lesson], origin=HAND, accepted=given.accepted, whose=whose)
        which = done.rows[0] if done.rows else self._named(teacher, lesson)
        if given.external_id is not None:
            await self._only(teacher, whose, which)
        return await self._read(which)

    def _named(self, teacher: Teacher, lesson: Lesson) -> UUID:
        """The id of a lesson that was there before."""
        asked, answered = teacher.masked(lesson.question, lesson.answer)
        return named("lesson", str(self.house.shop), asked, answered)

    async def _only(self, teacher: Teacher, whose: str, which: UUID) -> None:
        nobody, row = named("library", str(self.house.shop), whose), TrainingData
        query = select(row.id).where(
            row.shop_id == self.house.shop, row.conversation_id == nobody, row.id != which
        )
        async with self.house.store.tenant(self.house.shop) as session:
            others = list(await session.scalars(query.limit(100)))
        if others:
            await teacher.allow(others, accepted=False)

    def _teacher(self, request: Request) -> Teacher:
        house = self.house
        own, parser = own_recognisers(house.pack), parser_of(house.pack)
        by, at, actor = by_whom(request), house.clock(), actor_of(request)
        return Teacher(house.store, house.shop, by, at, parser, own, actor=actor)

    async def _read(self, which: UUID) -> ExampleShown:
        """Raises Problem."""
        async with self.house.store.tenant(self.house.shop) as session:
            found = await session.get(TrainingData, (self.house.shop, which))
        if found is None:
            raise Problem("not_found")
        return ExampleShown.model_validate(found)
