"""Golden cases of a pack: what customers write, and what an answer must and must never say."""

from pathlib import Path
from typing import Any, Final, Literal

from pydantic import Field, ValidationError

from config.folders import PackError
from config.packs import Pack
from config.shapes import Part

FILE: Final = "golden.jsonl"


class Case(Part):
    """One dialogue of which the last answer is judged.

    `must` and `never` are read without accents and capitals; `a|b` is either of them, and `never`
    holds for every answer of the dialogue. `sources` are ids or titles of what the answer has to
    rest on. With `unknown` it has to say that it does not know, or call a person.
    """

    name: str = Field(min_length=1)
    split: Literal["dev", "test"]
    messages: tuple[str, ...] = Field(min_length=1)
    intent: str | None = None
    slots: dict[str, Any] | None = None
    must: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    unknown: bool = False
    tags: tuple[str, ...] = ()


def golden(pack: Pack) -> tuple[Case, ...]:
    """The pack's own, and not those of a pack that it extends: they speak of the other's wares.

    Raises PackError with the line.
    """
    folder = pack.folder
    if not (folder / FILE).is_file():
        return ()
    cases = _read(folder / FILE)
    known = {rule.name for rule in pack.intents} | {"general"}
    for case in cases:
        if case.intent is not None and case.intent not in known:
            raise PackError(f"{folder / FILE}: {case.name}: the pack has no {case.intent!r}")
    return cases


def _read(path: Path) -> tuple[Case, ...]:
    found: dict[str, Case] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            case = Case.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(step) for step in first["loc"])
            raise PackError(f"{path}: line {number}: {place}: {first['msg']}") from error
        if case.name in found:
            raise PackError(f"{path}: line {number}: {case.name!r} stands twice")
        found[case.name] = case
    return tuple(found.values())
