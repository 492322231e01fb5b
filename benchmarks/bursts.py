"""How long whole bursts wait for their one answer, beside windows of a fixed length.

Hundreds of customers write at once, at a person's pace: they think, they type, some over networks
that tell so. The fixed windows are reckoned from the very gaps that were lived.
"""

import asyncio
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks.children import at_work
from benchmarks.generator import percentile
from benchmarks.ground import Ground
from benchmarks.load import Load
from benchmarks.place import ACCOUNT, SHOP
from benchmarks.stamps import listening
from bot.channels.base import Ingest
from bot.channels.memory import MemoryChannel
from bot.receiver import Receiver
from events.happened import caused_by, named

SCRIPTS = Path(__file__).with_name("bursts.txt")
SEED = 20_261_121
FIXED_S = (1, 3, 6, 8)
"""What other projects wait, always."""
SIGN_MS, SIGN_EVERY_S = 3500, 2.0
OVER_S = 9.0
"""Afterwards no more answer can come."""
_LETTERS_A_S = (3.0, 0.35)
"""The median, and the spread of its logarithm: 36 words of five letters in a minute (Palin et al.,
How do People Type on Mobile Devices?, MobileHCI 2019)."""
_THOUGHT_S = (0.7, 0.6)


@dataclass(slots=True)
class Burst:
    """`gaps` are what lies between its messages: a thought, and then typing."""

    chat: str
    texts: Sequence[str]
    gaps: Sequence[tuple[float, float]]
    telling: bool
    pace: float = 1.0
    ids: list[bytes] = field(default_factory=list)
    ended: int = 0
    answers: list[int] = field(default_factory=list)

    @property
    def longest_gap_s(self) -> float:
        return max((sum(gap) for gap in self.gaps), default=0.0)


def scripts() -> list[list[str]]:
    lines = SCRIPTS.read_text(encoding="utf-8").splitlines()
    return [line.split(" | ") for line in lines if line and not line.startswith("#")]


def crowd(count: int, pace: float = 1.0, seed: int = SEED) -> Iterator[Burst]:
    """Each script in turns over a network that tells who is writing, and over a mute one."""
    dice, known = random.Random(seed), scripts()  # noqa: S311  the same crowd in every run
    for number in range(count):
        texts = known[number % len(known)]
        letters_a_s = _LETTERS_A_S[0] * math.exp(dice.gauss(0, _LETTERS_A_S[1])) / pace
        gaps = [
            (
                _THOUGHT_S[0] * math.exp(dice.gauss(0, _THOUGHT_S[1])) * pace,
                len(text) / letters_a_s,
            )
            for text in texts[1:]
        ]
        yield Burst(f"{seed}-{number}", texts, gaps, number // len(known) % 2 == 0, pace)


async def bursts(ground: Ground, load: Load) -> dict[str, Any]:
    place = replace(ground.place("bursts"), patience=load.pace)
    load.told(f"{load.bursts} customers write in bursts")
    everybody = list(crowd(load.bursts, load.pace))
    of: dict[bytes, Burst] = {}

    def heard(answer: bytes, moment: int) -> None:
        if (burst := of.get(answer)) is not None:
            burst.answers.append(moment)

    async with (
        at_work("worker", place, share=place.keys.partitions),
        listening(place.answers, heard),
        place.stream() as stream,
    ):
        channel = MemoryChannel(named("shop", SHOP), ACCOUNT)
        knobs = place.settings()
        receiver = Receiver(stream, knobs.events.lease_ms, "bursts", _nobody, turns=knobs.turns)
        ingest = receiver.ingest(channel)
        spread = random.Random(SEED)  # noqa: S311  they do not all begin at once
        await asyncio.gather(
            *(_write(one, channel, ingest, of, spread.uniform(0, 4)) for one in everybody)
        )
        await asyncio.sleep(OVER_S * load.pace)
    telling = [one for one in everybody if one.telling]
    silent = [one for one in everybody if not one.telling]
    return {
        "network_tells": _figures(telling),
        "network_is_mute": _figures(silent),
        "floor": {f"fixed_{s}_s": _fixed(everybody, s * load.pace) for s in FIXED_S},
    }


def _nobody(_account: str, reason: str) -> None:
    raise RuntimeError(reason)


async def _write(
    burst: Burst, channel: MemoryChannel, ingest: Ingest, of: dict[bytes, Burst], after_s: float
) -> None:
    await asyncio.sleep(after_s)
    for number, text in enumerate(burst.texts):
        if number:
            thought_s, typing_s = burst.gaps[number - 1]
            await asyncio.sleep(thought_s)
            await _type(burst, channel, ingest, typing_s)
        message = channel.message(burst.chat, text, key=f"{burst.chat}-{number}")
        turn = caused_by(message.id, "turn")
        of |= {caused_by(turn, f"reply:{n}").bytes: burst for n in range(1, len(burst.texts) + 1)}
        burst.ended = time.monotonic_ns()
        await ingest(message)


async def _type(burst: Burst, channel: MemoryChannel, ingest: Ingest, seconds: float) -> None:
    until = time.perf_counter() + seconds
    while (left := until - time.perf_counter()) > 0:
        if burst.telling:
            await ingest(channel.typing(burst.chat, SIGN_MS))
        await asyncio.sleep(min(left, SIGN_EVERY_S * burst.pace))


def _figures(some: Sequence[Burst]) -> dict[str, Any]:
    """`added_wait` is from the last message to the first answer after it; one answer is one that
    came once, and only when all had been said."""
    once = [one for one in some if len(one.answers) == 1 and one.answers[0] > one.ended]
    waits = [_waited_ms(one) for one in some if any(moment > one.ended for moment in one.answers)]
    return {
        "bursts": len(some),
        "messages": sum(len(one.texts) for one in some),
        "one_answer": round(len(once) / len(some), 4),
        "unanswered": sum(not one.answers for one in some),
        "added_wait_p50_s": round(percentile(waits, 0.5) / 1000, 2),
        "added_wait_p95_s": round(percentile(waits, 0.95) / 1000, 2),
    }


def _waited_ms(burst: Burst) -> float:
    return (min(moment for moment in burst.answers if moment > burst.ended) - burst.ended) / 1e6


def _fixed(some: Sequence[Burst], window_s: float) -> dict[str, Any]:
    """A window that starts anew with each message ends too early when a gap is longer."""
    whole = [one for one in some if one.longest_gap_s <= window_s]
    return {"one_answer": round(len(whole) / len(some), 4), "added_wait_s": window_s}
