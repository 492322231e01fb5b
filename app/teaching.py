"""`nlu`: what messages mean, said by people, and what is learned of it."""

import asyncio
import json
import time
from dataclasses import asdict
from typing import Any, NoReturn
from uuid import UUID

from rich.table import Table

from app.console import FAILED, emit, refuse, result, somebody, talk
from app.desk import Desk, known_shop, opened, pack_of
from app.trials import lines
from config.folders import PackError
from config.packs import Pack, load_pack
from config.settings import Settings
from events.happened import named
from handlers.learned import Classifiers
from knowledge.prompt import own_recognisers
from learning.examining import WAYS, examined
from learning.intents import HeldOut
from learning.intents import train as fitted
from learning.labels import DEV, MOST, Label, LabelsError, joined, off_topic, same, shipped
from nlu.brought import FILE
from nlu.classifier import Classifier, unpacked
from nlu.parse import GENERAL
from store import nlu
from store.base import StoreRefused
from text.privacy import scrub


async def train(settings: Settings, key: str, *, as_json: bool) -> None:
    """The new one is active at once; running bots take it within seconds."""
    began = time.monotonic()
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        pack = pack_of(desk, shop)
        data, _ = await _fitted(desk, shop.id, pack)
        header = asdict(unpacked(data).header)
        async with desk.store.transaction() as session:
            version = await nlu.keep_model(session, shop.id, pack.name, data, header)
    took = round(time.monotonic() - began, 1)
    if as_json:
        emit({"version": version, "bytes": len(data), "seconds": took, **header})
        return
    told = header["metrics"]["macro_f1"]
    result.print(
        f"version {version} is in use: {header['count']} labels, {len(header['intents'])} intents, "
        f"macro-F1 {_bounds(told)} on labels it did not see, {took} s",
        soft_wrap=True,
    )


def bring(name: str, *, as_json: bool) -> None:
    """Writes what the labels of a pack alone teach into its folder: new shops begin with it."""
    try:
        pack = load_pack(name)
        data, _ = fitted(shipped(pack, DEV), off_topic(DEV), pack)
    except (PackError, LabelsError) as error:
        refuse("no classifier was trained", str(error), "a pack brings dev.jsonl", code=FAILED)
    path = pack.folder / FILE
    path.write_bytes(data)
    header = unpacked(data).header
    if as_json:
        emit({"file": str(path), "bytes": len(data), **asdict(header)})
        return
    told = _bounds(header.metrics["macro_f1"])
    result.print(f"{path}: {header.count} labels, macro-F1 {told} on labels it did not see")


async def evaluate(settings: Settings, key: str, *, as_json: bool) -> None:
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        pack = pack_of(desk, shop)
        data, held = await _fitted(desk, shop.id, pack)
        found = await asyncio.to_thread(examined, pack, held, unpacked(data))
    if as_json:
        emit(found)
        return
    table = Table(
        "messages", "by", "macro-F1", "accuracy", "error of calibration", "claimed", box=None
    )
    for name, ways in found.items():
        for way in WAYS:
            one = ways[way]
            claimed = f"{one['claimed']} of {one['beside']}"
            bounds = (_bounds(one[what]) for what in ("macro_f1", "accuracy", "ece"))
            table.add_row(f"{name} ({one['messages']})", way, *bounds, claimed)
    result.print(table)
    talk.print("claimed: messages beside the point that were taken for business", markup=False)


async def annotate(settings: Settings, key: str, by: str, *, as_json: bool) -> None:
    """Every line of standard input, or none."""
    given = list(enumerate(lines(), 1))
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        pack = pack_of(desk, shop)
        rows = {
            row["id"]: row
            for number, line in given
            if line.strip()
            for row in [_row(line, number, pack, shop.id, by or somebody())]
        }
        try:
            async with desk.store.transaction() as session:
                await nlu.annotate(session, list(rows.values()))
        except StoreRefused as error:
            refuse("the annotations were refused", str(error), "nothing was written", code=FAILED)
    gold = sum(row["is_gold"] for row in rows.values())
    if as_json:
        emit({"written": len(rows), "gold": gold})
        return
    result.print(f"{len(rows)} annotations, {gold} of them gold", markup=False)


async def show(settings: Settings, key: str, *, as_json: bool) -> None:
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        async with desk.store.reading() as session:
            found = await nlu.models(session, shop.id)
    if as_json:
        emit(found)
        return
    if not found:
        result.print("No classifier yet. Train one with: main.py nlu train")
        return
    table = Table("version", "pack", "labels", "macro-F1", "bytes", "in use", "trained", box=None)
    for one in found:
        table.add_row(
            str(one["version"]), one["pack"], str(one["header"]["count"]),
            _bounds(one["header"]["metrics"]["macro_f1"]), str(one["bytes"]),
            "yes" if one["active"] else "", f"{one['created_at']:%Y-%m-%d %H:%M}",
        )  # fmt: skip
    result.print(table)


async def classifier_of(settings: Settings, key: str) -> tuple[Pack, Classifier | None]:
    """What a shop's bot decides with."""
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        pack = pack_of(desk, shop)
        classifiers = Classifiers(desk.store, pack)
        learned = await classifiers.of(shop.id)
        await classifiers.close()
    return pack, learned.classifier


async def _fitted(desk: Desk, shop: UUID, pack: Pack) -> tuple[bytes, HeldOut]:
    async with desk.store.reading() as session:
        gold = [Label(*one) for one in await nlu.gold(session, shop, MOST)]
    known = {rule.name for rule in pack.intents}
    labels = joined(shipped(pack, DEV), gold)
    beside = joined(off_topic(DEV), (one for one in labels if one.intent == GENERAL))
    business = [one for one in labels if one.intent in known]
    try:
        return await asyncio.to_thread(fitted, business, beside, pack)
    except LabelsError as error:
        hint = "main.py nlu annotate takes more, one JSON a line"
        refuse("no classifier was trained", str(error), hint, code=FAILED)


def _row(line: str, number: int, pack: Pack, shop: UUID, by: str) -> dict[str, Any]:
    try:
        told = json.loads(line)
        said, intent = str(told["text"]), str(told["intent"])
        slots, gold = told.get("slots", {}), told.get("gold", True)
        training = UUID(told["training_id"]) if told.get("training_id") else None
        confidence = float(told.get("confidence", 1))
    except KeyError as error:
        _unreadable(number, f"it has no {error.args[0]!r}")
    except (ValueError, TypeError, AttributeError) as error:
        _unreadable(number, str(error))
    if intent not in {GENERAL, *(rule.name for rule in pack.intents)}:
        _unreadable(number, f"the pack {pack.name} has no intent {intent!r}")
    if not (isinstance(slots, dict) and isinstance(gold, bool) and said.strip()):
        _unreadable(number, "slots are an object, gold is true or false, and text is not empty")
    masked = scrub(said, extra=own_recognisers(pack)).text
    return {
        "shop_id": shop, "id": named("annotation", str(shop), same(masked)), "text": masked,
        "intent": intent, "slots": slots, "confidence": confidence, "reviewed_by": by,
        "is_gold": gold, "training_id": training,
    }  # fmt: skip


def _unreadable(number: int, why: str) -> NoReturn:
    hint = '{"text": "me guardan uno?", "intent": "reserva", "slots": {}, "gold": true}'
    refuse(f"line {number} is no annotation, so nothing was written", why, hint, code=FAILED)


def _bounds(one: dict[str, float]) -> str:
    return f"{one['value']:.3f} ({one['low']:.3f}–{one['high']:.3f})"
