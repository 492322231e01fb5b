"""Turns a reply into the messages a network takes: all of it, in order, each within the limit."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Final

from bot.channels.base import Channel, Composing
from bot.channels.offering import offers
from bot.marked import Marked
from bot.markup import read
from events.contents import Attachment, Composed
from text.splitting import Stretch, cut, split, utf16_length

LIMIT: Final = 4096
MOST_PARTS: Final = 5
LARGEST_FILE: Final = 256_000
_GAP: Final = "\n\n"
_NUMBER: Final = len(f"{_GAP}(1/5)")
_LEAST: Final = 2
_REST: Final = {
    "es": "(Sigue en el archivo adjunto.)",
    "en": "(It goes on in the attached file.)",
}
_CLIPPED: Final = {
    "es": "\n\n(El resto no cabe en este archivo.)",
    "en": "\n\n(The rest does not fit into this file.)",
}


def compose_for(channel: Channel | None, text: str) -> Composed:
    """As its network writes; plain, for one that has no way of its own."""
    if offers(channel, Composing):
        return channel.compose(text)
    limit = LIMIT if channel is None else channel.limit
    return Composed(parts=split(read(text).written().text, limit))


def composed(
    text: str, *, limit: int = LIMIT, as_written: Callable[[Marked], str] | None = None
) -> Composed:
    """`as_written` is how a network without marks writes a part, and that is what counts."""
    marked = read(text)
    if as_written is not None:
        marked = marked.written()

    def length(part: Marked) -> int:
        return utf16_length(part.text if as_written is None else as_written(part))

    whole = list(islice(pieces(marked, limit, length), 2))
    if len(whole) < 2:  # noqa: PLR2004  one message, or none
        return _finished(whole, as_written)
    parts = list(islice(pieces(marked, limit - _NUMBER, length), MOST_PARTS + 1))
    if len(parts) <= MOST_PARTS:
        return _finished(
            parts, as_written, [f"({n}/{len(parts)})" for n in range(1, len(parts) + 1)]
        )
    language = _language(marked.text)
    note = _REST[language]
    first = next(pieces(marked, limit - len(note) - len(_GAP), length))
    return _finished([first], as_written, [note], _file(marked, language))


def pieces(marked: Marked, limit: int, length: Callable[[Marked], int]) -> Iterator[Marked]:
    """Parts of at most `limit`, as `length` counts them. Never blank."""
    rest = marked.between(0, len(marked.text))
    while rest.text:
        end = cut(rest.text, limit, _apart(rest, limit))
        budget, part = limit, rest.between(0, end)
        while budget > _LEAST and (taken := length(part)) > limit:
            budget = min(budget, utf16_length(part.text)) * limit // taken
            end = cut(rest.text, budget, _apart(rest, limit))
            part = rest.between(0, end)
        if part.text:
            yield part
        rest = rest.between(end, len(rest.text))


def _apart(marked: Marked, limit: int) -> list[Stretch]:
    """The outermost spans, as far as a part can reach."""
    found: list[Stretch] = []
    for span in marked.spans:
        if span.start > limit:
            break
        if not found or span.start >= found[-1][1]:
            found.append((span.start, span.end))
    return found


def _finished(
    parts: Sequence[Marked],
    as_written: Callable[[Marked], str] | None,
    tails: Sequence[str] = (),
    *files: Attachment,
) -> Composed:
    texts = [part.text if as_written is None else as_written(part) for part in parts]
    marks = () if as_written is not None else tuple(part.marks() for part in parts)
    ends = [f"{_GAP}{tail}" for tail in tails] or [""] * len(parts)
    return Composed(
        parts=tuple(text + end for text, end in zip(texts, ends, strict=True)),
        marks=marks if any(marks) else (),
        extras=files,
    )


def _file(marked: Marked, language: str) -> Attachment:
    data = marked.written().text.encode()
    if len(data) > LARGEST_FILE:
        note = _CLIPPED[language].encode()
        data = data[: LARGEST_FILE - len(note)].decode("utf-8", "ignore").encode() + note
    return Attachment(kind="document", data=data, name="respuesta.txt", mime="text/plain")


def _language(text: str) -> str:
    """Nobody writes thousands of words without these."""
    lowered = f" {text.lower()} "
    english = sum(lowered.count(word) for word in (" the ", " and ", " you ", " is "))
    spanish = sum(lowered.count(word) for word in (" el ", " la ", " y ", " que ", " de "))
    return "en" if english > spanish else "es"
