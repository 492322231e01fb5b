"""A page of rows, judged one by one: numbers of those that may teach, the rest of them packed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Final

import numpy as np

from learning.curation import BANDS, Example, Terms, blamed, refusal, taught
from learning.duplicates import Sketch, normalised, plain, sketched
from learning.pairing import Blamed
from learning.selection import ROW, Rows
from learning.spilling import packed, unpacked
from learning.splits import halves

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
MACHINE: Final = 2
"""The merit from which on no person answered for a row."""


@dataclass(slots=True)
class Sifted:
    """`rows` lie in `data`, as do the `blamed`; `intents` are the names of theirs."""

    read: int
    rows: Rows
    sketch: Sketch
    intents: list[str]
    data: bytes
    dropped: Counter[str] = field(default_factory=Counter)
    blamed: list[Blamed] = field(default_factory=list)


def sifted(page: Sequence[bytes], terms: Terms) -> Sifted:
    """Of examples that were packed: so they travel four times as fast between processes."""
    candidates, poor, dropped = [], [], Counter[str]()
    for example in map(unpacked, page):
        reason = refusal(example, terms)
        if reason is None:
            candidates.append(taught(example))
            continue
        dropped[reason] += 1
        if reason == "low_score" and blamed(example, terms):
            poor.append(taught(example))
    texts = [packed(one) for one in candidates]
    plains = [plain(one.question, one.answer) for one in candidates]
    rows, intents = _numbered(candidates)
    data = _laid(rows, texts, [one.encode() for one in plains])
    found = Sifted(len(page), rows, sketched(plains), intents, data, dropped)
    _set_aside(found, poor)
    return found


def _set_aside(found: Sifted, poor: Sequence[Example]) -> None:
    texts, begun = [packed(one) for one in poor], len(found.data)
    for one, text in zip(poor, texts, strict=True):
        span = (begun, len(text))
        found.blamed.append(Blamed(normalised(one.question), one.customer, span))
        begun += len(text)
    found.data += b"".join(texts)


def _laid(rows: Rows, texts: Sequence[bytes], plains: Sequence[bytes]) -> bytes:
    """Each row with its plain text behind it."""
    rows["length"] = [len(text) for text in texts]
    rows["plain"] = [len(text) for text in plains]
    ends = np.cumsum(rows["length"] + rows["plain"])
    rows["begun"] = ends - rows["length"] - rows["plain"]
    return b"".join(chain.from_iterable(zip(texts, plains, strict=True)))


def _numbered(page: Sequence[Example]) -> tuple[Rows, list[str]]:
    rows, intents = np.zeros(len(page), ROW), dict[str, int]()
    rows["id"] = halves([one.id for one in page])
    rows["customer"] = halves([one.customer for one in page])
    rows["at"] = [_microseconds(one.at) for one in page]
    rows["merit"] = [MACHINE * (not one.human) + (not one.successful) for one in page]
    rows["score"] = [one.score or 0 for one in page]
    rows["intent"] = [intents.setdefault(one.intent, len(intents)) for one in page]
    rows["band"] = [BANDS.index(one.band) for one in page]
    return rows, list(intents)


def _microseconds(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND
