"""Examples that a seller writes, brings in a file, or corrects."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import File, Form, Request, UploadFile
from fastapi.responses import Response

from learning.correcting import CheckFailed, CorrectionRefused, Proposed
from learning.grading import ReplyUnknown
from learning.incoming import LONGEST, MOST, read
from learning.lessons import Lesson
from web import examples
from web.importing import Imports
from web.limits import soon
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route
from web.teaching import Lectern, back

HERE: Final = "/ejemplos"
SHOWN: Final = 50
PATIENCE_S: Final = 20.0


@dataclass(frozen=True)
class Lessons:
    pages: Pages
    lectern: Lectern
    imports: Imports
    shop_name: str

    def routes(self) -> Sequence[Route]:
        edit = f"{HERE}/{{row}}/editar"
        return [
            Route("GET", f"{HERE}/nuevo", self.blank, Perm.EXAMPLE_WRITE),
            Route("POST", f"{HERE}/nuevo", self.write, Perm.EXAMPLE_WRITE),
            Route("GET", f"{HERE}/importar", self.choose, Perm.EXAMPLE_WRITE),
            Route("POST", f"{HERE}/importar", self.preview, Perm.EXAMPLE_WRITE),
            Route("POST", f"{HERE}/importar/aplicar", self.apply, Perm.EXAMPLE_WRITE),
            Route("GET", edit, self.edit, Perm.EXAMPLE_WRITE),
            Route("POST", edit, self.propose, Perm.EXAMPLE_WRITE),
            Route("POST", f"{edit}/guardar", self.accept, Perm.EXAMPLE_WRITE),
        ]

    async def blank(self, request: Request) -> Response:
        return self._form(request)

    async def write(
        self,
        request: Request,
        pregunta: Annotated[str, Form(max_length=LONGEST)] = "",
        respuesta: Annotated[str, Form(max_length=LONGEST)] = "",
        intencion: Annotated[str, Form(max_length=100)] = "",
    ) -> Response:
        lesson = Lesson(pregunta.strip(), respuesta.strip(), self._known(intencion))
        if not lesson.question or not lesson.answer:
            return self._form(request, lesson, error="vacio", status=422)
        teacher = self.lectern.teacher(request)
        done = await soon(teacher.add([lesson], origin="hand", accepted=True), PATIENCE_S)
        return back("", HERE, hecho=str(done.act), que="nuevo")

    async def choose(self, request: Request, error: str = "") -> Response:
        return self.pages.answer(request, "ejemplos_importar.html", error=error, most=MOST)

    async def preview(
        self,
        request: Request,
        archivo: Annotated[UploadFile | None, File()] = None,
        vendedor: Annotated[str, Form(max_length=200)] = "",
    ) -> Response:
        data = await archivo.read() if archivo else b""
        if not data.strip() or archivo is None:
            return back("", f"{HERE}/importar", error="archivo")
        name = archivo.filename or ""
        # A large file takes seconds: beside the event loop, which answers customers meanwhile.
        reading = asyncio.to_thread(read, data, name, shop=self.shop_name, seller=vendedor)
        found = await soon(reading, PATIENCE_S)
        teacher = self.lectern.teacher(request)
        named = teacher.naming(found.people)
        key, waiting = await soon(self.imports.hold(named, found, name), PATIENCE_S)
        return self.pages.answer(
            request,
            "ejemplos_vista.html",
            found=found,
            key=key,
            lessons=waiting.lessons[:SHOWN],
            count=len(waiting.lessons),
            name=name,
        )

    async def apply(
        self, request: Request, clave: Annotated[str, Form(max_length=64)] = ""
    ) -> Response:
        waiting = await soon(self.imports.take(clave), PATIENCE_S)
        if waiting is None or not waiting.lessons:
            return back("", f"{HERE}/importar", error="archivo")
        teacher = self.lectern.teacher(request)
        done = await soon(
            teacher.add(
                waiting.lessons, origin=waiting.origin, accepted=False, whose=waiting.whose
            ),
            PATIENCE_S,
        )
        shown = {"file": "archivo", "whatsapp": "whatsapp"}[waiting.origin]
        where = f"{HERE}?origen={shown}&estado=propuesto"
        return back(where, HERE, hecho=str(done.act), que="importado")

    async def edit(self, request: Request, row: UUID, error: str = "") -> Response:
        return await self._editing(request, row, error=error)

    async def propose(
        self,
        request: Request,
        row: UUID,
        texto: Annotated[str, Form(max_length=4_000)] = "",
        motivo: Annotated[str, Form(max_length=500)] = "",
    ) -> Response:
        """What would change, and what code finds in it; nothing is learned yet."""
        if not texto.strip():
            return await self._editing(request, row, texto, error="respuesta", status=422)
        editor = self.lectern.editor(request)
        try:
            proposed = Proposed(texto, editor.by, why=motivo)
            one = await soon(editor.propose(row, proposed), PATIENCE_S)
        except ReplyUnknown:
            return self.pages.missing(request, HERE)
        except CorrectionRefused:
            return await self._editing(request, row, texto, error="igual", status=422)
        return await self._editing(request, row, texto, proposal=one)

    async def accept(
        self,
        request: Request,
        row: UUID,
        propuesta: Annotated[UUID, Form()],
        seguro: Annotated[str, Form()] = "",
    ) -> Response:
        editor = self.lectern.editor(request)
        try:
            await soon(editor.accept(propuesta, sure=seguro == "si"), PATIENCE_S)
        except CheckFailed:
            return back(f"{HERE}/{row}/editar", HERE, error="revision")
        except CorrectionRefused:
            return back(f"{HERE}/{row}/editar", HERE, error="tomado")
        act = await self.lectern.teacher(request).corrected(row, propuesta)
        return back(f"{HERE}/{row}", HERE, hecho=str(act), que="corregido")

    async def _editing(
        self,
        request: Request,
        row: UUID,
        text: str = "",
        *,
        error: str = "",
        status: int = 200,
        proposal: dict[str, Any] | None = None,
    ) -> Response:
        shop = self.lectern.shop
        async with self.lectern.store.tenant(shop) as session:
            shown = await examples.one(session, shop, row)
        if shown is None:
            return self.pages.missing(request, HERE)
        return self.pages.answer(
            request,
            "corregir.html",
            status=status,
            one=shown,
            text=text or shown.answer,
            proposal=proposal,
            error=error,
        )

    def _form(
        self,
        request: Request,
        lesson: Lesson | None = None,
        *,
        error: str = "",
        status: int = 200,
    ) -> Response:
        return self.pages.answer(
            request,
            "ejemplo_nuevo.html",
            status=status,
            lesson=lesson or Lesson("", ""),
            intents=self.lectern.intents,
            error=error,
            longest=LONGEST,
        )

    def _known(self, intent: str) -> str:
        return intent if intent in self.lectern.intents else ""
