"""What a page's own style sheets say about the classes it uses."""

import re
from functools import cache

from httpx2 import Response

from web.rendering import HERE, STATIC

BUDGET = 25_000
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SELECTOR = re.compile(r"([^{};]+)\{")
NAMED = re.compile(r"\.([a-z][\w-]*)", re.IGNORECASE)
LOADED = re.compile(r'<link rel="stylesheet" href="/static/\w+/(\w+\.css)">')
NAMED_BY = re.compile(r"""static\('([\w-]+\.css)'\)|extends "([\w-]+\.html)\"""")
WORN = re.compile(r'\sclass="([^"]*)"')


@cache
def defined(sheet: str) -> frozenset[str]:
    """The classes that a sheet says anything about."""
    text = COMMENT.sub("", (STATIC / sheet).read_text())
    return frozenset(name for found in SELECTOR.findall(text) for name in NAMED.findall(found))


@cache
def weight(sheet: str) -> int:
    return len((STATIC / sheet).read_bytes())


def sheets(template: str) -> list[str]:
    """What a template loads, and what it stands on."""
    found = NAMED_BY.findall((HERE / "templates" / template).read_text())
    below = [sheet for _, under in found if under for sheet in sheets(under)]
    return [*below, *(sheet for sheet, _ in found if sheet)]


def loaded(page: str) -> list[str]:
    return LOADED.findall(page)


def undressed(page: str) -> set[str]:
    """Classes of the page that some sheet of ours dresses, and none that it loads."""
    worn = {name for names in WORN.findall(page) for name in names.split()}
    dressed = {name for sheet in loaded(page) for name in defined(sheet)}
    known = {name for sheet in STATIC.glob("*.css") for name in defined(sheet.name)}
    return (worn & known) - dressed


async def dressed(answer: Response) -> None:
    """For a client's hook: whatever page a test looks at is dressed for what it wears."""
    if answer.headers.get("content-type", "").startswith("text/html"):
        await answer.aread()
        page = answer.text
        if page.startswith("<!doctype"):
            assert undressed(page) == set(), answer.url
            assert sum(map(weight, loaded(page))) <= BUDGET, answer.url
            assert len(loaded(page)) == len(set(loaded(page))), answer.url
