"""The text of a document as blocks: headings, paragraphs and rows of tables, in reading order."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["heading", "text", "row"]

_MARKDOWN: Final = re.compile(r"(#{1,6})\s+(.+?)\s*#*$")
_RULE: Final = re.compile(r"\|?[\s:|-]*-[\s:|-]*\|[\s:|-]*$|([-*_]\s*){3,}$")
_NUMBERED: Final = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+[^\W\d_]")
_ITEM: Final = re.compile(r"[-*•·–]\s+|\d{1,2}[.)]\s+|[a-z]\)\s+")
_DIGITS: Final = re.compile(r"\d+")
_HYPHENATED: Final = re.compile(r"[^\W\d_]-$")
_ENDS: Final = (".", "!", "?", ":", ";", "…", ".”", '."', ",")
HEADING_WORDS: Final = 12
EDGE: Final = 3
"""Lines from the top and the bottom of a page among which running heads are looked for."""
REPEATED: Final = 0.6
LEAST_PAGES: Final = 3
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
    lines = [[" ".join(line.split()) for line in page.splitlines()] for page in pages]
    repeated = running_heads(lines)
    blocks: list[Block] = []
    for number, page in enumerate(lines, 1):
        kept = [line for line in page if line and _key(line) not in repeated]
        blocks += _paragraphs(kept, number)
    return blocks


def running_heads(pages: Sequence[Sequence[str]]) -> frozenset[str]:
    """What stands at the edge of most pages, whatever numbers it carries."""
    if len(pages) < LEAST_PAGES:
        return frozenset()
    seen: Counter[str] = Counter()
    for page in pages:
        filled = [line for line in page if line.strip()]
        seen.update({_key(line) for line in (*filled[:EDGE], *filled[-EDGE:])})
    return frozenset(key for key, times in seen.items() if times > REPEATED * len(pages))


def from_lines(text: str) -> list[Block]:
    """Of a plain text or Markdown: paragraphs end at empty lines, `#` begins a heading."""
    blocks: list[Block] = []
    paragraph: list[str] = []
    for line in (*text.splitlines(), ""):
        plain = line.strip()
        block = _marked(plain)
        if paragraph and (not plain or block is not None):
            blocks.append(Block("text", "\n".join(paragraph)))
            paragraph = []
        if block is not None:
            blocks.append(block)
        elif plain and not _RULE.match(plain):
            paragraph.append(plain)
    return blocks


def _marked(line: str) -> Block | None:
    """A heading or the row of a table, as Markdown writes them."""
    heading = _MARKDOWN.match(line)
    if heading is not None:
        return Block("heading", heading[2], len(heading[1]))
    if line.startswith("|") and line.endswith("|") and not _RULE.match(line):
        return Block("row", row(line.strip("|").split("|")))
    return None


def row(cells: Iterable[str]) -> str:
    """One line per row, so that what belongs together is found together."""
    return " | ".join(" ".join(cell.split()) for cell in cells)


def _key(line: str) -> str:
    return _DIGITS.sub("#", line.strip().lower())


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
    words = line.split()
    if not following or len(words) > HEADING_WORDS or len(line) > FULL * widest:
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
    text = lines[0]
    for line in lines[1:]:
        text = (
            text[:-1] + line if _HYPHENATED.search(text) and line[0].islower() else f"{text} {line}"
        )
    yield Block("text", text, 0, page)
