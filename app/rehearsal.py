"""`simulate --personas`: customers with habits through the whole pipeline, at their own pace."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from app.backing import Backing, backing
from app.console import FAILED, USAGE, emit, refuse, result, said_once, talk
from app.customers import ScriptError
from app.lives import HabitsChannel, Words, play
from app.parts import build
from app.personas import PERSONAS, Lived, Persona, read_personas
from app.pipeline import pipeline
from app.plugins import Setting, load
from app.simulation import ACCOUNT, forget, settled
from bot.channels.base import Channel
from config.manners import UNPACED
from config.settings import Settings
from events import dead

HEADS = ("n", "said", "due", "got", "none", "wrong", "extra", "over", "p50", "p95")
REMINDER_H = 2.5 / 3600
"""The simulated shop reminds after seconds, or nobody could watch."""


@dataclass(frozen=True, slots=True)
class Figures:
    """`p50_s` and `p95_s` are from a customer's last word to the answer they waited for."""

    persona: str
    customers: int
    messages: int
    expected: int
    answered: int
    unanswered: int
    wrong: int
    surplus: int
    after_a_person: int
    p50_s: float
    p95_s: float

    @property
    def sound(self) -> bool:
        return not (self.unanswered or self.wrong or self.surplus or self.after_a_person)


async def rehearse(settings: Settings, each: int, file: str | None, *, as_json: bool) -> int:
    try:
        personas = read_personas(Path(file) if file else PERSONAS)
    except ScriptError as error:
        hint = "examples/personas.toml shows how one is written"
        refuse("no personas to play", str(error), hint, code=USAGE)
    alone = _apart(settings)
    async with backing(alone, said_once()) as here:
        lived, seconds, letters = await _lived(alone, here, personas, each)
    figures = [figures_of(one) for one in lived]
    _tell(figures, lived, seconds, letters, as_json=as_json)
    return 0 if letters == 0 and all(one.sound for one in figures) else FAILED


def _apart(settings: Settings) -> Settings:
    """Offline, in a corner of Redis of its own, with reminders that come within seconds."""
    prefix = f"{settings.redis.prefix}-rehearsal-{uuid4().hex[:8]}"
    reminders = {"enabled": True, "after_h": REMINDER_H, "hours": "00:00-24:00", "days": "mon-sun"}
    paid = settings.orders.transfer or "Banco de prueba, cuenta 123"
    return settings.model_copy(
        update={
            "redis": settings.redis.model_copy(update={"prefix": prefix}),
            "pace": UNPACED,
            "models": settings.models.model_copy(update={"order": ("offline",)}),
            "followups": settings.followups.model_copy(update=reminders),
            "orders": settings.orders.model_copy(update={"enabled": True, "transfer": paid}),
            "hours": settings.hours.model_copy(update={"week": {}}),
            "takeover": settings.takeover.model_copy(update={"staff": ()}),
        }
    )


async def _lived(
    settings: Settings, here: Backing, personas: Sequence[Persona], each: int
) -> tuple[list[Lived], float, int]:
    extension = load(settings.app.plugins)
    made: list[HabitsChannel] = []

    def habits(setting: Setting) -> Channel:
        made.append(HabitsChannel(setting.shop, setting.account))
        return made[0]

    columns = TextColumn("rehearsing"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    async with build(settings, here, extension, {ACCOUNT: habits}, hearing=Words()) as parts:
        try:
            async with pipeline(parts, here.redis_url, extension):
                with Progress(*columns, console=talk, transient=True) as progress:
                    task = progress.add_task("", total=each * len(personas))
                    begun = time.perf_counter()
                    run = f"reh-{uuid4().hex[:8]}"
                    lived = await play(made[0], personas, each, run, lambda: progress.advance(task))
                    seconds = time.perf_counter() - begun
                await settled(parts.stream)
            return lived, seconds, len([one async for one in dead.letters(parts.stream)])
        finally:
            await forget(parts.stream)


def figures_of(lived: Lived) -> Figures:
    waits = sorted(lived.waits) or [0.0]
    return Figures(
        persona=lived.persona,
        customers=lived.customers,
        messages=lived.messages,
        expected=lived.expected,
        answered=lived.answered,
        unanswered=lived.unanswered,
        wrong=lived.wrong,
        surplus=lived.surplus,
        after_a_person=lived.after_a_person,
        p50_s=round(waits[len(waits) // 2], 2),
        p95_s=round(waits[min(int(len(waits) * 0.95), len(waits) - 1)], 2),
    )


def _tell(
    figures: Sequence[Figures],
    lived: Sequence[Lived],
    seconds: float,
    letters: int,
    *,
    as_json: bool,
) -> None:
    for one in lived:
        for complaint in one.complaints[:3]:
            talk.print(f"{one.persona}: {complaint}", markup=False)
    rows = [{name: getattr(one, name) for name in Figures.__slots__} for one in figures]
    if as_json:
        emit({"personas": rows, "dead_letters": letters, "seconds": round(seconds, 1)})
        return
    table = Table("persona", *HEADS)
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    result.print(table)
    sound = letters == 0 and all(one.sound for one in figures)
    result.print("sound" if sound else "[red]somebody was treated badly[/]")
