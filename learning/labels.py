"""What a classifier of intents learns from: a pack's labelled messages, and those of the shop."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from config.folders import DOMAINS
from config.packs import Pack, beside
from learning.duplicates import find_copies, normalised
from nlu.combining import POLITE
from nlu.parse import GENERAL
from text.privacy import scrub

LEAST: Final = 10
"""Labels of an intent, below which nothing that is measured on them means anything."""
MOST: Final = 4_000
HINTS: Final = 1_200
"""Words of the rules that teach beside the labels: what it costs grows with the cube of both."""
DEV, TEST = "dev", "test"


class LabelsError(Exception):
    """Labels that cannot be used; the message says which and why."""


class TooFewLabels(LabelsError): ...


@dataclass(frozen=True, slots=True)
class Label:
    """`today` is the day it was written on, where its text speaks of days; `slots` are told where
    somebody looked for them."""

    text: str
    intent: str
    today: str | None = None
    slots: Mapping[str, Any] | None = None


def shipped(pack: Pack, name: str) -> list[Label]:
    """Of the pack itself or the one it extends; a pack may come without any."""
    found = beside(pack, f"{name}.jsonl")
    known = {rule.name for rule in pack.intents}
    return [one for one in _read(found) if one.intent in known] if found else []


def off_topic(name: str) -> list[Label]:
    """Manners, and what is said beside the point: of no business's intents."""
    return _read(DOMAINS / f"off_topic.{name}.jsonl")


def hints(pack: Pack, intents: Collection[str]) -> list[Label]:
    """The words of the rules, as if somebody had written them; of many, the first of each."""
    named = [
        (place, Label(text, GENERAL if rule.act in POLITE else rule.name))
        for rule in pack.intents
        for place, text in enumerate(rule.words)
    ]
    known = [one for one in named if one[1].intent in intents]
    return [label for _, label in sorted(known, key=lambda one: one[0])[:HINTS]]


def joined(labels: Iterable[Label], gold: Iterable[Label]) -> list[Label]:
    """Of the same text, masked or not, what a person of the shop said last counts."""
    by_text = {same(one.text): one for one in (*labels, *gold)}
    return list(by_text.values())[-MOST:]


def same(text: str) -> str:
    return normalised(scrub(text).text)


def refuse_too_few(labels: Sequence[Label], pack: Pack) -> None:
    """Raises TooFewLabels, which says of what how many are missing."""
    counted = Counter(one.intent for one in labels if one.intent != GENERAL)
    named = list(counted)
    if len(named) < 2:  # noqa: PLR2004  there is nothing to choose between
        named = [rule.name for rule in pack.intents if rule.act not in POLITE]
    lacking = [(LEAST - counted[name], name) for name in named if counted[name] < LEAST]
    if lacking:
        told = ", ".join(f"{count} more of intent {name}" for count, name in lacking)
        raise TooFewLabels(f"not enough labels: {told}")


def groups_of(labels: Sequence[Label]) -> list[int]:
    """The cluster of copies that each belongs to."""
    found: list[int] = find_copies([(one.text, "") for one in labels]).cluster.tolist()
    return found


def fingerprint(labels: Iterable[Label]) -> str:
    lines = sorted(f"{one.intent}\t{one.text}" for one in labels)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _read(path: Path) -> list[Label]:
    found: list[Label] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row: Any = json.loads(line)
            found.append(Label(row["text"], row["intent"], row.get("today"), row.get("slots")))
        except (ValueError, KeyError, TypeError) as error:
            raise LabelsError(f"{path} line {number}: {error!r}: text and intent") from error
    return found
