"""Templates and the files they refer to. Everything that is filled in is escaped."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from functools import cache, partial
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from web import checkwords, importwords, navigation
from web.amounts import FILTERS, editable, hour, moment
from web.identity import Identity, known
from web.naming import called, hinted
from web.permissions import Perm
from web.reasons import logged
from web.routing import PUBLIC, Need
from web.translating import SOURCE, Words, chosen, words
from web.wording import say

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
THEMES = ("auto", "claro", "oscuro")


@cache
def static(name: str) -> str:
    """The address of a file of ours; it changes with its content, so it may be kept for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{digest}/{name}"


def imported(language: Words, text: str) -> str:
    """A sentence of the importer's, in the language of the page."""
    spanish, filled = importwords.found(text)
    return language.say(spanish) % filled


@cache
def environment(locale: str, zone: tzinfo = UTC) -> Environment:
    """`zone` is the shop's clock."""
    env = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    known_words = words(locale)
    env.install_gettext_callables(known_words.say, known_words.count, newstyle=True)  # type: ignore[attr-defined]
    env.globals |= {"static": static, "locale": locale}
    env.filters |= {name: partial(filled, locale=locale) for name, filled in FILTERS.items()}
    env.filters["moment"] = partial(moment, zone=zone, locale=locale)
    env.filters["hour"] = partial(hour, zone=zone)
    env.filters["logged"] = partial(logged, locale)
    env.filters["editable"] = editable
    env.filters["called"] = partial(called, known_words)
    env.filters["hinted"] = partial(hinted, known_words)
    env.filters["checked"] = partial(checkwords.told, known_words)
    env.filters["probed"] = partial(checkwords.named, known_words)
    env.filters["imported"] = partial(imported, known_words)
    env.filters["say"] = lambda code, kind: known_words.say(say(code, kind))
    return env


@dataclass(slots=True)
class Pages:
    """`shared` is known to every template, `zone` is the shop's clock; `paths` are the pages that
    are mounted, `needs` what each asks of whoever comes."""

    shared: Mapping[str, Any]
    zone: tzinfo = UTC
    paths: frozenset[str] = field(default_factory=frozenset)

    needs: Mapping[str, Need] = field(default_factory=dict)

    def offers(self, needs: Mapping[str, Need]) -> None:
        self.needs, self.paths = needs, frozenset(needs)

    def ways(self, request: Request) -> frozenset[str]:
        """The pages that whoever looks may go to."""
        who = known(request)
        return frozenset(
            path
            for path, need in self.needs.items()
            if need == PUBLIC or (who is not None and who.may(Perm(need)))
        )

    def html(self, template: str, *, locale: str = SOURCE, **values: Any) -> str:  # noqa: ANN401  what a template shows
        return environment(locale, self.zone).get_template(template).render(**self.shared, **values)

    def answer(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        **values: Any,  # noqa: ANN401  what a template shows
    ) -> HTMLResponse:
        shown = self._frame(request) | values
        html = self.html(template, locale=locale_of(request), **shown)
        headers = {
            "Vary": "HX-Request, HX-Target, Cookie, Accept-Language",
            "Cache-Control": "private, no-cache",
        }
        return HTMLResponse(html, status, headers)

    def missing(self, request: Request, back: str, *, status: int = 404) -> HTMLResponse:
        """Of another shop, or gone: a page does not say which."""
        return self.answer(
            request,
            "aviso.html",
            status=status,
            title="Eso no está",
            text="Puede ser de otra tienda, o haberse borrado.",
            back=back,
        )

    def _frame(self, request: Request) -> dict[str, Any]:
        """What surrounds every page: who looks, in which theme, and where they may go."""
        theme = request.cookies.get("tema", "auto")
        who = known(request)
        items = navigation.menu(who.permissions, self.paths) if who else ()
        return {
            "theme": theme if theme in THEMES else "auto",
            "path": request.url.path,
            "who": who,
            "menu": items,
            "paths": self.ways(request),
            "at_hand": navigation.at_hand(items),
            "live_from": f"{int(time.time() * 1000) - 1000}-0",
            "current": navigation.current(items, request.url.path),
        }


def locale_of(request: Request) -> str:
    """What the visitor chose here, else what their account says, else their browser."""
    who: Identity | None = known(request)
    wanted = request.cookies.get("idioma") or (who.locale if who else None)
    return chosen(wanted, request.headers.get("accept-language", ""))


def is_part(request: Request, target: str) -> bool:
    """Whether htmx asks for this element of the page alone."""
    return request.headers.get("hx-target", "").partition("#")[2] == target


def unless_known(request: Request, response: Response) -> Response:
    """304 when the browser already holds exactly this."""
    tag = f'"{hashlib.sha256(bytes(response.body)).hexdigest()[:24]}"'
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag})
    return response
