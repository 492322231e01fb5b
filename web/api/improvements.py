"""Better answers: proposed by people or a model, checked by code, decided by a person."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import AliasChoices, ConfigDict, Field, model_validator
from sqlalchemy import select

from knowledge.prompt import own_recognisers
from learning.correcting import Editor, Proposed, seen
from learning.grading import given as ratings_of
from learning.grading import known
from learning.grounds import Library
from learning.proofing import LONGEST
from learning.proposing import better
from llm.base import Payer
from store import corrections
from store.ratings import Correction
from web.api.house import House, by_whom
from web.api.means import Means
from web.api.problems import Problem
from web.api.shapes import SAYS, Body, Listed, Moment, Note, Paging, Shown
from web.api.versions import shown
from web.permissions import Perm
from web.routing import Route

COMMENTS = 20
EXAMPLE = "/training/conversations/{message}"


class NewImprovement(Body):
    """Your own `text` (or `respuesta`), or `ai: true` to have one proposed by a model."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"text": "Sí, la mochila azul cuesta $24.990."}]},
    )

    text: str | None = Field(
        None,
        min_length=1,
        max_length=LONGEST,
        pattern=SAYS,
        validation_alias=AliasChoices("text", "respuesta"),
    )
    ai: bool = False
    why: Note = ""

    @model_validator(mode="after")
    def proposes(self) -> Self:
        if (self.text is None) != self.ai:
            raise ValueError("either text or ai is needed")
        return self


class Decision(Body):
    """`sure`: you vouch for facts that no source of the shop holds."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"decision": "accepted"}]}
    )

    decision: Literal["accepted", "refused"]
    sure: bool = False
    why: Note = ""


class CheckShown(Shown):
    name: str
    ok: bool
    why: str


class Difference(Shown):
    change: Literal["same", "removed", "added"]
    text: str


class ImprovementShown(Shown):
    """`basis` is the answer that `text` is to replace."""

    id: UUID
    message_id: UUID = Field(validation_alias="training_id")
    question: str
    basis: str
    text: str
    diff: list[Difference]
    checks: list[CheckShown]
    origin: str
    proposed_by: str
    why: str
    state: str
    decided_by: str | None
    decided_at: Moment | None
    created_at: Moment


class ImprovementsWanted(Paging):
    state: Literal["proposed", "accepted", "refused"] | None = None


@dataclass(frozen=True, slots=True)
class Improvements:
    house: House
    means: Means | None

    def routes(self) -> Sequence[Route]:
        route, one = self.house.route, "/improvements/{improvement}"
        propose, decide = self.improve_message, self.decide_improvement
        shape, write = ImprovementShown, Perm.EXAMPLE_WRITE
        place, same = "/messages/{message}/improvements", f"{EXAMPLE}/improvements"
        return [
            route("POST", place, propose, write, shape, status_code=201),
            route("POST", same, self.improve_example, write, shape, status_code=201),
            route(
                "GET",
                "/improvements",
                self.list_improvements,
                Perm.EXAMPLE_READ,
                Listed[ImprovementShown],
            ),
            route("GET", one, self.get_improvement, Perm.EXAMPLE_READ, shape),
            route("PUT", f"{one}/decision", decide, write, shape),
        ]

    async def improve_message(
        self, request: Request, message: UUID, given: NewImprovement
    ) -> Response:
        """A better answer, with its differences and what code finds in it. Nothing is learned from
        it before somebody accepts it."""
        return shown(await self.proposed(request, message, given), 201)

    async def improve_example(
        self, request: Request, message: UUID, given: NewImprovement
    ) -> Response:
        """A better answer to an example: the same as improving the answer it was."""
        return shown(await self.proposed(request, message, given), 201)

    async def proposed(
        self, request: Request, message: UUID, given: NewImprovement
    ) -> ImprovementShown:
        editor = self.editor(request)
        said = Proposed(given.text or "", by_whom(request), why=given.why)
        wanted = await self._asked(editor, message) if given.ai else said
        one = await editor.propose(message, wanted)
        return ImprovementShown.model_validate(one)

    async def list_improvements(self, wanted: Annotated[ImprovementsWanted, Query()]) -> Response:
        """Proposals, the newest first."""
        row, house = Correction, self.house
        query = select(row).where(row.shop_id == house.shop)
        if wanted.state is not None:
            query = query.where(row.state == wanted.state)
        async with house.store.tenant(house.shop) as session:
            rows, cursor = await house.page(session, query, (row.created_at, row.id), wanted)
        items = [await self._shown(one.id) for one in rows]
        return shown(Listed(items=items, next_cursor=cursor))

    async def get_improvement(self, improvement: UUID) -> Response:
        """One proposal."""
        return shown(await self._shown(improvement))

    async def decide_improvement(
        self, request: Request, improvement: UUID, given: Decision
    ) -> Response:
        """Accepted, the answer teaches from now on; refused, it never does. The first decides."""
        async with self.house.together() as house:
            editor = replace(self, house=house).editor(request)
            if given.decision == "accepted":
                await editor.accept(improvement, sure=given.sure)
            else:
                await editor.refuse(improvement, given.why)
            what = f"improvement:{improvement}"
            await house.tell(request, f"improvement.{given.decision}", what)
        return shown(await self._shown(improvement))

    def editor(self, request: Request) -> Editor:
        house = self.house
        links = self.means.settings.knowledge.links if self.means else ()
        library = Library(house.store, house.pack, links)
        own = own_recognisers(house.pack)
        return Editor(house.store, library, house.shop, by_whom(request), house.clock(), own)

    async def _asked(self, editor: Editor, message: UUID) -> Proposed:
        """By a model that reads prompts. Raises Problem."""
        if self.means is None or self.means.hosted is None:
            raise Problem("refused", "No provider of language models is configured.")
        async with self.house.store.lookup() as connection:
            row = await known(connection, editor.shop, message)
        tags = await editor.library.tags(editor.shop, message)
        grounds = await editor.library.grounds(editor.shop, row, row["bot_response"], tags)
        said = await ratings_of(self.house.store, editor.shop, message, COMMENTS)
        comments = [one["comment"] for one in said if one["comment"]]
        payer = Payer(str(editor.shop), "corrections")
        return await better(self.means.hosted, row, comments, grounds, payer=payer)

    async def _shown(self, which: UUID) -> ImprovementShown:
        """Raises Problem."""
        async with self.house.store.lookup() as connection:
            one: dict[str, Any] | None = await corrections.correction(
                connection, self.house.shop, which
            )
        if one is None:
            raise Problem("not_found")
        return ImprovementShown.model_validate(seen(one))
