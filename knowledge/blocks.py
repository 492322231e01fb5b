"""The text of a document as blocks: headings, paragraphs and rows of tables, in reading order."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["heading", "text", "row"]

_MARKDOWN: Final = re.compile(r"(#{1,6})\s+(.+)$")
_UNDERLINES: Final = {"=": 1, "-": 2}
_NUMBERED: Final = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+[^\W\d_]")
_ITEM: Final = re.compile(r"[-*•·–]\s+|\d{1,2}[.)]\s+|[a-z]\)\s+")
_DIGITS: Final = re.compile(r"\d+")
_BROKEN: Final = "-\u00ad\u2010"
"""What stands at the end of a line where a word was broken."""
_JOINED: Final = re.compile("[\ufffe\x02]")
"""PDFium writes this between the halves of a broken word, and takes their lines for one."""
_ENDS: Final = (".", "!", "?", ":", ";", "…", ".”", '."', ",")
HEADING_WORDS: Final = 12
LONGEST_HEADING: Final = 200
"""Letters: a heading stands above each passage under it, and a longer one is a paragraph."""
EDGE: Final = 3
"""Lines from the top and the bottom of a page among which running heads are looked for."""
REPEATED: Final = 0.6
LEAST_PAGES: Final = 3
LONGEST_NUMBER: Final = 6
UNDERLINE: Final = 3
CELLS: Final = " | "
"""Stands between the cells of a row."""
FULL: Final = 0.7
"""A line shorter than this part of the page's longest one ended where its author wanted."""


class Block(NamedTuple):
    """`level` of a heading counts from 1; `page` counts from 1 and is 0 where there are none."""

    kind: Kind
    text: str
    level: int = 0
    page: int = 0


def from_pages(pages: Sequence[str]) -> list[Block]:
    """Of a PDF: without its running heads, lines joined to the paragraphs they were broken from."""
    lines = [_lines(page) for page in pages]
    repeated = running_heads(lines)
    blocks: list[Block] = []
    for number, page in enumerate(lines, 1):
        blocks += _paragraphs(_without(page, number, repeated), number)
    return blocks


def _lines(page: str) -> list[str]:
    """Those with something on them, each as words with single spaces."""
    lines = (" ".join(line.split()) for line in _JOINED.sub("-\n", page).splitlines())
    return [line for line in lines if line]


def running_heads(pages: Sequence[Sequence[str]]) -> frozenset[str]:
    """What stands at the edge of most pages. Its numbers stay the same, or count with the pages:
    `Artículo 1` above one page and `Artículo 7` above the next are no running head."""
    if len(pages) < LEAST_PAGES:
        return frozenset()
    seen: Counter[str] = Counter()
    for number, page in enumerate(pages, 1):
        seen.update({key for at in _edges(page) for key in _keys(page[at], number)})
    return frozenset(key for key, times in seen.items() if times > REPEATED * len(pages))


def _without(page: Sequence[str], number: int, repeated: frozenset[str]) -> list[str]:
    """Only from its edges: what is written like a running head in the middle is text."""
    gone = {at for at in _edges(page) if not repeated.isdisjoint(_keys(page[at], number))}
    return [line for at, line in enumerate(page) if at not in gone]


def _edges(page: Sequence[str]) -> set[int]:
    return {at for at in range(len(page)) if at < EDGE or at >= len(page) - EDGE}


def _keys(line: str, page: int) -> Iterator[str]:
    """The line as it would stand on every page, whichever of its numbers counts the pages. Only one
    does: where the model and the price of a product grow from page to page, it is a price list."""
    parts = _DIGITS.split(line.lower())
    numbers = _DIGITS.findall(line)
    if any(len(one) > LONGEST_NUMBER for one in numbers):
        yield line.lower()
        return
    for counting in range(-1, len(numbers)):
        told = (f"<{int(one) - page}>" if at == counting else one for at, one in enumerate(numbers))
        yield "".join(part for pair in zip(parts, (*told, ""), strict=True) for part in pair)


