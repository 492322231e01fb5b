"""How commands speak: results on stdout, talk on stderr, errors in three lines, exit codes.

0 done · 1 a check failed · 2 usage · 3 configuration · 4 a dependency is unreachable · 130 Ctrl+C
"""

import asyncio
import gc
import json
import logging
import os
import re
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer
from rich.console import Console

from services.lineage import ASKED_BY

if TYPE_CHECKING:
    from config.settings import Settings

T = TypeVar("T")
Json = Annotated[bool, typer.Option("--json", help="Print one JSON on stdout, nothing else.")]

FAILED, USAGE, CONFIG, UNREACHABLE, INTERRUPTED = 1, 2, 3, 4, 130
_UNREADABLE = re.compile("[\x00\ud800-\udfff]")
talk = Console(stderr=True, highlight=False)
result = Console(highlight=False)


def settings() -> "Settings":
    from config.settings import Settings  # noqa: PLC0415  --help needs none

    return Settings()


def awaited(work: Coroutine[Any, Any, T]) -> T:
    import uvloop  # noqa: PLC0415  nor a loop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


@contextmanager
def asking() -> Iterator[None]:
    """Ctrl+C at a prompt ends it: a loop's own handler would only cancel what waits for no loop."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def somebody() -> str:
    """Who types, as far as the terminal says; or who asked the worker that started this."""
    return os.environ.get(ASKED_BY) or os.environ.get("USER") or "command line"


def acting() -> str:
    """Who types, as the audit names them; nobody for what a worker started: who asked it stands
    there already."""
    return "" if ASKED_BY in os.environ else f"terminal:{somebody()}"


def emit(value: Any) -> None:  # noqa: ANN401  whatever JSON can hold
    """One JSON on stdout, and nothing else there."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def say(text: str, facts: Any, *, as_json: bool) -> None:  # noqa: ANN401  whatever JSON can hold
    """What a command did: `facts` for a program, else in a line."""
    if as_json:
        emit(facts)
    else:
        result.print(text, markup=False)


def said_once() -> Callable[[str], None]:
    """Tells each step of a start when it begins, and not while it goes on."""
    last = ""

    def say(step: str) -> None:
        nonlocal last
        if step != last:
            last = step
            talk.print(f"  {step}…", markup=False)

    return say


def refuse(what: str, why: str = "", hint: str = "", *, code: int = CONFIG) -> NoReturn:
    """What happened, why, and what to type next."""
    talk.print(f"[bold red]error:[/] {_plain(what)}", soft_wrap=True)
    if why:
        talk.print(f"  why:  {_plain(why)}", soft_wrap=True)
    if hint:
        talk.print(f"  next: {_plain(hint)}", soft_wrap=True)
    raise typer.Exit(code)


def _plain(text: str) -> str:
    return text.replace("[", r"\[")


def readable(*texts: str) -> None:
    """Bytes that are no UTF-8 come from the terminal as halves of signs, which nothing can keep."""
    for text in texts:
        if _UNREADABLE.search(text):
            why = "it holds bytes that are no text in UTF-8"
            refuse(f"{text!r} cannot be read", why, "type it again in UTF-8", code=USAGE)


class Explained:
    """Every error that a person can mend is told in three lines; a bug of ours keeps its trace.

    Commands that have many turns answered are `quiet`: they log what is wrong alone."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.level = logging.ERROR if quiet else logging.INFO

    def __enter__(self) -> None:
        # What a command imports next stays: to look hundreds of times for what of it may go is a
        # tenth of a start.
        gc.set_threshold(50_000, 20, 100)
        from config.logging import configure  # noqa: PLC0415  --help needs no logs
        from text.privacy import scrub  # noqa: PLC0415  nor what masks them

        configure(lambda text: scrub(text).text, level=self.level)

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: object
    ) -> None:
        if error is not None and not isinstance(error, typer.Exit):
            from app.explaining import explain  # noqa: PLC0415  it imports half the project

            explain(error)
