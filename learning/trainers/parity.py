"""Whether a model is asked in the very tokens that it was trained on.

A space too many between two turns costs an adapter most of what it learned, and nothing fails. So
a training leaves probes behind, conversations with their tokens, and whoever serves the model is
shown to make the same ones of them.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Final

FILE: Final = "parity.json"
SHOWN: Final = 24
PROBES: Final = (
    [{"role": "user", "content": "¿Cuánto cuesta?"}],
    [
        {"role": "system", "content": "Eres la asistente de una tienda.\nResponde breve."},
        {"role": "user", "content": "  hola 👋🏽, ¿tienen ñandúes?\n\n\n- uno\n- dos  "},
        {"role": "assistant", "content": "Sí: $24.990 c/u (IVA incl.)"},
        {"role": "user", "content": "1,99% <b>&amp;</b> \u00a0\ttab"},
    ],
)
"""Accents, emoji, spaces at both ends, several turns: where templates differ, they differ here."""


@dataclass(frozen=True, slots=True)
class Probe:
    """`starts` are the places in `text` where the tokens begin, in characters."""

    messages: list[dict[str, str]]
    text: str
    tokens: list[int]
    starts: list[int]

    def piece(self, index: int) -> str:
        ends = [*self.starts[1:], len(self.text)]
        return self.text[self.starts[index] : ends[index]] if index < len(self.starts) else ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a server makes of the messages of a probe; it may tell but one of these.

    `count` is the number of tokens, `tokens` are they with the text of each.
    """

    text: str | None = None
    tokens: Sequence[tuple[int, str]] | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """At the token `index`, from 0; `trained` and `served` are the texts from there."""

    index: int
    trained: str
    served: str

    def __str__(self) -> str:
        return f"token {self.index} is {self.trained!r} in training and {self.served!r} in serving"


def difference(probe: Probe, heard: Heard) -> Difference | None:
    """The first; None when everything that is told agrees."""
    if heard.tokens is not None and (found := _in_tokens(probe, heard.tokens)):
        return found
    if heard.text is not None and (found := _in_text(probe, heard.text)):
        return found
    if heard.count is not None and heard.count != len(probe.tokens):
        return Difference(
            min(heard.count, len(probe.tokens)),
            f"{len(probe.tokens)} tokens",
            f"{heard.count} tokens",
        )
    return None


def keep(folder: Path, probes: Sequence[Probe]) -> None:
    told = json.dumps([asdict(one) for one in probes], ensure_ascii=False)
    (folder / FILE).write_text(told, encoding="utf-8")


def kept(folder: Path) -> list[Probe]:
    return [Probe(**one) for one in json.loads((folder / FILE).read_text(encoding="utf-8"))]


def _in_tokens(probe: Probe, served: Sequence[tuple[int, str]]) -> Difference | None:
    for index, (ours, theirs) in enumerate(zip_longest(probe.tokens, served)):
        if theirs is None or ours != theirs[0]:
            return Difference(index, probe.piece(index), "" if theirs is None else theirs[1])
    return None


def _in_text(probe: Probe, served: str) -> Difference | None:
    if served == probe.text:
        return None
    pairs = enumerate(zip_longest(probe.text, served))
    at = next(place for place, (ours, theirs) in pairs if ours != theirs)
    index = max((n for n, start in enumerate(probe.starts) if start <= at), default=0)
    start = probe.starts[index] if at < len(probe.text) else at
    return Difference(index, probe.text[start:][:SHOWN], served[start:][:SHOWN])
