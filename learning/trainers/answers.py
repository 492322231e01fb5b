"""What OpenAI's fine-tuning is asked, and what its answers mean."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from learning.trainers.base import (
    Order,
    OrderRefused,
    Progress,
    State,
    Told,
    Trained,
    TrainerClosed,
    TrainerError,
    TrainerMisconfigured,
    TrainerUnavailable,
)

LEAST: Final = 10
"""Lines of a training file that OpenAI takes at least."""
OURS: Final = "aprendiz_job"
"""The label by which a job is found again after a crash."""
LONGEST_SUFFIX: Final = 64
LONGEST_LABEL: Final = 512
LONGEST_REASON: Final = 300
NO_QUOTA_S: Final = 600.0
PASSING: Final = frozenset({408, 409, 425, 429})
ENDED: Final = frozenset({"succeeded", "failed", "cancelled"})
STATES: Final[Mapping[str, State]] = {
    "queued": "running", "running": "running", "paused": "paused", "succeeded": "succeeded",
    "failed": "failed", "cancelled": "cancelled",
}  # fmt: skip
READ, WAITED, TAUGHT = 5, 10, 85
"""Percent when the files are being read, when the job waits, and for all steps together."""
_STEP: Final = re.compile(r"\bstep (\d+)/(\d+)", re.IGNORECASE)
_OVER: Final = re.compile(
    r"no longer|not available|unavailable|deprecat|discontinu|sunset|not allowed|not supported",
    re.IGNORECASE,
)
_RIGHTS: Final = re.compile(r"scope|insufficient permission|api key|role", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest line of a job that is known, its number, and how much was taught by then."""

    line: str = ""
    number: int = 0
    share: float = 0.0


def wanted(order: Order, files: Mapping[str, str]) -> dict[str, Any]:
    """The body of a job; `files` are ids by split."""
    told = dict(order.parameters)
    knobs = {
        "n_epochs": told.get("epochs", "auto"),
        "batch_size": told.get("batch_size", "auto"),
        "learning_rate_multiplier": told.get("learning_rate", "auto"),
    }
    if order.method == "dpo":
        knobs["beta"] = told.get("beta", "auto")
    body = {
        "model": order.base_model,
        "training_file": files["train"],
        "suffix": suffix(order.name),
        "seed": int(told.get("seed", order.job.int % 2**31)),
        "metadata": labels(order),
        "method": {"type": order.method, order.method: {"hyperparameters": knobs}},
    }
    return body | ({"validation_file": files["validation"]} if "validation" in files else {})


def suffix(name: str) -> str:
    return re.sub(r"[^a-z0-9-]+", "-", name.lower()).strip("-")[:LONGEST_SUFFIX] or "aprendiz"


def labels(order: Order) -> dict[str, str]:
    """At most 16 pairs; a name may have 64 characters, what it stands for 512."""
    said = {OURS: str(order.job), "aprendiz_shop": str(order.shop), "name": order.name}
    return {name: value[:LONGEST_LABEL] for name, value in said.items()}


def first_of(order: Order, jobs: Iterable[Any]) -> tuple[str | None, list[str]]:
    """The one job that counts for an order, the oldest that was not cancelled; and the others
    that still cost money."""
    mine = [job for job in jobs if (job.metadata or {}).get(OURS) == str(order.job)]
    mine.sort(key=lambda job: (job.status == "cancelled", job.created_at, job.id))
    others = [job.id for job in mine[1:] if job.status not in ENDED]
    return (mine[0].id if mine else None), others


def told(events: Sequence[Any], seen: Seen) -> tuple[Told, ...]:
    """`events` are those after what was seen, the oldest first."""
    return tuple(
        Told(number, datetime.fromtimestamp(event.created_at, UTC), event.message, _metrics(event))
        for number, event in enumerate(events, seen.number + 1)
    )


def now_seen(events: Sequence[Any], seen: Seen) -> Seen:
    if not events:
        return seen
    shares = [seen.share, *(share for event in events if (share := _share(event)) is not None)]
    return Seen(events[-1].id, seen.number + len(events), max(shares))


def progress(
    job: Any,  # noqa: ANN401  the SDK's
    seen: Seen,
    lines: tuple[Told, ...],
    checkpoints: Sequence[Any],
    micros: int,
) -> Progress:
    state = STATES.get(job.status, "running")
    return Progress(
        state=state,
        percent=_percent(job.status, seen.share),
        stage=job.status,
        told=lines,
        trained=_trained(job, checkpoints) if state == "succeeded" else None,
        error=_error(job) if state == "failed" else None,
        cost_micros=micros,
    )


def _percent(status: str, share: float) -> int:
    if status == "succeeded":
        return 100
    if status in {"validating_files", "queued"}:
        return READ if status == "validating_files" else WAITED
    return WAITED + int(TAUGHT * min(share, 1.0))


def _trained(job: Any, checkpoints: Sequence[Any]) -> Trained:  # noqa: ANN401  the SDK's
    """The earlier checkpoints can be asked, too, where the last one has learned too much."""
    kept = [
        {
            "model": one.fine_tuned_model_checkpoint,
            "step": one.step_number,
            "metrics": one.metrics.model_dump(exclude_none=True),
        }
        for one in checkpoints
    ]
    told = {"checkpoints": kept, "result_files": list(job.result_files or ())}
    return Trained("openai", str(job.fine_tuned_model), {**told, "trained_tokens": tokens(job)})


def tokens(job: Any) -> int:  # noqa: ANN401  the SDK's
    return int(job.trained_tokens or 0)


def _error(job: Any) -> str:  # noqa: ANN401  the SDK's
    said = getattr(job, "error", None)
    parts = [getattr(said, name, None) for name in ("code", "message", "param")]
    return " · ".join(str(part) for part in parts if part) or "it does not say why"


def _metrics(event: Any) -> dict[str, float]:  # noqa: ANN401  the SDK's
    data = event.data if isinstance(event.data, dict) else {}
    numbers = {name: value for name, value in data.items() if isinstance(value, int | float)}
    return {name: float(value) for name, value in numbers.items() if not isinstance(value, bool)}


def _share(event: Any) -> float | None:  # noqa: ANN401  the SDK's
    """How much was taught after a step, told as numbers or in words."""
    metrics = _metrics(event)
    if metrics.get("total_steps") and "step" in metrics:
        return metrics["step"] / metrics["total_steps"]
    found = _STEP.search(event.message or "")
    return int(found[1]) / max(int(found[2]), 1) if found else None


def refusal(status: int, code: str, said: str, wait: float | None) -> TrainerError:
    """What can be done about an answer that is not 200."""
    what, why = f"OpenAI answers {status}", f"{code} {said}".strip()[:LONGEST_REASON]
    if status in PASSING or status >= 500:  # noqa: PLR2004  server errors
        busy = TrainerUnavailable(what, why, "It is asked again by itself")
        busy.retry_after = wait or (NO_QUOTA_S if code == "insufficient_quota" else None)
        return busy
    if status == 401 or (status == 403 and _RIGHTS.search(why)):  # noqa: PLR2004  HTTP
        return TrainerMisconfigured(what, why, "Give a key that may fine-tune: [openai] key")
    if status == 403 or (status == 404 and _OVER.search(why)):  # noqa: PLR2004  HTTP
        return TrainerClosed(
            "OpenAI trains no longer for this account", why,
            "Train with --trainer examples, or local; models that are trained already go on",
        )  # fmt: skip
    return OrderRefused(what, why, "Correct the base model, the parameters or the dataset")
