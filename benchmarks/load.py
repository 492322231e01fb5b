"""How much load a run of the benchmark puts on, and whom it tells how far it is."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Load:
    """`seconds` of traffic after `warm_s`; `runs` of what is repeated; `told` of each step.
    At `pace` 0.5 people and patience take half the time."""

    told: Callable[[str], None]
    seconds: float = 8.0
    warm_s: float = 2.0
    runs: int = 3
    bare: int = 20_000
    turns: int = 6_000
    messages: int = 1_600
    kills: int = 3
    starts: int = 5
    bursts: int = 600
    questions: int = 1_190
    passages: int = 100_000
    asked: int = 300
    pdfs: int = 5
    rows: int = 100_000
    pace: float = 1.0
    rollouts: int = 600
    clients: int = 14_000
    cards: int = 30_000
    seeds: int = 5
    stored: int = 1_000_000
    products: int = 20_000

    @property
    def steps(self) -> int:
        """How often `told` is called: it is what the progress bar counts."""
        latency, capture, the_rest, reading = 6, 1 + 4 * self.runs, 8 + 4 + 3, 4 + 3
        return latency + 2 * self.runs + capture + self.kills + the_rest + reading


def load(told: Callable[[str], None], *, quick: bool) -> Load:
    """A quick one is an eighth: it shows that everything works, not how fast it is."""
    if not quick:
        return Load(told)
    return Load(
        told, seconds=1.0, warm_s=0.4, runs=1, bare=2_000, turns=700, messages=200, kills=1,
        starts=1, bursts=80, pace=0.2, questions=120, passages=4_000, asked=40, pdfs=1,
        rows=3_000, rollouts=60, clients=1_200, stored=4_000, products=500,
        cards=4_000, seeds=1,
    )  # fmt: skip
