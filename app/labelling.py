"""`label`: people say what replies were worth, one after another, and how far others agree."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final, NoReturn
from uuid import UUID

import typer
from rich.table import Table

from app.console import FAILED, USAGE, emit, refuse, result, somebody, talk
from app.desk import Desk, known_shop, opened, pack_of
from app.scores import id_of, learned_of, own_signals
from app.trials import lines
from config.settings import Settings
from evaluation.agreement import Agreement
from evaluation.labelling import Clerk, Given, LabelRefused
from evaluation.opinions import compare
from knowledge.prompt import own_recognisers
from services.clock import now
from store.app import Shop
from store.labels import Label, Unlabelled, labels, unlabelled

NOTHING: Final = "0"
SKIP, QUIT = "s", "q"
SCORES: Final = ("1", "2", "3", "4", "5")
ANSWERS: Final = "1-5, 0 it says nothing, s skip, q quit"
EXPORTED: Final = 1_000_000


async def next_(settings: Settings, key: str, by: str, *, frozen: bool, as_json: bool) -> None:
    """Blind: no score of anybody's is shown. One is taken at once, so quitting loses nothing."""
    who, done, skipped = by or somebody(), 0, list[UUID]()
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        while (one := await _drawn(desk, shop, who, skipped)) is not None:
            if as_json:
                emit({**asdict(one), "id": str(one.id)})
                return
            said = _asked(one, done)
            if said == QUIT:
                break
            if said == SKIP:
                skipped.append(one.id)
                continue
            given = Given(_score(said), who, training=one.id, frozen=frozen)
            await _clerk(desk, shop).take([given], now())
            done += 1
    if as_json:
        emit(None)
        return
    result.print(f"{done} labelled by {who}", markup=False)
    if one is None:
        talk.print("there is nothing left to label", markup=False)


async def add(
    settings: Settings, key: str, told: tuple[str, str], given: tuple[str, bool], *, as_json: bool
) -> None:
    """`told` is the reply's id and its score; `given` is by whom, and whether it is frozen."""
    (which, score), (by, frozen) = told, given
    training = id_of(which)
    if training is None or score not in {*SCORES, NOTHING}:
        what, why = f"{score!r} is no score", "a score is 1 to 5, or 0: it says nothing"
        if training is None:
            what, why = f"{which!r} is no id of a reply", "pages and JSON show it whole"
        refuse(what, why, "main.py label next", code=USAGE)
    one = Given(_score(score), by or somebody(), training, frozen=frozen)
    await _take(settings, key, [one], as_json=as_json)


async def take_in(settings: Settings, key: str, by: str, *, frozen: bool, as_json: bool) -> None:
    """Every line of standard input, or none."""
    given = [
        _given(line, number, by or somebody(), frozen=frozen)
        for number, line in enumerate(lines(), 1)
        if line.strip()
    ]
    await _take(settings, key, given, as_json=as_json)


async def give_out(settings: Settings, key: str) -> None:
    """A JSON a line, the oldest first; what `import` takes again."""
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        async with desk.store.batch() as connection:
            found = await labels(connection, shop.id, EXPORTED)
    for one in reversed(found):
        emit(_line(one))


async def agree(settings: Settings, key: str, *, as_json: bool) -> None:
    """Exits 1 when there is nothing to compare."""
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        learned = await learned_of(desk, shop)
        found = await compare(desk.store, shop.id, own_signals(desk, shop), learned)
    if not found:
        hint = "main.py label next"
        refuse("there is nothing to compare", "nobody labelled a reply", hint, code=FAILED)
    if as_json:
        emit({name: one.told() for name, one in found.items()})
        return
    heads = ("with people", "n", "κ", "κ weighted", "exact", "±1", "F1 of 3", "≥4 right")
    table = Table(*heads, box=None)
    for name, one in found.items():
        table.add_row(name, *_figures(one))
    result.print(table)
    for name, one in found.items():
        _confusion(name, one)


def _figures(one: Agreement) -> Sequence[str]:
    kappas = ("-" if value is None else f"{value:.3f}" for value in (one.kappa, one.weighted))
    shares = (one.exact, one.within_one, one.macro_f1, one.praise_right)
    return str(one.cases), *kappas, *(f"{share:.3f}" for share in shares)


def _confusion(name: str, one: Agreement) -> None:
    columns = ("-", *SCORES)
    table = Table("people", *columns, box=None, title=f"people say … {name} says")
    for wanted in columns:
        row = one.confusion.get(wanted, {})
        table.add_row(wanted, *(str(row.get(found, "")) for found in columns))
    result.print(table)


async def _drawn(desk: Desk, shop: Shop, by: str, skipped: Sequence[UUID]) -> Unlabelled | None:
    async with desk.store.batch() as connection:
        found = await unlabelled(connection, shop.id, by, 1, skipped)
    return found[0] if found else None


def _asked(one: Unlabelled, done: int) -> str:
    talk.print(f"\n[{done + 1}] the customer asked: {one.question}", markup=False)
    talk.print(f"    the bot answered:   {one.reply}", markup=False)
    talk.print(f"    the customer wrote: {one.next}", markup=False)
    while True:
        said = str(typer.prompt(f"    {ANSWERS}", err=True)).strip().lower()
        if said in {*SCORES, NOTHING, SKIP, QUIT}:
            return said


async def _take(settings: Settings, key: str, given: Sequence[Given], *, as_json: bool) -> None:
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        try:
            written = await _clerk(desk, shop).take(given, now())
        except LabelRefused as error:
            hint = "main.py label next draws one"
            refuse("no label was written", str(error), hint, code=FAILED)
    if as_json:
        emit({"written": written, "frozen": sum(one.frozen for one in given)})
        return
    result.print(f"{written} labels written", markup=False)


def _clerk(desk: Desk, shop: Shop) -> Clerk:
    return Clerk(desk.store, shop.id, own_recognisers(pack_of(desk, shop)))


def _score(said: str) -> int | None:
    return None if said == NOTHING else int(said)


def _given(line: str, number: int, by: str, *, frozen: bool) -> Given:
    try:
        told = json.loads(line)
        score, training = told["score"], told.get("training_id")
        one = Given(
            score=score,
            by=str(told.get("by") or by),
            training=UUID(training) if training else None,
            reply=str(told.get("reply", "")) if not training else None,
            next=str(told["next"]) if not training else None,
            note=str(told.get("note", "")),
            frozen=bool(told.get("frozen", frozen)),
        )
    except KeyError as error:
        _unreadable(number, f"it has no {error.args[0]!r}")
    except (ValueError, TypeError, AttributeError) as error:
        _unreadable(number, str(error))
    if isinstance(score, bool) or score not in {None, 1, 2, 3, 4, 5}:
        _unreadable(number, "a score is 1 to 5, or null: it says nothing")
    if one.training is None and not (one.next or "").strip():
        _unreadable(number, "without a training_id there has to be a next message")
    return one


def _unreadable(number: int, why: str) -> NoReturn:
    hint = '{"reply": "Cuesta $9.990", "next": "uy qué caro", "score": 2}'
    refuse(f"line {number} is no label, so nothing was written", why, hint, code=FAILED)


def _line(one: Label) -> dict[str, Any]:
    told: dict[str, Any] = {"score": one.score, "by": one.by, "frozen": one.frozen}
    if one.note:
        told["note"] = one.note
    about = {"training_id": str(one.training)} if one.training else {}
    return {**about, "reply": one.reply, "next": one.next, **told}
