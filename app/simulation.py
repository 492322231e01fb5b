"""`simulate`: scripted customers through the whole pipeline, and a count of everything after."""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID, uuid4

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy import func, select

from app.backing import Backing, backing
from app.console import FAILED, USAGE, emit, refuse, result, said_once, talk
from app.customers import SCRIPTS, Customers, Heard, ScriptError, read_scripts
from app.parts import Parts, build
from app.pipeline import pipeline
from app.plugins import App, Setting, load
from bot.channels.base import Channel, Part
from bot.channels.memory import MemoryChannel
from config.manners import UNPACED
from config.settings import Settings
from events import dead, groups
from events.happened import named
from events.stream import Stream
from store import app, ml

SETTLE_S = 60.0
LOOKS = 2
ACCOUNT = "memory:main"


@dataclass(frozen=True, slots=True)
class Report:
    messages_in: int
    replies_out: int
    lost: int
    duplicated: int
    out_of_order: int
    training_rows: int
    scored: int
    no_signal: int
    successful: int
    dead_letters: int
    seconds: float
    p50_ms: float
    p99_ms: float

    @property
    def sound(self) -> bool:
        return not (self.lost or self.duplicated or self.out_of_order or self.dead_letters)


async def simulate(
    settings: Settings, conversations: int, concurrency: int, file: str | None, *, as_json: bool
) -> int:
    try:
        scripts = read_scripts(Path(file) if file else SCRIPTS)
    except ScriptError as error:
        hint = 'one conversation a line: {"messages": ["hola", "¿cuánto cuesta?"]}'
        refuse("no conversations to play", str(error), hint, code=USAGE)
    alone = _apart(settings)
    async with backing(alone, said_once()) as here:
        report = await _play(alone, here, scripts, (conversations, concurrency))
    _tell(report, as_json=as_json)
    return 0 if report.sound else FAILED


def _apart(settings: Settings) -> Settings:
    """The offline model, and a corner of Redis where no running bot takes these events. Scripted
    customers say every line, so nobody is handed over to people who are not there."""
    prefix = f"{settings.redis.prefix}-simulation-{uuid4().hex[:8]}"
    return settings.model_copy(
        update={
            "redis": settings.redis.model_copy(update={"prefix": prefix}),
            "turns": settings.turns.model_copy(update={"patience": 0}),
            "pace": UNPACED,
            "models": settings.models.model_copy(update={"order": ("offline",)}),
            "handover": settings.handover.model_copy(update={"enabled": False}),
            "takeover": settings.takeover.model_copy(update={"staff": ()}),
        }
    )


async def _play(
    settings: Settings, here: Backing, scripts: list[list[str]], size: tuple[int, int]
) -> Report:
    extension = load(settings.app.plugins)
    made: list[MemoryChannel] = []

    def memory(setting: Setting) -> Channel:
        made.append(MemoryChannel(setting.shop, setting.account))
        return made[0]

    async with build(settings, here, extension, {ACCOUNT: memory}) as parts:
        try:
            return await _measured(parts, here, extension, (made[0], scripts, *size))
        finally:
            await forget(parts.stream)


