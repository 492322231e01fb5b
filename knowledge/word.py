"""The text of a Word document as blocks, with what stands in its forms and tracked changes."""

from collections.abc import Iterator
from typing import Any, Final

from knowledge.blocks import LONGEST_HEADING, Block, row

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""What older programs are shown instead, in the same words."""
_SIGNS: Final = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_AROUND: Final = frozenset({f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"})
"""Forms and tracked insertions stand around what they hold."""


def word_blocks(document: Any) -> Iterator[Block]:  # noqa: ANN401  the library ships no types
    styles = {style.style_id: style.name or "" for style in document.styles}
    return _blocks(document.element.body, styles)


def _blocks(parent: Any, styles: dict[str, str]) -> Iterator[Block]:  # noqa: ANN401  an element
    for element in parent:
        if element.tag in _AROUND:
            yield from _blocks(element, styles)
        elif element.tag == f"{_W}tbl":
            yield from _rows(element)
        elif element.tag == f"{_W}p" and (text := _text(element)):
            level = _level(element, styles)
            short = level and len(text) <= LONGEST_HEADING
            yield Block("heading", " ".join(text.split()), level) if short else Block("text", text)


def _level(paragraph: Any, styles: dict[str, str]) -> int:  # noqa: ANN401  an element
    """0 for what is no heading. Names of styles are English in the file, whatever Word shows."""
    name = styles.get(paragraph.style or "", "").lower()
    if name.startswith("heading"):
        return int(name[-1]) if name[-1].isdecimal() else 1
    return 1 if name == "title" else 0


def _rows(table: Any) -> Iterator[Block]:  # noqa: ANN401  an element
    """One block a row; a cell that goes on from the row above is told again, for each row is found
    by itself. A table within a cell is told in that cell."""
    above: dict[int, str] = {}
    for line in table.iterchildren(f"{_W}tr"):
        told: dict[int, str] = {}
        column = 0
        for cell in line.iter(f"{_W}tc"):
            if next(cell.iterancestors(f"{_W}tr")) is not line:
                continue
            goes_on = cell.find(f"{_W}tcPr/{_W}vMerge")
            held = goes_on is not None and goes_on.get(f"{_W}val") != "restart"
            told[column] = above.get(column, "") if held else _text(cell)
            column += _span(cell)
        above = told
        if any(told.values()):
            yield Block("row", row(told.values()))


def _span(cell: Any) -> int:  # noqa: ANN401  an element
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    return int(span.get(f"{_W}val", "1")) if span is not None else 1


def _text(element: Any) -> str:  # noqa: ANN401  an element
    """Everything written in it, in order; deleted text has an element of another name."""
    parts: list[str] = []
    for node in element.iter():
        if next(node.iterancestors(_FALLBACK), None) is not None:
            continue
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        elif node.tag == f"{_W}p" and parts:
            parts.append("\n")
        else:
            parts.append(_SIGNS.get(node.tag, ""))
    return "".join(parts).strip()
