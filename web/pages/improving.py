"""A better answer: proposed by a person or a model, compared, checked, and learned at once."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, TypeAlias
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict

from config.packs import Pack
from knowledge.prompt import own_recognisers
from learning.correcting import CheckFailed, CorrectionRefused, Editor, Proposed
from learning.grounds import Library
from learning.proofing import Check
from llm.base import ModelError
from text.differences import differences
from text.folding import clean
from web.identity import actor_of, identity_of
from web.limits import soon
from web.permissions import Perm
from web.replies import before, of_conversation
from web.routing import Route
from web.talking import LIST, Talking

LONGEST: Final = 2_000
CHIPS: Final = ("precio", "stock", "tono", "inventó", "no entendió", "faltó un dato", "otra cosa")
NEXT: Final = {"glosario": "/glosario", "documentos": "/documentos", "catalogo": "/catalogo"}
ASK_S: Final = 30.0
Improve: TypeAlias = Callable[[Editor, UUID], Awaitable[Proposed]]


class Better(BaseModel):
    """The form: the text, what was wrong, whether a person vouches, and where to go on."""

    model_config = ConfigDict(extra="ignore")

    texto: str = ""
    mal: list[str] = []
    seguro: str = ""
    alcance: str = ""


@dataclass(frozen=True)
class Improving:
    """`links` are the sites that customers may be sent to; `improve` asks a model for better
    words, where one is there that reads prompts."""

    at: Talking
    pack: Pack
    links: tuple[str, ...] = ()
    improve: Improve | None = None
    library: Library = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "library", Library(self.at.store, self.pack, self.links))

    def routes(self) -> Sequence[Route]:
        one = f"{LIST}/{{conversation}}/respuestas/{{reply}}"
        routes = [
            Route("GET", f"{one}/mejorar", self.edit, Perm.EXAMPLE_WRITE),
            Route("POST", f"{one}/mejorar", self.save, Perm.EXAMPLE_WRITE),
            Route("POST", f"{one}/diferencia", self.compare, Perm.EXAMPLE_WRITE),
        ]
        if self.improve is not None:
            routes.append(Route("POST", f"{one}/sugerir", self.suggest, Perm.EXAMPLE_WRITE))
        return routes

    async def edit(self, request: Request, conversation: UUID, reply: UUID) -> Response:
        return await self._sheet(request, conversation, reply)

    async def compare(
        self,
        request: Request,
        conversation: UUID,
        reply: UUID,
        texto: Annotated[str, Form()] = "",
    ) -> Response:
        """What would change, while somebody types."""
        row = await self._row(conversation, reply)
        if row is None:
            return self.at.missing(request)
        diff = differences(_standing(row), clean(texto, LONGEST).strip())
        return self.at.pages.answer(request, "_diferencia.html", diff=diff)

    async def suggest(self, request: Request, conversation: UUID, reply: UUID) -> Response:
        if self.improve is None or await self._row(conversation, reply) is None:
            return self.at.missing(request)
        try:
            better = await soon(self.improve(self._editor(request), reply), ASK_S)
        except (ModelError, CorrectionRefused):
            return await self._sheet(request, conversation, reply, problem="model")
        return await self._sheet(request, conversation, reply, better.text, by=better.by)

    async def save(
        self,
        request: Request,
        conversation: UUID,
        reply: UUID,
        form: Annotated[Better, Form()],
    ) -> Response:
        """It teaches from now on, unless code finds something in it."""
        if await self._row(conversation, reply) is None:
            return self.at.missing(request)
        text, editor = clean(form.texto, LONGEST).strip(), self._editor(request)
        reasons = ", ".join(one for one in form.mal if one in CHIPS)
        try:
            one = await soon(editor.propose(reply, Proposed(text, editor.by, why=reasons)), ASK_S)
            if one["state"] == "proposed":
                await soon(editor.accept(one["id"], sure=form.seguro == "si"), ASK_S)
        except CheckFailed as error:
            checks = error.checks
            return await self._sheet(request, conversation, reply, text, checks=checks)
        except CorrectionRefused:
            return await self._sheet(request, conversation, reply, text, problem="same")
        page = NEXT.get(form.alcance, "")
        if page in self.at.pages.ways(request):
            return RedirectResponse(page, 303)
        return RedirectResponse(f"{LIST}/{conversation}#m-{reply}", 303)

    async def _sheet(  # noqa: PLR0913  what an editor stands with
        self,
        request: Request,
        conversation: UUID,
        reply: UUID,
        text: str | None = None,
        *,
        checks: Sequence[Check] = (),
        problem: str = "",
        by: str = "",
    ) -> Response:
        row = await self._row(conversation, reply)
        if row is None:
            return self.at.missing(request)
        standing = _standing(row)
        said = standing if text is None else text
        status = 422 if checks or problem == "same" else 503 if problem else 200
        return self.at.pages.answer(
            request,
            "mejorar.html",
            status=status,
            conversation=conversation,
            reply=reply,
            row=row,
            before=await before(self.at.store, self.at.shop, reply),
            standing=standing,
            text=said,
            diff=differences(standing, said),
            checks=checks,
            problem=problem,
            by=by,
            chips=CHIPS,
            nexts=[name for name, page in NEXT.items() if page in self.at.pages.ways(request)],
            suggests=self.improve is not None,
        )

    async def _row(self, conversation: UUID, reply: UUID) -> dict[str, Any] | None:
        return await of_conversation(self.at.store, self.at.shop, conversation, reply)

    def _editor(self, request: Request) -> Editor:
        by, own = identity_of(request).name, own_recognisers(self.pack)
        at, actor = self.at, actor_of(request)
        return Editor(at.store, self.library, at.shop, by, at.clock(), own, actor)


def _standing(row: dict[str, Any]) -> str:
    """What the answer says today."""
    said: str = row["correction"] or row["bot_response"]
    return said
