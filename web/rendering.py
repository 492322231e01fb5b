"""Templates and the files they refer to. Everything that is filled in is escaped."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from web.wording import say

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
THEMES = ("auto", "claro", "oscuro")
MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")


@cache
def static(name: str) -> str:
    """The address of a file of ours; it changes with its content, so it may be kept for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{digest}/{name}"


def decimal(number: float, digits: int = 2) -> str:
    """1234.5 → 1.234,50"""
    return f"{number:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def money(amount: int, currency: str = "CLP") -> str:
    return f"${decimal(amount, 0)}" if currency == "CLP" else f"{currency} {decimal(amount, 0)}"


def moment(at: datetime) -> str:
    """As a page without JavaScript shows it; with it, pages show the visitor's own time."""
    at = at.astimezone(UTC)
    return f"{at.day} {MONTHS[at.month - 1]}, {at:%H:%M} UTC"


def environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals["static"] = static
    env.filters |= {"decimal": decimal, "money": money, "moment": moment, "say": say}
    return env


@dataclass(frozen=True, slots=True)
class Pages:
    """`shared` is known to every template."""

    shared: Mapping[str, Any]
    env: Environment = field(default_factory=environment)

    def html(self, template: str, **values: Any) -> str:  # noqa: ANN401  what a template shows
        return self.env.get_template(template).render(**self.shared, **values)

    def answer(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        **values: Any,  # noqa: ANN401  what a template shows
    ) -> HTMLResponse:
        theme = request.cookies.get("tema", "auto")
        theme = theme if theme in THEMES else "auto"
        html = self.html(template, theme=theme, path=request.url.path, **values)
        headers = {"Vary": "HX-Request, HX-Target, Cookie", "Cache-Control": "private, no-cache"}
        return HTMLResponse(html, status, headers)


def is_part(request: Request, target: str) -> bool:
    """Whether htmx asks for this element of the page alone."""
    return request.headers.get("hx-target", "").partition("#")[2] == target
