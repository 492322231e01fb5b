"""How far the training and the estimating are that somebody asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from jobs.cadences import RISK
from jobs.schedule import RISK_TRAINING
from store.predicting import Of
from store.work import OPEN, JobRun, open_runs

State: TypeAlias = Literal[
    "waiting", "running", "again", "failed", "done", "used", "kept", "unproven", "refused"
]
KNOWN: Final = ("TooFewRows", "OneClass")
"""Refusals that the pages have words for; of the others they show what was said."""


@dataclass(frozen=True, slots=True)
class Work:
    """`result` is how far it is, or what came of it."""

    state: State
    result: Mapping[str, Any]
    error: str = ""

    @property
    def goes_on(self) -> bool:
        return self.state in {"waiting", "running", "again"}

    @property
    def refused(self) -> str:
        """A code word, or nothing."""
        said = str(self.result.get("refused", ""))
        return said if said in KNOWN else ""

    @property
    def why(self) -> str:
        return self.error or str(self.result.get("why", ""))


@dataclass(frozen=True, slots=True)
class Works:
    training: Work | None
    asking: Work | None

    @property
    def go_on(self) -> bool:
        return any(one is not None and one.goes_on for one in (self.training, self.asking))


async def works(session: AsyncSession, shop: UUID, of: Of, today: date) -> Works:
    """The last training of a kind, and today's estimates, or those that are being made."""
    training = await session.get(JobRun, (shop, RISK_TRAINING, of))
    going = await open_runs(session, shop, [RISK])
    asking = going[-1] if going else await session.get(JobRun, (shop, RISK, today.isoformat()))
    return Works(_work(training), _work(asking))


def _work(row: JobRun | None) -> Work | None:
    if row is None:
        return None
    return Work(_state(row), row.result or {}, row.error or "")


def _state(row: JobRun) -> State:
    result = row.result or {}
    if row.state == "waiting":
        return "again" if row.error else "waiting"
    if row.state in {*OPEN, "failed"}:
        return "failed" if row.state == "failed" else "running"
    if "refused" in result:
        return "refused"
    if "version" in result:
        return "used" if result["active"] else _unused(result)
    return "done"


def _unused(result: Mapping[str, Any]) -> State:
    """Whether one ranks better than chance was not asked of the first ones."""
    return "kept" if result.get("proven", True) else "unproven"
