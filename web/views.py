"""The lists that a person keeps under a name, of a page whose address holds its filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from fastapi import Request

from store import views
from store.session import ReadSession
from text.folding import clean
from web.identity import identity_of
from web.permissions import Perm

LONGEST: Final = 200
NAMED: Final = 40


@dataclass(frozen=True, slots=True)
class Page:
    """`filters` are the words of its address that a view keeps, and what each says when it asks for
    nothing."""

    needs: Perm
    filters: Mapping[str, str]


def _page(needs: Perm, *filters: str, **usual: str) -> Page:
    return Page(needs, dict.fromkeys(filters, "") | usual)


PAGES: Final[Mapping[str, Page]] = {
    "/conversaciones": _page(
        Perm.CONVERSATION_READ,
        "canal", "intencion", "venta", "nota", "desde", "hasta", "etiqueta", "buscar",
        ver="todas",
    ),
    "/ejemplos": _page(
        Perm.EXAMPLE_READ,
        "venta", "corregido", "nota", "intencion", "origen", "estado", "desde", "hasta", "q",
    ),
    "/clientes": _page(Perm.CUSTOMER_READ, "q"),
    "/catalogo": _page(Perm.CATALOGUE_READ, "busca", "estado"),
    "/admin/trazas": _page(Perm.TRACE_READ, "conversacion", ver="todas"),
    "/admin/auditoria": _page(Perm.AUDIT_READ, "quien", "que", "desde", "hasta"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    id: UUID
    name: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Views:
    """`query` is what the page shows now, without the question mark."""

    page: str
    query: str
    kept: Sequence[Kept] = ()

    @property
    def fresh(self) -> bool:
        """Whether what is shown can be kept, and is not yet."""
        return bool(self.query) and not any(one.current for one in self.kept)

    @property
    def full(self) -> bool:
        return len(self.kept) >= views.MOST


async def of_page(
    session: ReadSession, request: Request, page: str, asked: Mapping[str, str] | None = None
) -> Views | None:
    """Nobody's own without an account: the shop's key is one for all who hold it."""
    who = identity_of(request)
    if who.person is None:
        return None
    query = address(page, request.query_params if asked is None else asked)
    found = await views.of_person(session, who.shop, who.person, page)
    kept = [(one, address(page, one.query)) for one in found]
    return Views(
        page, query, [Kept(one.id, one.name, f"{page}?{its}", its == query) for one, its in kept]
    )


def filters(page: str, asked: Mapping[str, str]) -> dict[str, str]:
    """What a page knows of it, as far as it asks for something."""
    told = {name: clean(asked.get(name, ""), LONGEST).strip() for name in PAGES[page].filters}
    return {
        name: value for name, value in told.items() if value not in {"", PAGES[page].filters[name]}
    }


def address(page: str, asked: Mapping[str, str]) -> str:
    return urlencode(filters(page, asked))


def read(page: str, query: str) -> dict[str, str]:
    return filters(page, dict(parse_qsl(query, max_num_fields=40)))