async def _measured(
    parts: Parts,
    here: Backing,
    extension: App,
    play: tuple[MemoryChannel, list[list[str]], int, int],
) -> Report:
    channel, scripts, conversations, concurrency = play
    customers = Customers(channel, f"sim-{uuid4().hex[:8]}")
    columns = TextColumn("simulating"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    async with pipeline(parts, here.redis_url, extension) as running:
        with Progress(*columns, console=talk, transient=True) as progress:
            task = progress.add_task("", total=conversations)
            begun = time.perf_counter()
            heard = await customers.play(
                scripts, conversations, concurrency, lambda: progress.advance(task)
            )
            seconds = time.perf_counter() - begun
        await settled(running.parts.stream)
    return await _counted(parts, heard, channel.sent, seconds)


async def settled(stream: Stream, patience_s: float = SETTLE_S) -> None:
    """Returns when every group has handled everything, or patience ends.

    A turn that comes due between the two looks is seen by neither, so nothing has to be seen twice.
    """
    quiet = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(patience_s):
            while quiet < LOOKS:
                busy = any(one.pending or one.behind for one in await groups.states(stream))
                quiet = 0 if busy or await _speaking(stream) else quiet + 1
                await asyncio.sleep(0.05)


async def _speaking(stream: Stream) -> bool:
    """Whether a turn is open; timers of other kinds have names, and may take hours."""
    for partition in range(stream.keys.partitions):
        due = await stream.wire.command("ZRANGE", stream.keys.timers(partition), 0, -1)
        if any(b":" not in name for name in due):
            return True
    return False


async def _counted(parts: Parts, heard: Heard, sent: Sequence[Part], seconds: float) -> Report:
    conversations = [named(ACCOUNT, "conversation", chat) for chat in heard.expected]
    rows = await _rows(parts, conversations)
    stored = await _stored(parts, conversations)
    expected = sum(map(len, heard.expected.values()))
    letters = [letter async for letter in dead.letters(parts.stream)]
    for letter in letters:
        talk.print(f"dead letter: {letter.group} {letter.kind}: {letter.error}", markup=False)
    replies = Counter(part.key for part in sent)
    latencies = sorted(heard.latencies) or [0.0]
    return Report(
        messages_in=expected,
        replies_out=len(sent),
        lost=heard.unanswered + max(expected - stored, 0) + max(expected - rows["rows"], 0),
        duplicated=sum(n - 1 for n in replies.values()) + max(rows["rows"] - expected, 0),
        out_of_order=misplaced(heard.expected, sent),
        training_rows=rows["rows"],
        scored=rows["scored"],
        no_signal=rows["judged"] - rows["scored"],
        successful=rows["successful"],
        dead_letters=len(letters),
        seconds=round(seconds, 3),
        p50_ms=round(latencies[len(latencies) // 2] * 1000, 2),
        p99_ms=round(latencies[int(len(latencies) * 0.99)] * 1000, 2),
    )


def misplaced(expected: Mapping[str, Sequence[UUID]], sent: Sequence[Part]) -> int:
    """Replies that a customer got where another one was due."""
    got: dict[str, list[str]] = {}
    for part in sent:
        if part.key.endswith(":0"):
            got.setdefault(part.chat, []).append(part.key.removesuffix(":0"))
    wrong = 0
    for chat, replies in expected.items():
        unique = list(dict.fromkeys(got.get(chat, [])))
        due = [str(reply) for reply in replies][: len(unique)]
        wrong += sum(one != other for one, other in zip(unique, due, strict=False))
    return wrong


async def _rows(parts: Parts, conversations: Sequence[UUID]) -> dict[str, int]:
    row = ml.TrainingData
    query = select(
        func.count().label("rows"),
        func.count(row.evaluated_at).label("judged"),
        func.count(row.quality_score).label("scored"),
        func.count().filter(row.is_successful).label("successful"),
    ).where(row.shop_id == parts.shop, row.conversation_id.in_(conversations))
    async with parts.store.reading() as session:
        found = (await session.execute(query)).one()
    return dict(found._mapping)  # noqa: SLF001  SQLAlchemy's documented access to a row by name


async def _stored(parts: Parts, conversations: Sequence[UUID]) -> int:
    """Customers' messages that reached Postgres."""
    query = select(func.count()).where(
        app.Message.shop_id == parts.shop,
        app.Message.author == "customer",
        app.Message.conversation_id.in_(conversations),
    )
    async with parts.store.reading() as session:
        return await session.scalar(query) or 0


async def forget(stream: Stream) -> None:
    """The simulation's corner of Redis goes with it."""
    async for key in stream.wire.redis.scan_iter(f"{stream.keys.prefix}:*", count=1000):
        await stream.wire.redis.unlink(key)


def _tell(report: Report, *, as_json: bool) -> None:
    if as_json:
        emit(asdict(report))
        return
    table = Table("what", "figure")
    for name, value in asdict(report).items():
        table.add_row(name, str(value))
    result.print(table)
    result.print("sound" if report.sound else "[red]something was lost, doubled or out of order[/]")
