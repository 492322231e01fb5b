"""What somebody looks for among the conversations, as the address of the page says it."""

from datetime import date
from typing import Final, get_args
from urllib.parse import urlencode

from fastapi import Request

from text.folding import clean
from web.inbox import Wanted
from web.tabs import Tab

SHORT: Final = 80
STARS: Final = 5
TABS: Final[tuple[Tab, ...]] = get_args(Tab)


def wanted_of(request: Request) -> Wanted:
    """A filter that says nothing we know is none: a form sends empty ones too."""
    asked = request.query_params

    def word(name: str) -> str:
        return plain(asked.get(name, ""))

    below = word("nota")
    return Wanted(
        tab=next((tab for tab in TABS if tab == word("ver")), "todas"),
        channel=word("canal"),
        category=word("intencion"),
        sale=word("venta") == "si",
        below=int(below) if below in map(str, range(2, STARS + 1)) else 0,
        since=_day(word("desde")),
        until=_day(word("hasta")),
        label=word("etiqueta"),
        words=word("buscar"),
    )


def query_of(wanted: Wanted, **changed: str) -> str:
    """With the question mark, where there is anything to say."""
    given = {
        "ver": "" if wanted.tab == "todas" else wanted.tab,
        "canal": wanted.channel,
        "intencion": wanted.category,
        "venta": "si" if wanted.sale else "",
        "nota": str(wanted.below or ""),
        "desde": wanted.since.isoformat() if wanted.since else "",
        "hasta": wanted.until.isoformat() if wanted.until else "",
        "etiqueta": wanted.label,
        "buscar": wanted.words,
    } | changed
    filled = urlencode({name: value for name, value in given.items() if value})
    return f"?{filled}" if filled else ""


def plain(written: str) -> str:
    """Without what no text of a database can hold."""
    return clean(written, SHORT).strip()


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
