"""How a rollout looks on a terminal: where it stands, and each confidence sequence as a picture."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from rich.markup import escape
from rich.table import Table

from app.console import result
from config.rollout import RolloutSettings
from learning.judging import Weighed
from learning.rollout import Shadowed
from store.rollouts import Rollout, RolloutStep

WIDE: Final = 41
NAMES: Final = {
    "score": "score (1–5)", "recontact": "came back", "handover": "handed over",
    "cost": "cost (USD)", "delay": "p95 (s)",
}  # fmt: skip
SCALES: Final = {
    "score": 1.0, "recontact": 1.0, "handover": 1.0, "cost": 1e-6, "delay": 1e-3,
}  # fmt: skip
COLOURS: Final = {
    "shadow": "cyan", "canary": "yellow", "promoted": "green", "rolled_back": "red",
    "inconclusive": "magenta", "stopped": "magenta",
}  # fmt: skip


def told(
    rollout: Rollout,
    names: Mapping[str, Any],
    last: RolloutStep,
    weighed: Weighed | None,
    shadow: Shadowed | None,
) -> dict[str, Any]:
    return {
        "id": rollout.id, **names, "state": rollout.state, "percent": rollout.percent,
        "paused": rollout.paused, "stage": rollout.stage, "gate": rollout.gate,
        "began_at": rollout.began_at, "stage_at": rollout.stage_at, "ended_at": rollout.ended_at,
        "last": step_told(last), "shadow": asdict(shadow) if shadow else None,
        "seen": weighed.told() if weighed else None,
    }  # fmt: skip


def step_told(step: RolloutStep) -> dict[str, Any]:
    return {
        "number": step.number, "at": step.at, "by": step.by, "from": step.from_state,
        "to": step.to_state, "percent": step.percent, "reason": step.reason,
        "evidence": step.evidence,
    }  # fmt: skip


def draw_status(found: Mapping[str, Any], knobs: RolloutSettings) -> None:
    paused = ", paused" if found["paused"] else ""
    where = f"[{COLOURS[found['state']]}]{found['state']}[/] {found['percent']} %{paused}"
    against = found["baseline"] or "the models of the settings"
    result.print(f"{escape(found['version'])} against {escape(against)}: {where}", soft_wrap=True)
    last = found["last"]
    result.print(f"[dim]{last['at']:%Y-%m-%d %H:%M} {escape(last['by'])}:[/] {last['reason']}")
    if found["shadow"] is not None:
        _shadow(found["shadow"], knobs)
    if found["seen"] is not None:
        _figures(found["seen"], knobs)


def _shadow(seen: Mapping[str, Any], knobs: RolloutSettings) -> None:
    wrong = seen["failed"] + seen["faulty"]
    result.print(
        f"{seen['answers']} of {knobs.shadow_answers} answers nobody saw: {wrong} wrong, "
        f"{seen['slow']} slow, {seen['cost_micros'] / 1e6:.4f} USD",
        soft_wrap=True,
    )


def _figures(seen: Mapping[str, Any], knobs: RolloutSettings) -> None:
    table = Table("", "others", "candidate", "difference", "", box=None)
    for metric, one in seen["metrics"].items():
        if one is None:
            table.add_row(NAMES[metric], "", "", f"needs {knobs.least} of each side", "")
            continue
        scale = SCALES[metric]
        sides = (
            f"{one[side]['mean'] * scale:.4g} ({one[side]['count']})"
            for side in ("control", "canary")
        )
        bounds = one["low"], one["difference"], one["high"]
        shown = " ".join("…" if at is None else f"{at * scale:+.3g}" for at in bounds)
        verdict = "[red]worse[/]" if metric in seen["harms"] else ""
        picture = drawn(*bounds)
        table.add_row(NAMES[metric], *sides, shown, f"{picture} {verdict}")
    result.print(table)
    if seen["csat"] is not None:
        result.print(_content(seen["csat"]), soft_wrap=True)
    split = f"{seen['conversations']} conversations, split p = {seen['split_p']:.3f}"
    word = f"not worse by {knobs.worse}" if seen["not_worse"] else "nothing shown yet"
    result.print(f"[dim]{split}; {word if not seen['harms'] else 'harm is shown'}[/]")


def _content(asked: Mapping[str, Any]) -> str:
    """What its customers say when they are asked how content they are."""
    bounds = f", {asked['low']:.2f} to {asked['high']:.2f}" if asked["count"] else ""
    said = f"{asked['mean']:.2f} stars ({asked['count']}{bounds})"
    if not asked["lacking"]:
        return f"{said}: {asked['limit']:g} is shown"
    if asked["high"] < asked["limit"]:
        return f"{said}: [red]fewer than {asked['limit']:g}[/]"
    return f"{said}: not enough data to show {asked['limit']:g}, {asked['lacking']} more"


def drawn(low: float, value: float, high: float | None) -> str:
    """A difference between its bounds; the bar in the middle is none. `├──●──┤   │`. What is not
    bounded yet goes on to the edge."""
    most = max(abs(low), abs(value if high is None else high)) or 1.0
    ends = (low, value, most if high is None else high)
    places = [round((one / most + 1) / 2 * (WIDE - 1)) for one in ends]
    signs = [" "] * WIDE
    for place in range(places[0], places[2] + 1):
        signs[place] = "─"
    signs[WIDE // 2] = "│"
    for place, sign in zip((places[0], places[2], places[1]), "├┤●", strict=True):
        signs[place] = sign
    return "".join(signs)


def draw_history(rows: Sequence[Mapping[str, Any]]) -> None:
    for row in rows:
        result.print(f"{escape(row['version'])}: [{COLOURS[row['state']]}]{row['state']}[/]")
        table = Table(box=None, show_header=False)
        for step in row["steps"]:
            table.add_row(
                f"{step['at']:%Y-%m-%d %H:%M}", step["to"], f"{step['percent']} %",
                escape(step["by"]), escape(step["reason"]),
            )  # fmt: skip
        result.print(table)
