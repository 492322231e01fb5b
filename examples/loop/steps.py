"""The steps of the example: each does one thing as a shop would, and tells what came of it."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from app.backing import Backing
from examples.loop import talks
from examples.loop.ollama import Messages, OllamaServer
from examples.loop.shop import GATES, LEARNING, Sections, Shop, Typist, opened
from learning.ollama import Recipe, open_server
from store import registry
from store.ml import TrainingData
from store.rollouts import Rollout
from store.versions import ModelVersion

ROUNDS: Final = 2
BASE: Final = LEARNING["served_base"]
BAD: Final = "andes-inventing"
MOST: Final = 120
Told = dict[str, Any]


@dataclass
class Loop:
    """What one step leaves to the next; `model` and `version` are those that were trained."""

    here: Backing
    server: OllamaServer
    sections: Sections
    folder: Path
    model: str = ""
    version: str = ""
    dataset: str = ""
    training: str = ""
    prompts: dict[str, Messages] = field(default_factory=dict)

    @property
    def typist(self) -> Typist:
        return Typist(self.sections)

    @property
    def base(self) -> Path:
        return self.folder / "base"


async def talk(loop: Loop) -> Told:
    """Customers ask, and say how they liked it: first a script answers, which is learned from."""
    loop.server.scripts["before"] = talks.before
    async with opened(loop.sections, loop.here) as shop:
        for number in range(ROUNDS):
            for question in talks.KNOWN:
                await shop.ask(f"{number}-{question}", question)
                word = talks.BLAME if question in talks.CORRECTED else talks.THANKS
                await shop.ask(f"{number}-{question}", word)
        await shop.settled()
        rows = await _rows(shop)
    loop.prompts = {lesson[-2]["content"]: lesson[:-1] for _, lesson in loop.server.heard}
    scores = Counter(row.quality_score for row in rows if row.quality_score is not None)
    return {
        "conversations": ROUNDS * len(talks.KNOWN),
        "rows": len(rows),
        "scores": {str(score): count for score, count in sorted(scores.items())},
    }


async def correct(loop: Loop) -> Told:
    """A person says it better, five checks look at it, and a person accepts it."""
    done = []
    async with opened(loop.sections, loop.here) as shop:
        rows = {row.user_message: row for row in await _rows(shop)}
    for question, better in talks.CORRECTED.items():
        reply = str(rows[question].id)
        one = await loop.typist.type("improve", reply, "--text", better)
        accepted = await loop.typist.type("corrections", "accept", str(one["id"]), "--sure")
        done.append({"question": question, "before": one["basis"], "after": accepted["text"]})
    return {"accepted": done}


async def dataset(loop: Loop) -> Told:
    built = await loop.typist.type("dataset", "build")
    loop.dataset = built["id"]
    return {name: built[name] for name in ("rows", "sha256", "dropped", "explanation", "path")}


async def base(loop: Loop) -> Told:
    """A model of two layers that knows what was said till now, as it was asked."""
    lessons = {json.dumps({"messages": one}, ensure_ascii=False) for _, one in loop.server.heard}
    path = loop.folder / "lessons.jsonl"
    path.write_text("".join(f"{one}\n" for one in sorted(lessons)), encoding="utf-8")
    by_heart = ("--lessons", str(path), "--seconds", "600")
    made = await loop.typist.type("local", "tiny", str(loop.base), *by_heart)
    loop.server.bases[BASE] = loop.base
    ollama = open_server(loop.server.url)
    await ollama.create(BASE, Recipe(files={"model.gguf": loop.base / "model.gguf"}))
    await ollama.close()
    loop.sections["ollama"]["model"] = BASE
    return {"lessons": made["lessons"], "seconds": made["seconds"]}


async def train(loop: Loop) -> Told:
    words = ("--trainer", "local", "--base", str(loop.base), "--dataset", loop.dataset, "--here")
    told = await loop.typist.type("train", "start", *words)
    loop.model, loop.version, loop.training = told["model"], told["version"], told["id"]
    return {name: told[name] for name in ("state", "conversations", "model", "version", "stage")}


async def deploy(loop: Loop) -> Told:
    """On a server of one's own, where it is asked in the very tokens that it learned from."""
    folder = loop.folder / "trainings" / loop.training
    told = await loop.typist.type("local", "deploy", str(folder), "--question", talks.ASKED)
    return {"adapter": told["adapter"], "tokens": told["parity_tokens"]}