def from_lines(text: str) -> list[Block]:
    """Of a plain text or Markdown: paragraphs end at empty lines, `#` begins a heading, and a row
    of `=` or `-` makes one of the line above it."""
    blocks: list[Block] = []
    paragraph: list[str] = []
    for line in (*text.splitlines(), ""):
        plain = line.strip()
        block = _marked(plain) or _underlined(paragraph, plain)
        if block is not None and block.kind == "heading" and not plain.startswith("#"):
            paragraph = []
        if paragraph and (not plain or block is not None):
            blocks.append(Block("text", "\n".join(paragraph)))
            paragraph = []
        if block is not None:
            blocks.append(block)
        elif plain and not _is_rule(plain):
            paragraph.append(plain)
    return blocks


def _marked(line: str) -> Block | None:
    """A heading or the row of a table, as Markdown writes them."""
    heading = _MARKDOWN.match(line)
    if heading is not None and len(line) <= LONGEST_HEADING:
        return Block("heading", _closed(heading[2]), len(heading[1]))
    if line.startswith("|") and line.endswith("|") and not _is_rule(line):
        return Block("row", row(line.strip("|").split("|")))
    return None


def _closed(heading: str) -> str:
    """Without the `##` that may end it; the sharp of `C#` is its own."""
    bare = heading.rstrip("#")
    return bare.rstrip() if bare.endswith((" ", "\t")) else heading


def _underlined(paragraph: Sequence[str], line: str) -> Block | None:
    level = _UNDERLINES.get(line[:1], 0)
    if not level or len(paragraph) != 1 or len(line) < UNDERLINE or set(line) != {line[0]}:
        return None
    if len(paragraph[0]) > LONGEST_HEADING or paragraph[0].endswith(_ENDS):
        return None
    return Block("heading", paragraph[0], level)


def _is_rule(line: str) -> bool:
    """A line across the page, or under the head of a table."""
    signs = set(line) - {" ", "\t"}
    across = len(signs) == 1 and signs <= {"-", "*", "_", "="} and len(line) >= UNDERLINE
    return across or ("|" in signs and "-" in signs and signs <= {"|", "-", ":"})


def row(cells: Iterable[str]) -> str:
    """One line per row, so that what belongs together is found together."""
    return CELLS.join(" ".join(cell.split()) for cell in cells)


def _paragraphs(lines: Sequence[str], page: int) -> Iterator[Block]:
    widest = max((len(line) for line in lines), default=0)
    paragraph: list[str] = []
    for place, line in enumerate(lines):
        following = lines[place + 1] if place + 1 < len(lines) else ""
        level = _heading(line, following, widest) if not _open(paragraph) else 0
        if level or _ITEM.match(line):
            yield from _joined(paragraph, page)
            paragraph = []
        if level:
            yield Block("heading", line, level, page)
            continue
        paragraph.append(line)
        if len(line) < FULL * widest:
            yield from _joined(paragraph, page)
            paragraph = []
    yield from _joined(paragraph, page)


def _open(paragraph: Sequence[str]) -> bool:
    """Whether a sentence goes on in the next line."""
    return bool(paragraph) and not paragraph[-1].endswith(_ENDS)


def _heading(line: str, following: str, widest: int) -> int:
    """A short line that is no sentence, with text under it; its number tells its level."""
    if not following or len(line) > min(FULL * widest, LONGEST_HEADING):
        return 0
    if len(line.split()) > HEADING_WORDS:
        return 0
    if line.endswith(_ENDS) or not line[0].isalnum() or len(following) < FULL * widest:
        return 0
    numbered = _NUMBERED.match(line)
    if numbered:
        return numbered[1].count(".") + 1
    if len(_DIGITS.findall(line)) > 1 or "$" in line or not line[0].isupper():
        return 0
    return 1 if line.isupper() else 2


def _joined(lines: Sequence[str], page: int) -> Iterator[Block]:
    if not lines:
        return
    parts: list[str] = []
    for line, following in zip(lines, (*lines[1:], ""), strict=True):
        broken = line[-1] in _BROKEN and line[-2:-1].isalpha() and following[:1].islower()
        parts.append(line[:-1] if broken else f"{line} ")
    yield Block("text", "".join(parts).strip(), 0, page)
