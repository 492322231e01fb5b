"""`scores` and `rescore`: what replies are worth, judged now, again, and by what was learned."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from app.console import FAILED, USAGE, emit, refuse, result, talk
from app.desk import Desk, known_shop, opened, pack_of
from app.guessing import unknown
from app.plugins import load, signals
from config.settings import Settings
from evaluation.learned import TrainedScorers
from evaluation.rescoring import History, Wanted
from evaluation.rounds import Rounds, told
from evaluation.scoring import Signal
from evaluation.training import TooFewLabels
from evaluation.words import Learned
from jobs.asking import offer
from jobs.queue import Queue
from jobs.scoring import ALL, rescoring_of
from services.clock import now
from store.app import Shop
from store.decisions import judgements, last_reply
from store.scoring import scorers

EVERY, LAST = "all", "last"


async def update(settings: Settings, key: str, *, as_json: bool) -> None:
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        with Progress(TextColumn("{task.description}"), console=talk, transient=True) as bar:
            task = bar.add_task("looking")
            rounds = Rounds(
                desk.store, desk.wire, settings, shop.id, own_signals(desk, shop),
                lambda what, done: bar.update(task, description=f"{what} {done}"),
            )  # fmt: skip
            found = await rounds.go()
    if as_json:
        emit(found)
        return
    seen, judge, scorer = found["signals"], found["judge"], found["scorer"]
    result.print(f"signals: {seen['looked_at']} replies looked at, {seen['changed']} new")
    result.print(
        f"judge: {judge['asked']} asked, {judge['judged']} judged, {judge['refused']} answers"
        f" refused, {judge['unshown']} messages not shown to it"
    )
    if judge["stopped"]:
        result.print(f"  stopped: {judge['stopped']}", markup=False)
    if scorer is not None:
        result.print(f"scorer {scorer['version']}: {scorer['why']}", markup=False)


async def train(settings: Settings, key: str, *, as_json: bool) -> None:
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        rounds = Rounds(desk.store, desk.wire, settings, shop.id, own_signals(desk, shop))
        with talk.status("training"):
            try:
                taught = await rounds.learn(at_once=True)
            except TooFewLabels as error:
                hint = "main.py label next, or main.py label import"
                refuse("no scorer was trained", str(error), hint, code=FAILED)
    if taught is None:
        return
    if as_json:
        emit(told(taught))
        return
    use = "is in use" if taught.active else "is not used"
    result.print(f"version {taught.version} {use}: {taught.why}", soft_wrap=True, markup=False)


async def show_models(settings: Settings, key: str, *, as_json: bool) -> None:
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        async with desk.store.reading() as session:
            found = await scorers(session, shop.id)
    if as_json:
        emit(found)
        return
    if not found:
        result.print("No scorer of its own yet: the lexicon judges. main.py scores train")
        return
    table = Table("version", "labels", "F1 before", "F1 after", "gain ≥", "in use", box=None)
    for one in found:
        gain = one["metrics"]["frozen"]
        figures = (f"{gain[name]:.3f}" for name in ("before", "after", "low"))
        used = "yes" if one["active"] else ""
        table.add_row(str(one["version"]), str(one["metrics"]["labels"]), *figures, used)
    result.print(table)


async def show(settings: Settings, key: str, which: str, *, as_json: bool) -> None:
    """Every judgement of a reply, and what counts of them."""
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        async with desk.store.lookup() as connection:
            wanted = await last_reply(connection, shop.id) if which == LAST else id_of(which)
            found = await judgements(connection, shop.id, wanted) if wanted else None
    if found is None:
        hint = "an id of a reply, as main.py why shows it; or `last`"
        refuse(f"there is no reply {which!r}", "none of this shop has it", hint, code=USAGE)
    if as_json:
        emit(found)
        return
    score, label = found["score"] or "no score", found["label"] or "nothing was judged yet"
    result.print(f"{score}: {label}", markup=False)
    table = Table("scorer", "version", "score", "label", "confidence", "because", box=None)
    for one in found["judgements"]:
        because = ", ".join(str(clue.get("text", "")) for clue in one["evidence"])
        named = (one["scorer"], str(one["version"]), str(one["score"] or "-"), one["label"])
        table.add_row(*named, f"{one['confidence']:.2f}", because)
    result.print(table)


async def rescore(settings: Settings, key: str, scorer: str, *, later: bool, as_json: bool) -> None:
    wanted = [name for name in ALL if scorer in {name, EVERY}]
    if not wanted:
        unknown("scorer", scorer, [*ALL, EVERY])
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        if later:
            for one in wanted:
                await offer(desk.store, queue_at(desk), rescoring_of(shop.id, one))
            told_: dict[str, Any] = dict.fromkeys(wanted, "queued")
        else:
            told_ = {one: await _rescored(desk, shop, one) for one in wanted}
    if as_json:
        emit(told_)
        return
    for name, done in told_.items():
        if done == "queued":
            result.print(f"{name}: a running bot's worker judges again")
            continue
        after = f", after the {done['resumed']} of an earlier run" if done["resumed"] else ""
        result.print(f"{name}: {done['rows']} replies looked at, {done['fresh']} judged{after}")


async def _rescored(desk: Desk, shop: Shop, wanted: Wanted) -> dict[str, int]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=talk, transient=True) as bar:
        task = bar.add_task(wanted, total=None)
        history = History(
            desk.store, shop.id, own_signals(desk, shop), await learned_of(desk, shop),
            lambda done, of: bar.update(task, completed=done, total=of),
        )  # fmt: skip
        return asdict(await history.rescore(wanted, now()))


async def learned_of(desk: Desk, shop: Shop) -> Learned | None:
    trained = TrainedScorers(desk.store)
    held = await trained.of(shop.id)
    await trained.close()
    return held.learned


def own_signals(desk: Desk, shop: Shop) -> list[Signal]:
    return signals(pack_of(desk, shop), load(desk.settings.app.plugins))


def queue_at(desk: Desk) -> Queue:
    own = desk.settings.jobs.redis_url
    return Queue(own.get_secret_value() if own else desk.redis_url, desk.prefix)


def id_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
