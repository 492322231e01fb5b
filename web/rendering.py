"""Templates and the files they refer to. Everything that is filled in is escaped."""

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from functools import cache, lru_cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from web import checkwords, importwords, navigation
from web.amounts import FILTERS, awhile, editable, hour, moment
from web.compiling import Spoken
from web.identity import Identity, known
from web.naming import called, hinted
from web.permissions import Perm
from web.reasons import logged
from web.routing import PUBLIC, Need
from web.translating import SOURCE, Words, chosen, words
from web.wording import say

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
SENTENCES: Final = 4096
"""Kept as they are said in each language; templates have fewer."""
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


def spoken(language: Words) -> dict[str, Callable[..., Markup]]:
    """What Jinja's own do, which are handed the context: it is copied whole for each word that is
    said within a loop, and took a third of a page's time."""

    @lru_cache(maxsize=SENTENCES)
    def plain(text: str) -> Markup:
        return Markup(language.say(text)) % {}  # noqa: S704  as Jinja: a template's words

    def one(text: str, /, **filled: object) -> Markup:
        return Markup(language.say(text)) % filled if filled else plain(text)  # noqa: S704

    def many(single: str, plural: str, number: int, /, **filled: object) -> Markup:
        found = language.count(single, plural, number)
        return Markup(found) % {"num": number, **filled}  # noqa: S704

    return {"_": one, "gettext": one, "ngettext": many}


@cache
def environment(locale: str, zone: tzinfo = UTC) -> Environment:
    """`zone` is the shop's clock."""
    env = Spoken(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    known_words = words(locale)
    env.install_gettext_callables(known_words.say, known_words.count, newstyle=True)  # type: ignore[attr-defined]
    told = spoken(known_words)
    env.said = {"_": told["_"], "static": static}
    env.globals |= {"static": static, "locale": locale} | told
    env.filters |= {name: partial(filled, locale=locale) for name, filled in FILTERS.items()}
    env.filters["moment"] = partial(moment, zone=zone, locale=locale)
    env.filters["hour"] = partial(hour, zone=zone)
    env.filters["logged"] = partial(logged, locale)
    env.filters["editable"] = editable
    env.filters["awhile"] = awhile
    env.filters["called"] = partial(called, known_words)
    env.filters["hinted"] = partial(hinted, known_words)
    env.filters["checked"] = partial(checkwords.told, known_words)
    env.filters["probed"] = partial(checkwords.named, known_words)
    env.filters["imported"] = partial(imported, known_words)
    env.filters["say"] = lru_cache(SENTENCES)(lambda code, kind: known_words.say(say(code, kind)))
    return env


@dataclass(slots=True)
class Pages:
    """`shared` is known to every template, `zone` is the shop's clock; `paths` are the pages that
    are mounted, `opened` those that each need opens."""

    shared: Mapping[str, Any]
    zone: tzinfo = UTC
    paths: frozenset[str] = field(default_factory=frozenset)
    opened: Mapping[Need, frozenset[str]] = field(default_factory=dict)

    def offers(self, needs: Mapping[str, Need]) -> None:
        self.paths = frozenset(needs)
        ordered = sorted(needs, key=needs.__getitem__)
        self.opened = {
            need: frozenset(paths) for need, paths in groupby(ordered, key=needs.__getitem__)
        }

    def ways(self, request: Request) -> frozenset[str]:
        """The pages that whoever looks may go to."""
        who = known(request)
        return frozenset().union(
            *(
                paths
                for need, paths in self.opened.items()
                if need == PUBLIC or (who is not None and who.may(Perm(need)))
            )
        )

    def html(self, template: str, *, locale: str = SOURCE, **values: Any) -> str:  # noqa: ANN401  what a template shows
        return environment(locale, self.zone).get_template(template).render(**self.shared, **values)

    def answer(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        wait_s: int = 0,
        **values: Any,  # noqa: ANN401  what a template shows
    ) -> HTMLResponse:
        """`wait_s` is after how long the same may be asked again."""
        shown = self._frame(request) | {"wait_s": wait_s} | values
        html = self.html(template, locale=locale_of(request), **shown)
        headers = {
            "Vary": "HX-Request, HX-Target, Cookie, Accept-Language",
            "Cache-Control": "private, no-cache",
        }
        headers |= {"Retry-After": str(wait_s)} if wait_s else {}
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
        who = known(request)
        theme = request.cookies.get("tema") or (who.theme if who else None)
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
