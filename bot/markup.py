"""Markdown as models write it, read into plain text and how its stretches look.

The parser only says where the markup is. We take out the signs it is made of and leave every other
character as it was written: renderers renumber lists, drop `<tags>` and line breaks, and make 532
of `5*3*2`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, Final

import pyromark

from bot.marked import Edit, Kind, Marked, Span, edited, linkable, orderly

_OPTIONS: Final = pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_STRIKETHROUGH
_SIGNS: Final = re.compile(r"[*_`~\[<#>|\\]")
_URL: Final = re.compile(rb"(?:https?://|www\.)[^\s<>]+")
_URL_TAIL: Final = b"*_~`.,;:!?)]}\"'"
_HEADING: Final = re.compile(rb"#{1,6}[ \t]+(?=\S)")
_HEADING_END: Final = re.compile(rb"[ \t]+#+\s*$|\s+$")
_QUOTED: Final = re.compile(rb"^(?:[ \t]*>[ ]?)+", re.MULTILINE)
_AMOUNT: Final = re.compile(rb"[>\s]*[\d$=%]")
_FENCE: Final = re.compile(rb"\n[ \t>]*(?:`{3,}|~{3,})[ \t]*$")
_LANGUAGE: Final = re.compile(r"[\w+#-]{0,32}\Z")
_BULLET: Final = re.compile(rb"\*[ \t]+")
_LOOSE: Final = re.compile(r"[^\w@]")


def read(markdown: str) -> Marked:
    """What a text says and how it wants to look. A text without markup comes out as it went in."""
    text = markdown.encode("utf-8", "replace").decode().replace("\x00", "")
    if _SIGNS.search(text) is None:
        return Marked(text)
    reading = _Reading(text.encode())
    for payload, place in pyromark.events_with_range(text, options=_OPTIONS):
        reading.see(payload, place["start"], place["end"])
    return reading.result(text)


@dataclass(slots=True)
class _Link:
    target: str
    start: int
    label_end: int = 0


@dataclass(slots=True)
class _Reading:
    """Collects what to cut out of `data` and what to mark, in bytes as the parser counts."""

    data: bytes
    cuts: list[Edit] = field(default_factory=list)
    found: list[Span] = field(default_factory=list)
    urls: list[tuple[int, int]] = field(init=False)
    links: list[_Link] = field(default_factory=list)
    lists: list[list[int]] = field(default_factory=list)
    quotes: int = 0
    coding: bool = False
    seen: int = 0

    def __post_init__(self) -> None:
        self.urls = [
            (url.start(), url.start() + len(url[0].rstrip(_URL_TAIL)))
            for url in _URL.finditer(self.data)
        ]

    def see(self, payload: Any, start: int, end: int) -> None:  # noqa: ANN401  one of forty shapes
        name, inner = _named(payload)
        if name == "Start":
            tag, detail = _named(inner)
            if (begin := _STARTS.get(tag)) is not None:
                begin(self, detail, start, end)
            self.seen = start
            return
        if name == "End":
            self._close(_named(inner)[0], end)
        elif name == "Code":
            self._code(start, end)
        elif name == "Text" and not self.coding:
            self._escape(start - 1)
        for link in self.links:
            link.label_end = max(link.label_end, end)
        self.seen = end

    def _close(self, tag: str, end: int) -> None:
        match tag:
            case "Link" | "Image" if self.links and (link := self.links.pop()).target:
                self._linked(link, end)
            case "List":
                self._bullets(self.lists.pop())
            case "BlockQuote":
                self.quotes -= 1
            case "CodeBlock":
                self.coding = False

    # Inside of lines

    def wrapped(self, kind: Kind, width: int, start: int, end: int) -> None:
        if not self._is_text(start, end, width):
            self._mark(kind, start, end, width)

    def _is_text(self, start: int, end: int, width: int) -> bool:
        """`5*3*2` is a sum, `https://x.cl/a*b*c` an address, `~10 a 12~` says about."""
        single = width == 1
        if _worded(self.data[max(start - 4, 0) : start], -1) or (
            single and _worded(self.data[end : end + 4], 0)
        ):
            return True
        return any(
            first < place < last for first, last in self.urls for place in (start, end - width)
        )

    def _code(self, start: int, end: int) -> None:
        ticks = self.data[start:end]
        width = len(ticks) - len(ticks.lstrip(b"`"))
        if ticks.strip(b"` \n"):
            self._mark("code", start, end, width)

    def _escape(self, place: int) -> None:
        """A backslash that only says that the next sign means nothing."""
        if place >= self.seen and self.data[place : place + 1] == b"\\":
            self.cuts.append((place, place + 1, ""))

    def _linked(self, link: _Link, end: int) -> None:
        opening = 2 if self.data[link.start : link.start + 1] == b"!" else 1
        start = link.start + opening
        label_end = max(link.label_end, start)
        if self.data[label_end : label_end + 2] != b"](":
            return
        label, target = self.data[start:label_end].decode().strip(), link.target
        scheme, _, rest = target.partition(":")
        if scheme in {"tel", "mailto"}:
            # Networks make these tappable by themselves, when they can be read.
            address = rest.partition("?")[0]
            told = _LOOSE.sub("", address) in _LOOSE.sub("", label)
            after = "" if told else f" ({address})" if label else address
        else:
            after = "" if label else target
            if label and label != target:
                self.found.append(Span("link", start, label_end, target))
        self.cuts += [(link.start, start, ""), (label_end, end, after)]

    # Blocks

    def heading(self, start: int, end: int) -> None:
        line = self.data[start:end]
        opening = _HEADING.match(line)
        closing = _HEADING_END.search(line)
        last = closing.start() if closing else len(line)
        if opening is not None and opening.end() < last:
            self.cuts.append((start, start + opening.end(), ""))
            self.cuts.append((start + last, start + len(line.rstrip()), ""))
            self.found.append(Span("bold", start + opening.end(), start + last))

    def quote(self, start: int, end: int) -> None:
        self.quotes += 1
        lines = self.data[start:end].rstrip()
        # "> 50.000: envío gratis" compares; nobody is quoted.
        if self.quotes > 1 or not lines.strip(b"> \t\n") or _AMOUNT.match(lines):
            return
        for sign in _QUOTED.finditer(lines):
            self.cuts.append((start + sign.start(), start + sign.end(), ""))
        self.found.append(Span("quote", start, start + len(lines)))

    def block(self, detail: object, start: int, end: int) -> None:
        """Fenced code; indented text is only indented."""
        self.coding = True
        if not isinstance(detail, dict):
            return
        lines = self.data[start:end].rstrip()
        closing = _FENCE.search(lines)
        first = lines.find(b"\n") + 1
        last = closing.start() if closing else len(lines)
        language = detail["Fenced"]
        if not first or not lines[first:last].strip(b" \t>\r\n") or not _LANGUAGE.match(language):
            return
        self.cuts += [(start, start + first, ""), (start + last, start + len(lines), "")]
        self.found.append(Span("pre", start + first, start + last, language or None))

    def table(self, start: int, end: int) -> None:
        """Its columns stand where they were written, so they must be as wide as each other."""
        self.found.append(Span("pre", start, start + len(self.data[start:end].rstrip())))

    def _bullets(self, items: list[int]) -> None:
        """One line that begins with an asterisk is a remark; several are a list."""
        signs = [_BULLET.match(self.data, start) for start in items]
        if len(items) > 1 and all(signs):
            self.cuts += [(*sign.span(), "• ") for sign in signs if sign]

    def _mark(self, kind: Kind, start: int, end: int, width: int) -> None:
        first, last = start + width, end - width
        self.cuts += [(start, first, ""), (last, end, "")]
        self.found.append(Span(kind, first, last))

    def result(self, text: str) -> Marked:
        """From bytes to characters."""
        if text.isascii():
            return orderly(edited(text, self.cuts, self.found))
        lies = [0, *accumulate(byte & 0xC0 != 0x80 for byte in self.data)]  # noqa: PLR2004  UTF-8
        cuts = [(lies[start], lies[end], instead) for start, end, instead in self.cuts]
        spans = [span.at(lies[span.start], lies[span.end]) for span in self.found]
        return orderly(edited(text, cuts, spans))


def _named(payload: object) -> tuple[str, Any]:
    """Of an event or a tag: its name, and what it holds."""
    if isinstance(payload, dict):
        return next(iter(payload.items()))
    return str(payload), None


def _worded(signs: bytes, place: int) -> bool:
    """A letter or a digit stands there; half a character at the other end does not matter."""
    text = signs.decode("utf-8", "ignore")
    return bool(text) and text[place].isalnum()


def _strike(reading: _Reading, _: object, start: int, end: int) -> None:
    if reading.data[start : start + 2] == b"~~":
        reading.wrapped("strike", 2, start, end)


def _link(reading: _Reading, detail: Mapping[str, Any], start: int, end: int) -> None:
    kind, target = detail["link_type"], detail["dest_url"]
    if kind in {"Autolink", "Email"}:
        reading.cuts += [(start, start + 1, ""), (end - 1, end, "")]
    reading.links.append(_Link(target if kind == "Inline" and linkable(target) else "", start))


_STARTS: Final[Mapping[str, Callable[[_Reading, Any, int, int], None]]] = {
    "Strong": lambda reading, _, start, end: reading.wrapped("bold", 2, start, end),
    "Emphasis": lambda reading, _, start, end: reading.wrapped("italic", 1, start, end),
    "Strikethrough": _strike,
    "Link": _link,
    "Image": _link,
    "Heading": lambda reading, _, start, end: reading.heading(start, end),
    "BlockQuote": lambda reading, _, start, end: reading.quote(start, end),
    "Table": lambda reading, _, start, end: reading.table(start, end),
    "List": lambda reading, *_: reading.lists.append([]),
    "Item": lambda reading, _, start, __: reading.lists[-1].append(start),
    "CodeBlock": lambda reading, detail, start, end: reading.block(detail, start, end),
}