async def compare(loop: Loop) -> Told:
    """The same prompts for the model before and after."""
    ollama = open_server(loop.server.url)
    answers = [
        {
            "question": question,
            "before": await ollama.answer(BASE, loop.prompts[question], temperature=0),
            "after": await ollama.answer(loop.model, loop.prompts[question], temperature=0),
        }
        for question in talks.KNOWN
    ]
    await ollama.close()
    return {"answers": answers}


async def gates(loop: Loop) -> Told:
    """By the limits of a real shop, and by those of this example."""
    ollama = open_server(loop.server.url)
    await ollama.copy(BASE, BAD)
    await ollama.close()
    loop.server.scripts[BAD] = talks.inventing
    await loop.typist.type("models", "add", BAD, "--provider", "ollama", "--model", BAD)
    real = {**loop.sections, "evaluation": {}}
    words = ("eval", "run", "--version")
    codes = (0, 1, 3)
    bad, strict = await asyncio.gather(
        Typist(real).type(*words, BAD, codes=codes),
        Typist(real).type(*words, loop.version, codes=codes),
    )
    small = await loop.typist.type(*words, loop.version, codes=codes)
    return {
        "bad": _verdict(bad), "good": _verdict(strict), "good_by_small_limits": _verdict(small),
        "small_limits": dict(GATES),
    }  # fmt: skip


async def bad(loop: Loop) -> Told:
    """Somebody insists, and the guard rails take it back."""
    async with opened(loop.sections, loop.here) as shop:
        await loop.typist.type("rollout", "start", BAD, "--percent", "90", "--force")
        told = await _lived(shop, "bad", {"rolled_back"}, ())
        lies = [part.text for part in shop.channel.sent if talks.INVENTED in part.text]
    return told | {"lies_heard": len(lies)}


async def good(loop: Loop) -> Told:
    async with opened(loop.sections, loop.here) as shop:
        await loop.typist.type("rollout", "start", loop.version)
        ends = {"promoted", "rolled_back", "inconclusive"}
        return await _lived(shop, "good", ends, (talks.THANKS,))


async def afterwards(loop: Loop) -> Told:
    """A new customer, through the whole pipeline."""
    async with opened(loop.sections, loop.here) as shop:
        answers = {one: await shop.ask(f"later {one}", one) for one in talks.CORRECTED}
        await shop.settled()
        async with shop.parts.store.reading() as session:
            active = await registry.active_version(session, shop.parts.shop)
    return {"active": active.name if active else None, "answers": answers}


async def _rows(shop: Shop) -> Sequence[TrainingData]:
    async with shop.parts.store.reading() as session:
        return list(await session.scalars(select(TrainingData)))


async def _lived(shop: Shop, who: str, until: set[str], thanks: Sequence[str]) -> Told:
    """New customers come until the rollout has ended; how it went."""
    count, seen = 0, await _newest(shop)
    for question in islice(cycle(talks.KNOWN), MOST):
        for said in (question, *thanks):
            await shop.ask(f"{who} {count}", said)
        count, seen = count + 1, await _newest(shop)
        if seen.state in until:
            break
    async with shop.parts.store.reading() as session:
        steps = await registry.steps_of(session, shop.parts.shop, seen.id)
        version = await session.get_one(ModelVersion, (shop.parts.shop, seen.version_id))
    return {
        "version": version.name,
        "state": seen.state,
        "becomes": version.state,
        "conversations": count,
        "steps": [
            {"to": one.to_state, "percent": one.percent, "reason": one.reason, "by": one.by}
            for one in steps
        ],
    }


async def _newest(shop: Shop) -> Rollout:
    async with shop.parts.store.reading() as session:
        return (await registry.latest(session, shop.parts.shop))[0]


def _verdict(told: Told) -> Told:
    return {
        "verdict": told["verdict"],
        "gates": {one["name"]: one["verdict"] for one in told["gates"]},
        "seen": {one["name"]: one["value"] for one in told["gates"]},
        "cases": told["figures"]["answers"],
    }
