"""Golden cases: what an answer must and must never say. Those of the pack are read, the shop's own
are added, changed and taken away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self
from uuid import UUID, uuid4

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field, model_validator
from sqlalchemy import select

from evaluation.cases import case_id, golden_set, seed
from evaluation.casing import CaseRefused, Source, Told, keep, of_answer
from store import evaluating
from store.app import Shop
from store.evaluations import EvalCase
from store.session import ReadSession, WriteSession
from web.api.house import ROOT, House, by_whom
from web.api.problems import Problem
from web.api.shapes import Body, IfMatch, IfNoneMatch, Listed, Moment, Paging, Shown, Word
from web.api.versions import matches, shown, tagged
from web.permissions import Perm
from web.routing import Route

Message = Annotated[
    str, Field(min_length=1, max_length=1_000, pattern=r"^[^\x00]*[^\x00\s][^\x00]*$")
]
Split = Literal["dev", "test"]


class GoldenCaseSaid(Body):
    """`messages` are the customer's, one after another; the last answer is judged. `a|b` is either;
    `unknown`: the bot has to say that it does not know."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"messages": ["¿hacen envíos a Arica?"], "must": ["sí|claro"], "never": ["gratis"]}
            ]
        },
    )

    messages: list[Message] = Field(min_length=1, max_length=20)
    must: list[Word] = Field([], max_length=20)
    never: list[Word] = Field([], max_length=20)
    intent: Word | None = None
    unknown: bool = False
    split: Split = "test"

    def told(self, by: str) -> Told:
        must, never = tuple(self.must), tuple(self.never)
        return Told(self.split, must, never, self.intent or "", self.unknown, by)


class NewGoldenCase(GoldenCaseSaid):
    """Instead of `messages`, `reply` may name an answer of ours: what led to it is asked again."""

    messages: list[Message] = Field([], max_length=20)
    reply: UUID | None = None

    @model_validator(mode="after")
    def asks(self) -> Self:
        if bool(self.messages) == (self.reply is not None):
            raise ValueError("either messages or a reply is needed")
        return self


class GoldenCaseShown(Shown):
    """`expected` is what its answer is judged by; `training_id` the answer of ours it came from."""

    id: UUID
    name: str
    origin: Literal["pack", "shop"]
    split: Split
    messages: list[str]
    expected: dict[str, Any]
    training_id: UUID | None
    added_by: str
    active: bool
    created_at: Moment


@dataclass(frozen=True, slots=True)
class Golden:
    house: House

    def routes(self) -> Sequence[Route]:
        route, many, one = self.house.route, "/golden-cases", "/golden-cases/{case}"
        read, write, shape = Perm.EVALUATION_READ, Perm.EVALUATION_WRITE, GoldenCaseShown
        return [
            route("GET", many, self.list_golden_cases, read, Listed[GoldenCaseShown]),
            route("POST", many, self.create_golden_case, write, shape, status_code=201),
            route("GET", one, self.get_golden_case, read, shape),
            route("PUT", one, self.change_golden_case, write, shape),
            route("DELETE", one, self.remove_golden_case, write, status_code=204),
        ]

    async def list_golden_cases(self, wanted: Annotated[Paging, Query()]) -> Response:
        """Those that are asked, by name: the pack's as it brings them now, and the shop's."""
        row, house = EvalCase, self.house
        async with house.store.tenant(house.shop) as session:
            set_id = golden_set(await session.get_one(Shop, house.shop), house.pack)
            if wanted.cursor is None:
                await seed(session, house.shop, set_id, house.pack)
            mine = row.shop_id == house.shop, row.set_id == set_id, row.active
            query = select(row).where(*mine)
            rows, cursor = await house.page(session, query, (row.name,), wanted, rising=True)
        items = [GoldenCaseShown.model_validate(one) for one in rows]
        return shown(Listed(items=items, next_cursor=cursor))

    async def create_golden_case(self, request: Request, given: NewGoldenCase) -> Response:
        """Personal data in its messages is masked. Of the same reply it says it anew."""
        async with self.house.store.tenant(self.house.shop) as session:
            source = await self._source(session, given)
            made = await self._kept(session, request, source, given)
        answer = tagged(made, status=201)
        answer.headers["Location"] = f"{ROOT}/golden-cases/{made.id}"
        return answer

    async def get_golden_case(self, case: UUID, if_none_match: IfNoneMatch = None) -> Response:
        """One of them, with its ETag."""
        async with self.house.store.tenant(self.house.shop) as session:
            return tagged(
                GoldenCaseShown.model_validate(await self._found(session, case)), if_none_match
            )

    async def change_golden_case(
        self, request: Request, case: UUID, given: GoldenCaseSaid, if_match: IfMatch = None
    ) -> Response:
        """One of the shop's own says something else from now on. Needs If-Match."""
        async with self.house.store.tenant(self.house.shop) as session:
            before = await self._own(session, case, if_match)
            source = Source(before.name, given.messages, before.training_id)
            old = {"expected": before.expected, "messages": before.messages}
            return tagged(await self._kept(session, request, source, given, old))

    async def remove_golden_case(
        self, request: Request, case: UUID, if_match: IfMatch = None
    ) -> Response:
        """One of the shop's own is asked no more. Needs If-Match."""
        house, was = self.house, {"active": True}
        async with house.store.tenant(house.shop) as session:
            await self._own(session, case, if_match)
            await evaluating.rest_case(session, house.shop, case)
            await house.note(session, request, "case.remove", f"case:{case}", before=was)
        return Response(status_code=204)

    async def _kept(
        self,
        session: WriteSession,
        request: Request,
        source: Source,
        given: GoldenCaseSaid,
        old: Mapping[str, Any] | None = None,
    ) -> GoldenCaseShown:
        """Raises Problem."""
        house = self.house
        shop = await session.get_one(Shop, house.shop)
        try:
            kept = await keep(session, shop, house.pack, source, given.told(by_whom(request)))
        except CaseRefused as refused:
            raise Problem("refused", f"{refused.what}. {refused.why}".strip()) from refused
        what, new = f"case:{source.name}", kept.model_dump(mode="json")
        await house.note(session, request, "case.keep", what, before=old, after=new)
        which = case_id(golden_set(shop, house.pack), source.name)
        session.expire_all()
        return GoldenCaseShown.model_validate(await self._found(session, which))

    async def _source(self, session: ReadSession, given: NewGoldenCase) -> Source:
        """Raises Problem."""
        if given.reply is None:
            return Source(f"shop:{uuid4()}", given.messages)
        found = await of_answer(session, self.house.shop, given.reply)
        if found is None:
            raise Problem("not_found")
        return found

    async def _own(
        self, session: WriteSession, which: UUID, if_match: str | None
    ) -> GoldenCaseShown:
        """Nobody else changes it meanwhile. Raises Problem."""
        found = GoldenCaseShown.model_validate(await self._found(session, which, lock=True))
        if found.origin != "shop":
            raise Problem("refused", "What the pack brings is changed in the pack.")
        matches(found, if_match)
        return found

    async def _found(self, session: WriteSession, which: UUID, *, lock: bool = False) -> EvalCase:
        """Raises Problem."""
        found = await session.get(EvalCase, (self.house.shop, which), with_for_update=lock)
        if found is None:
            raise Problem("not_found")
        return found
