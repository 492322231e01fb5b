"""Who teaches from a page, with what they need; and the way back to where they were."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from config.packs import Pack
from evaluation.selling import Desk
from knowledge.prompt import own_recognisers
from learning.correcting import Editor
from learning.grading import Grader
from learning.grounds import Library
from learning.lessons import Teacher
from nlu.parse import parser_of
from services.clock import Clock, now
from store.session import Store
from web.identity import actor_of, identity_of
from web.security import apart

PAGES: Final = (
    "/ejemplos", "/revisar", "/sin-respuesta", "/conversaciones", "/clientes", "/admin/trazas",
)  # fmt: skip
DONE: Final = {"hecho", "que", "error"}


@dataclass(frozen=True)
class Lectern:
    """`links` are the sites that customers may be sent to."""

    store: Store
    shop: UUID
    pack: Pack
    links: tuple[str, ...] = ()
    clock: Clock = now

    def teacher(self, request: Request) -> Teacher:
        who, own = identity_of(request).name, own_recognisers(self.pack)
        parser, actor = parser_of(self.pack), actor_of(request)
        return Teacher(self.store, self.shop, who, self.clock(), parser, own, actor=actor)

    def desk(self, request: Request) -> Desk:
        return Desk(self.teacher(request), self.pack.identity.currency)

    def editor(self, request: Request) -> Editor:
        library, own = Library(self.store, self.pack, self.links), own_recognisers(self.pack)
        by, actor = identity_of(request).name, actor_of(request)
        return Editor(self.store, library, self.shop, by, self.clock(), own, actor)

    def grader(self, request: Request) -> Grader:
        own = own_recognisers(self.pack)
        return Grader(self.store, self.shop, identity_of(request).name, self.clock(), "page", own)

    @asynccontextmanager
    async def together(self) -> AsyncIterator["Lectern"]:
        """All that is taught there counts with its lines in the audit, or nothing of it."""
        async with self.store.together() as store:
            yield replace(self, store=store)

    @property
    def library(self) -> Library:
        return Library(self.store, self.pack, self.links)

    @property
    def intents(self) -> list[str]:
        return [rule.name for rule in self.pack.intents]


def back(address: str, otherwise: str, **told: str) -> Response:
    """To a page of ours, with what was done there."""
    parts = apart(address)
    ours = parts.netloc == parts.scheme == "" and address.startswith(PAGES)
    path = parts.path if ours else otherwise
    query = [one for one in parse_qsl(parts.query) if one[0] not in DONE] if ours else []
    filled = urlencode([*query, *((name, value) for name, value in told.items() if value)])
    return RedirectResponse(f"{path}?{filled}" if filled else path, 303)
