"""A page of rows, judged one by one: numbers of those that may teach, the rest of them packed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from learning.curation import BANDS, Example, Terms, blamed, refusal, taught
from learning.duplicates import normalised, sketched
from learning.pairing import Blamed
from learning.selection import ROW, Rows
from learning.spilling import packed, unpacked
from learning.splits import halves

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(slots=True)
class Sifted:
    """`rows` lie in `data`, as do the `blamed`; `intents` are the names of theirs."""

    read: int
    rows: Rows
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
    rows, intents = _numbered(candidates, texts)
    found = Sifted(len(page), rows, intents, b"".join(texts), dropped)
    _set_aside(found, poor)
    return found


def _set_aside(found: Sifted, poor: Sequence[Example]) -> None:
    texts, begun = [packed(one) for one in poor], len(found.data)
    for one, text in zip(poor, texts, strict=True):
        span = (begun, len(text))
        found.blamed.append(Blamed(normalised(one.question), one.customer, span))
        begun += len(text)
    found.data += b"".join(texts)


def _numbered(page: Sequence[Example], texts: Sequence[bytes]) -> tuple[Rows, list[str]]:
    rows, intents = np.zeros(len(page), ROW), dict[str, int]()
    if not page:
        return rows, []
    sketch = sketched([(one.question, one.answer) for one in page])
    rows["digest"], rows["bands"], rows["bytes"] = sketch.digests, sketch.bands, sketch.bytes
    rows["id"] = halves([one.id for one in page])
    rows["customer"] = halves([one.customer for one in page])
    rows["at"] = [_microseconds(one.at) for one in page]
    rows["merit"] = [2 * (not one.human) + (not one.successful) for one in page]
    rows["score"] = [one.score or 0 for one in page]
    rows["intent"] = [intents.setdefault(one.intent, len(intents)) for one in page]
    rows["band"] = [BANDS.index(one.band) for one in page]
    rows["length"] = [len(text) for text in texts]
    rows["begun"] = np.cumsum(rows["length"]) - rows["length"]
    return rows, list(intents)


def _microseconds(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND
