"""Asks every case of an evaluation and keeps what came of it, so that it can be gone on with."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field
from typing import Any, Final
from uuid import UUID

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.backing import Backing
from app.console import talk
from app.examinee import Examinee
from app.parts import build
from app.plugins import App
from app.sandbox import apart, sandbox, tidy
from app.witness import Witness, witness
from config.golden import Case
from config.insults import insults
from config.packs import Pack
from config.settings import Settings
from evaluation.assessing import Answered, Judged, judge
from evaluation.cases import Given, case_of, name_of
from evaluation.metrics import Row
from evaluation.understanding import exact
from knowledge.prompt import own_recognisers
from learning.measuring import Guess
from nlu.classifier import unpacked
from store import evaluating, nlu
from store.app import Shop
from store.evaluating import Risk
from store.evaluations import EvalResult
from store.session import Store
from text.privacy import scrub

FIRST_GROUP: Final = 1_000_000
"""Golden cases are no copies of labelled messages."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A case to be asked, and the row it is kept under; a message with a label has none."""

    case: Case
    case_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Examiner:
    settings: Settings
    here: Backing
    store: Store
    shop: Shop
    examinee: Examinee
    pack: Pack
    extension: App
    run_id: UUID
    risk: Risk
    intents: list[Guess] = field(default_factory=list)
    slots: list[bool] = field(default_factory=list)

    async def examine(self, given: Given) -> list[Row]:
        """The pack's cases are asked in a shop with its samples, for which they were written; the
        shop's own are asked in the shop."""
        async with self.store.reading() as session:
            before = await evaluating.results(session, self.shop.id, self.run_id)
        rows = {row.name: _row(row) for row in before}
        pack = [Asked(case_of(row), row.id) for row in given.cases if row.origin == "pack"]
        own = [Asked(case_of(row), row.id) for row in given.cases if row.origin == "shop"]
        heard = [
            Asked(Case(name=name_of(one), split="dev", messages=(one.text,)))
            for one in given.labels
        ]
        left = [
            [one for one in part if one.case.name not in rows] for part in ([*pack, *heard], own)
        ]
        columns = TextColumn("evaluating"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
        with Progress(*columns, console=talk, transient=True) as progress:
            task = progress.add_task("", total=len(rows) + sum(map(len, left)), completed=len(rows))
            for part, aside in zip(left, (True, False), strict=True):
                done = await self._asked(part, lambda: progress.advance(task), aside=aside)
                rows |= {row.name: row for row in done}
        self._understood([*pack, *own], rows)
        return list(rows.values())

    def _understood(self, asked: Sequence[Asked], rows: dict[str, Row]) -> None:
        for place, one in enumerate(asked):
            if one.case.intent is not None and one.case.name in rows:
                found = rows[one.case.name].answered.intent
                self.intents.append(Guess(one.case.intent, found, group=FIRST_GROUP + place))
            if one.case.slots is not None and one.case.name in rows:
                found_slots = rows[one.case.name].answered.slots
                self.slots.append(exact(one.case.slots, found_slots, one.case.slots.keys()))

    async def _asked(
        self, asked: Sequence[Asked], told: Callable[[], None], *, aside: bool
    ) -> list[Row]:
        if not asked:
            return []
        async with AsyncExitStack() as stack:
            if aside:
                under = await stack.enter_async_context(
                    sandbox(self.settings, self.here, str(self.pack.folder))
                )
            else:
                under = apart(self.settings, self.shop.key, str(self.pack.folder))
            stack.push_async_callback(tidy, self.here.redis_url, under.redis.prefix)
            parts = await stack.enter_async_context(build(under, self.here, self.extension, {}))
            if aside:
                await taught(self.store, self.shop.id, parts.shop)
            patience_s = self.settings.evaluation.patience_s
            by = await stack.enter_async_context(witness(parts, self.examinee, patience_s))
            gate = asyncio.Semaphore(self.settings.evaluation.at_once)
            return list(await asyncio.gather(*(self._one(by, gate, one, told) for one in asked)))

    async def _one(
        self, by: Witness, gate: asyncio.Semaphore, asked: Asked, told: Callable[[], None]
    ) -> Row:
        case = asked.case
        async with gate:
            answered = await by.answered(case.messages)
        judged = judge(case, answered, insults())
        row = Row(case.name, asked.case_id is not None, answered, judged)
        async with self.store.transaction() as session:
            await evaluating.reveal(session, self.shop.id, self.run_id, self.risk)
            await evaluating.keep_results(session, [self._kept(row, asked.case_id)])
        told()
        return row

    def _kept(self, row: Row, case: UUID | None) -> dict[str, Any]:
        """Without personal data, whatever a case or an answer holds."""
        answered, extra = row.answered, own_recognisers(self.pack)
        masked = [scrub(text, extra=extra).text for text in answered.said]
        observed = asdict(answered) | {"said": masked}
        return {
            "shop_id": self.shop.id, "run_id": self.run_id, "name": row.name, "case_id": case,
            "passed": row.judged.right, "points": 100.0 if row.judged.right else 0.0,
            "faults": [scrub(fault, extra=extra).text for fault in row.judged.faults],
            "reply": masked[-1] if masked else "", "observed": observed,
            "latency_ms": answered.latency_ms, "cost_micros": answered.cost_micros,
        }  # fmt: skip


async def taught(store: Store, shop: UUID, other: UUID) -> None:
    """The other shop understands with what this one was taught."""
    async with store.transaction() as session:
        found = await nlu.active_model(session, shop)
        if found is None:
            return
        header = unpacked(found[1]).header
        await nlu.keep_model(session, other, header.pack, found[1], asdict(header))


def _row(kept: EvalResult) -> Row:
    observed = kept.observed
    lists = {name: tuple(observed[name]) for name in ("said", "sources", "checks", "malformed")}
    answered = Answered(**(observed | lists))
    return Row(kept.name, kept.case_id is not None, answered, Judged(tuple(kept.faults)))
