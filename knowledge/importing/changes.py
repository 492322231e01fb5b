"""What a file would change in a catalogue, and what about it is suspicious. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from knowledge.importing.cells import SHORTFALL, SOME, Value
from knowledge.importing.lines import Line, Listing, Problem, made_sku
from text.folding import fold
from text.injection import links, suspicions

Goods: TypeAlias = Mapping[str, Any]
"""A product of the catalogue by its fields, `sku` among them."""
Kind: TypeAlias = Literal["new", "changed", "off"]

TEXTS: Final = ("name", "description", "category", "keywords")
BLANK: Final[Mapping[str, Value]] = {
    "description": "", "category": "", "keywords": [], "stock": 0, "photo": None, "active": True,
}  # fmt: skip
JUMP: Final = 10
"""A price that is this many times another is a slip of a separator as often as a decision."""


@dataclass(frozen=True, slots=True)
class Change:
    """One product: `before` and `after` hold the fields that differ; a new one has no `before`."""

    kind: Kind
    sku: str
    name: str
    line: int | None
    before: Mapping[str, Value]
    after: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Warned:
    """Something a person should look at before it is applied; `line` is None for the whole file."""

    line: int | None
    sku: str
    kind: str
    what: str


@dataclass(slots=True)
class Preview:
    """`missing` are on sale and not in the file: they stay, unless they are to be switched off.

    `made` counts lines whose SKU was made from their name.
    """

    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    missing: list[str] = field(default_factory=list)
    made: int = 0
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        kinds = [change.kind for change in self.changes]
        return {kind: kinds.count(kind) for kind in ("new", "changed", "off")} | {
            "unchanged": self.unchanged,
            "missing": len(self.missing),
            "bad": len({problem.line for problem in self.problems}),
        }


def preview(listing: Listing, present: Sequence[Goods], *, missing_off: bool = False) -> Preview:
    """`missing_off` switches off what is not in the file."""
    seen = Preview(problems=list(listing.problems))
    known = _Known(present)
    lines: dict[str, int] = {}
    names: dict[str, int] = {}
    for line in listing.lines:
        sku = known.sku_of(line)
        seen.made += line.sku is None
        if sku in lines:
            hint = "keep one of both lines"
            told = Problem(line.number, "SKU", f"«{sku}» stands in line {lines[sku]} too", hint)
            seen.problems.append(told)
            continue
        lines[sku] = line.number
        _compare(seen, line, sku, known.by_sku.get(sku))
        _same_name(seen, line, sku, names)
    left = [goods for goods in present if goods["active"] and goods["sku"] not in lines]
    seen.missing = [goods["sku"] for goods in left]
    # A line that cannot be read may be about any of them.
    if missing_off and not listing.problems:
        seen.changes += [_off(goods) for goods in left]
        seen.warnings += _many_off(len(left), sum(goods["active"] for goods in present))
    return seen


class _Known:
    """The present catalogue, by whatever a line may name a product."""

    def __init__(self, present: Sequence[Goods]) -> None:
        self.by_sku = {str(goods["sku"]): goods for goods in present}
        self.by_folded = {fold(sku): sku for sku in self.by_sku}
        self.by_name: dict[str, str] = {}
        for goods in present:
            self.by_name.setdefault(made_sku(goods["name"]), goods["sku"])

    def sku_of(self, line: Line) -> str:
        if line.sku is not None:
            return self.by_folded.get(fold(line.sku), line.sku)
        made = made_sku(str(line.said["name"]))
        return self.by_name.get(made, made)


def _compare(seen: Preview, line: Line, sku: str, before: Goods | None) -> None:
    said = dict(line.said)
    said.setdefault("active", True)
    if said.get("stock") == SOME:
        said["stock"] = (before["stock"] if before else 0) or 1
    if said.get("stock") == SHORTFALL:
        said["stock"] = 0
        seen.warnings.append(Warned(line.number, sku, "stock_negative", "stock below zero: 0"))
    if before is None:
        _new(seen, line, sku, said)
        return
    after = {name: value for name, value in said.items() if before[name] != value}
    if not after:
        seen.unchanged += 1
        return
    old = {name: before[name] for name in after}
    name = str(said.get("name", before["name"]))
    seen.changes.append(Change("changed", sku, name, line.number, old, after))
    seen.warnings += _suspicions(line.number, sku, old, after)


def _new(seen: Preview, line: Line, sku: str, said: Mapping[str, Value]) -> None:
    for needed in ("name", "price"):
        if needed not in said:
            what = f"«{sku}» is new and has no {needed}"
            seen.problems.append(Problem(line.number, needed, what, f"give it a {needed}"))
            return
    after = {**BLANK, **said}
    seen.changes.append(Change("new", sku, str(said["name"]), line.number, {}, after))
    seen.warnings += _suspicions(line.number, sku, {}, after)


def _off(goods: Goods) -> Change:
    return Change("off", goods["sku"], goods["name"], None, {"active": True}, {"active": False})


def _many_off(left: int, active: int) -> Iterator[Warned]:
    """A file of one supplier, or half a file, would empty the shop."""
    if left * 2 > active:
        what = f"{left} of the {active} products on sale would be switched off"
        yield Warned(None, "", "many_off", what)


def _same_name(seen: Preview, line: Line, sku: str, names: dict[str, int]) -> None:
    name = made_sku(str(line.said.get("name", "")))
    if name and name in names:
        what = f"line {names[name]} has the same name"
        seen.warnings.append(Warned(line.number, sku, "name_twice", what))
    names.setdefault(name, line.number)


def _suspicions(
    line: int, sku: str, before: Mapping[str, Value], after: Mapping[str, Value]
) -> Iterator[Warned]:
    price, was = after.get("price"), before.get("price")
    if price == 0:
        yield Warned(line, sku, "price_zero", "it would cost nothing")
    elif isinstance(price, int) and isinstance(was, int) and was > 0:
        if price >= was * JUMP:
            yield Warned(line, sku, "price_jump", f"{price // was} times what it cost")
        elif price * JUMP <= was:
            yield Warned(line, sku, "price_jump", f"a {was // price}th of what it cost")
    for name in TEXTS:
        value = after.get(name)
        text = " ".join(value) if isinstance(value, list) else str(value or "")
        if suspicions(text):
            yield Warned(line, sku, "instruction", f"its {name} speaks to a model, not to people")
        if links(text):
            yield Warned(line, sku, "link", f"its {name} holds a link")
