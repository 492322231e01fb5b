"""What has to be true before a version answers everybody. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Check:
    """`why` is a code word of the rules, or nothing."""

    name: str
    passed: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """`known`: it answered everybody before, and may do so again without a new evaluation.
    `missing` is what keeps it from answering here."""

    gated: bool
    why: str
    known: bool
    stale: bool
    expires_at: datetime | None
    missing: str = ""


def checks(one: Candidate, now: datetime) -> Sequence[Check]:
    return (
        Check("gate", one.gated or one.known, "" if one.gated or one.known else one.why),
        Check("stale", not one.stale),
        Check("expiry", one.expires_at is None or one.expires_at > now),
        Check("there", not one.missing, one.missing),
    )


def ready(found: Sequence[Check]) -> bool:
    return all(one.passed for one in found)
