"""The shop's words: what they mean, what customers say for them, and the fields they speak of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from config.shapes import Term
from knowledge import deciding
from knowledge.dictionary import Dictionary, named_term
from knowledge.glossary import NO_TERMS
from knowledge.wording import WordRefused, key_of
from services.clock import Clock, now
from store import fields
from store.dictionary import DictionaryTerm, suggestions_of, term_of
from store.session import ReadSession, Store
from text.folding import clean
from web.glossary import listed
from web.hands import hand_of
from web.identity import identity_of
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route
from web.security import local

HOME, FIELDS = "/glosario", "/glosario/campos"
Long = Annotated[str, Form(max_length=1000)]
Short = Annotated[str, Form(max_length=200)]


class Said(BaseModel):
    """What people say of a field."""

    significado: str = Field("", max_length=1000)
    ejemplos: str = Field("", max_length=1000)
    valores: str = Field("", max_length=1000)
    notas: str = Field("", max_length=1000)


class Written(BaseModel):
    """A word as somebody of the shop writes it down."""

    palabra: str = Field("", max_length=200)
    significado: str = Field("", max_length=1000)
    sinonimos: str = Field("", max_length=1000)
    nunca: str = Field("", max_length=1000)
    ejemplos: str = Field("", max_length=1000)
    categoria: str = Field("", max_length=200)

    def term(self, before: DictionaryTerm | None) -> Term:
        """Not looked at yet; what it speaks of stays what it was."""
        return Term.model_construct(
            word=self.palabra,
            definition=self.significado,
            synonyms=parts(self.sinonimos, ","),
            never=parts(self.nunca, ","),
            examples=parts(self.ejemplos, "\n"),
            category=self.categoria,
            table=before.related_table if before else None,
            field=before.related_field if before else None,
        )


@dataclass(frozen=True)
class Looked:
    """What is asked of the page: `given` is what somebody typed that could not be kept."""

    search: str = ""
    after: str = ""
    word: str = ""
    tried: str = ""
    given: Term | None = None
    problem: str = ""
    done: bool = False

    def address(self, after: str = "") -> str:
        """Of the list, as it is looked through."""
        asked = {"busca": self.search, "desde": after}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{HOME}?{query}" if query else HOME


@dataclass(frozen=True)
class Glossary:
    pages: Pages
    store: Store
    shop: UUID
    dictionary: Dictionary
    clock: Clock = now

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", HOME, self.show, Perm.TERM_READ),
            Route("POST", HOME, self.write, Perm.TERM_WRITE),
            Route("POST", f"{HOME}/apagar", self.switch_off, Perm.TERM_WRITE),
            Route("POST", f"{HOME}/sugerencias/{{one}}", self.decide, Perm.TERM_WRITE),
            Route("GET", FIELDS, self.columns, Perm.TERM_READ),
            Route("POST", f"{FIELDS}/{{table}}/{{column}}", self.describe, Perm.TERM_WRITE),
        ]

    async def show(
        self,
        request: Request,
        busca: str = "",
        desde: str = "",
        palabra: str = "",
        prueba: str = "",
        hecho: str = "",
    ) -> Response:
        done = hecho == "guardado"
        search, after, word = (clean(one, 100) for one in (busca, desde, palabra))
        looked = Looked(search, after, word, clean(prueba, 500), done=done)
        return await self._shown(request, looked)

    async def _shown(self, request: Request, looked: Looked) -> Response:
        async with self.store.tenant(self.shop) as session:
            found = await listed(session, self.shop, looked.search, looked.after)
            waiting = (await suggestions_of(session, self.shop))[:20]
            chosen = await self._known(session, looked.word)
        glossary = await self.dictionary.of(self.shop) if looked.tried else NO_TERMS
        return self.pages.answer(
            request,
            "glosario.html",
            status=422 if looked.problem else 200,
            found=found,
            here=looked.address(looked.after),
            first=looked.address() if looked.after else "",
            following=looked.address(found.following) if found.following else "",
            waiting=waiting,
            chosen=chosen,
            given=looked.given or chosen,
            search=looked.search,
            tried=looked.tried,
            heard=glossary.terms_in(looked.tried),
            unsaid=glossary.forbidden(looked.tried),
            problem=looked.problem,
            done=looked.done,
        )

    async def _known(self, session: ReadSession, word: str) -> DictionaryTerm | None:
        """The word that is spelt just so."""
        found = await term_of(session, self.shop, key_of(word)) if word else None
        return found if found is not None and found.word == word else None

    async def write(self, request: Request, said: Annotated[Written, Form()]) -> Response:
        async with self.store.tenant(self.shop) as session:
            before = await self._known(session, clean(said.palabra))
        term = said.term(before)
        try:
            async with self.store.together() as store:
                tidy = await deciding.write(store, self.shop, term, self.clock())
                action = "term.changed" if before else "term.created"
                await self._note(store, request, action, tidy.word)
        except WordRefused as refused:
            known = said.palabra if before else ""
            looked = Looked(word=known, given=term, problem=str(refused))
            return await self._shown(request, looked)
        return RedirectResponse(f"{HOME}?hecho=guardado", 303)

    async def switch_off(
        self, request: Request, palabra: Short, sigue: Annotated[str, Form()] = HOME
    ) -> Response:
        try:
            async with self.store.together() as store:
                await deciding.switch_off(store, self.shop, palabra, self.clock())
                await self._note(store, request, "term.removed", palabra)
        except WordRefused:
            return self.pages.missing(request, HOME)
        return RedirectResponse(local(sigue, HOME), 303)

    async def decide(
        self,
        request: Request,
        one: UUID,
        decision: Annotated[str, Form(pattern="^(si|no)$")],
        significado: Long = "",
    ) -> Response:
        by, given = identity_of(request).name, {"definition": significado} if significado else {}
        try:
            async with self.store.together() as store:
                if decision == "no":
                    word = await deciding.dismiss(store, self.shop, one, by=by)
                    await self._note(store, request, "term.dismissed", word)
                else:
                    at = self.clock()
                    term = await deciding.accept(store, self.shop, one, given, by=by, at=at)
                    await self._note(store, request, "term.accepted", term.word)
        except WordRefused as refused:
            return await self._shown(request, Looked(problem=str(refused)))
        return RedirectResponse(HOME, 303)

    async def _note(self, store: Store, request: Request, action: str, word: str) -> None:
        """At the end of what is done together."""
        hand, what = hand_of(request, self.clock()), f"term:{named_term(self.shop, word)}"
        async with store.tenant(self.shop) as session:
            await hand.note(session, action, what, word=word)

    async def columns(self, request: Request, tabla: str = "") -> Response:
        async with self.store.tenant(self.shop) as session:
            found = await fields.definitions(session, self.shop)
        tables = list(dict.fromkeys(one.table_name for one in found))
        chosen = tabla if tabla in tables else next(iter(tables), "")
        return self.pages.answer(
            request,
            "campos.html",
            tables=tables,
            chosen=chosen,
            columns=[one for one in found if one.table_name == chosen],
        )

    async def describe(
        self, request: Request, table: str, column: str, said: Annotated[Said, Form()]
    ) -> Response:
        given = {
            "description": said.significado.strip(),
            "examples": list(parts(said.ejemplos, ",")),
            "values": list(parts(said.valores, ",")),
            "notes": said.notas.strip(),
        }
        async with self.store.tenant(self.shop) as session:
            known = await fields.describe(session, self.shop, table, column, given)
            if known:
                hand, what = hand_of(request, self.clock()), f"field:{table}.{column}"
                await hand.note(session, "field.described", what, **given)
        if not known:
            return self.pages.missing(request, FIELDS)
        return RedirectResponse(f"{FIELDS}?tabla={table}#{column}", 303)


def parts(text: str, by: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(by) if part.strip())
