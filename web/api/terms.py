"""The shop's dictionary, and the field catalogue of its own tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field
from sqlalchemy import select

from config.shapes import Term
from knowledge import deciding
from knowledge.dictionary import named_term
from knowledge.wording import DEFINITION, EXAMPLE, EXAMPLES, NEVER, OTHER, SYNONYMS, WORD
from store.dictionary import DictionaryTerm
from store.session import WriteSession
from web.api.house import ROOT, House
from web.api.problems import Problem
from web.api.shapes import NO_NUL, SAYS, Body, IfMatch, IfNoneMatch, Listed, Moment, Paging, Shown
from web.api.versions import matches, shown, tagged
from web.permissions import Perm
from web.routing import Route

NAME = Annotated[str, Field(min_length=1, max_length=WORD, pattern=SAYS)]
SAYING = Annotated[str, Field(min_length=1, max_length=EXAMPLE, pattern=SAYS)]
OF = Annotated[str, Field(max_length=OTHER, pattern=NO_NUL)]
TERM: dict[str, Any] = {
    "definition": "Mil pesos",
    "category": "dinero",
    "synonyms": ["luca", "lucas"],
    "examples": ["¿a cuántas lucas la mochila?"],
}


class TermChange(Body):
    """`table` and `field` name a column of the field catalogue; `never` are words that no answer
    says."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [TERM]})

    definition: Annotated[str, Field(min_length=1, max_length=DEFINITION, pattern=SAYS)]
    category: OF = ""
    table: OF | None = None
    field: OF | None = None
    synonyms: list[NAME] = Field([], max_length=SYNONYMS)
    examples: list[SAYING] = Field([], max_length=EXAMPLES)
    never: list[NAME] = Field([], max_length=NEVER)


class NewTerm(TermChange):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"word": "mil pesos", **TERM}]}
    )

    word: NAME


class TermShown(Shown):
    id: UUID
    word: str
    definition: str
    category: str
    table: str | None = Field(validation_alias="related_table")
    field: str | None = Field(validation_alias="related_field")
    synonyms: list[str]
    examples: list[str]
    never: list[str]
    active: bool
    origin: str
    updated_at: Moment


class TermsWanted(Paging):
    active: bool | None = None
    category: OF | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    house: House

    def routes(self) -> Sequence[Route]:
        route, many, one = self.house.route, "/terms", "/terms/{term}"
        read, write = Perm.TERM_READ, Perm.TERM_WRITE
        return [
            route("GET", many, self.list_terms, read, Listed[TermShown]),
            route("POST", many, self.create_term, write, TermShown, status_code=201),
            route("GET", one, self.get_term, read, TermShown),
            route("PUT", one, self.replace_term, write, TermShown),
            route("DELETE", one, self.remove_term, write, status_code=204),
        ]

    async def list_terms(self, wanted: Annotated[TermsWanted, Query()]) -> Response:
        """The dictionary in the order of its words; removed ones are not active."""
        row, house = DictionaryTerm, self.house
        query = select(row).where(row.shop_id == house.shop)
        if wanted.active is not None:
            query = query.where(row.active.is_(wanted.active))
        if wanted.category is not None:
            query = query.where(row.category == wanted.category)
        async with house.store.tenant(house.shop) as session:
            rows, cursor = await house.page(session, query, (row.folded,), wanted, rising=True)
        items = [TermShown.model_validate(one) for one in rows]
        return shown(Listed(items=items, next_cursor=cursor))

    async def create_term(self, request: Request, given: NewTerm) -> Response:
        """A word with what it means here."""
        which = named_term(self.house.shop, given.word)
        async with self.house.store.tenant(self.house.shop) as session:
            known = await session.get(DictionaryTerm, (self.house.shop, which))
        if known is not None and known.active:
            raise Problem("conflict", f"The dictionary has «{known.word}» already.")
        made = await self._write(request, given.word, given, "term.created")
        answer = tagged(made, status=201)
        answer.headers["Location"] = f"{ROOT}/terms/{made.id}"
        return answer

    async def get_term(self, term: UUID, if_none_match: IfNoneMatch = None) -> Response:
        """One word, with its ETag."""
        return tagged(await self._read(term), if_none_match)

    async def replace_term(
        self, request: Request, term: UUID, given: TermChange, if_match: IfMatch = None
    ) -> Response:
        """What it means from now on. Needs If-Match."""
        before = await self._read(term)
        matches(before, if_match)
        return tagged(await self._write(request, before.word, given, "term.changed"))

    async def remove_term(self, request: Request, term: UUID, if_match: IfMatch = None) -> Response:
        """Switched off, so that its pack does not bring it back. Needs If-Match."""
        house, before = self.house, await self._read(term)
        matches(before, if_match)
        async with house.together() as one:
            await deciding.switch_off(one.store, house.shop, before.word, house.clock())
            await one.tell(request, "term.removed", f"term:{term}")
        return Response(status_code=204)

    async def _write(
        self, request: Request, word: str, given: TermChange, action: str
    ) -> TermShown:
        house = self.house
        told = given.model_dump(exclude={"word"})
        told |= {name: tuple(told[name]) for name in ("synonyms", "examples", "never")}
        term = Term.model_construct(word=word, **told)
        async with house.together() as one:
            tidy = await deciding.write(one.store, house.shop, term, house.clock())
            which = named_term(house.shop, tidy.word)
            await one.tell(request, action, f"term:{which}", {"word": tidy.word})
        return await self._read(which)

    async def _read(self, which: UUID) -> TermShown:
        async with self.house.store.tenant(self.house.shop) as session:
            return TermShown.model_validate(await self._found(session, which))

    async def _found(self, session: WriteSession, which: UUID) -> DictionaryTerm:
        """Raises Problem."""
        found = await session.get(DictionaryTerm, (self.house.shop, which))
        if found is None:
            raise Problem("not_found")
        return found
