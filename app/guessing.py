"""A value that an option does not have: what was meant, and what there is."""

import re
from collections.abc import Iterable
from typing import Any, Final, NoReturn

import typer
from typer.core import TyperGroup

from app.console import USAGE, refuse
from text.guessing import meant

_CHOICES: Final = re.compile(r"(?:Value error, )?'(?P<typed>.*)' is not one of (?P<known>.+?)\.?")


def unknown(kind: str, typed: str, known: Iterable[str]) -> NoReturn:
    """There is no such thing."""
    names = list(known)
    hint = f"one of {', '.join(names)}"
    refuse(f"there is no {kind} {typed!r}", meant(typed, names), hint, code=USAGE)


class Guessing(TyperGroup):
    """Options with a list of values say which one was meant, whatever command they are of."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401  as typer has it
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = told(error.message)
            raise


def told(message: str) -> str:
    found = _CHOICES.fullmatch(message)
    if found is None:
        return message
    known = re.findall(r"'([^']*)'", found["known"])
    near = meant(found["typed"], known)
    asked = f" {near[0].upper()}{near[1:]}" if near else ""
    return f"{found['typed']!r} is not one of {', '.join(known)}.{asked}"
