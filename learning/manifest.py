"""What is written beside a dataset: counts, reasons, settings, voices, hashes. Never the rows."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from config.shapes import Example as Shown
from learning.curation import Terms
from learning.formats import Voice, canonical

MANIFEST: Final = "manifest.json"
NOTHING: Final[Mapping[str, Any]] = {
    "counts": dict.fromkeys(("rows", "pairs", "customers", "successful", "corrected"), 0)
    | {name: {} for name in ("split", "intent", "score", "category")},
    "read": 0,
    "dropped": {},
    "files": {},
    "personal_data_masked": 0,
    "explanation": "",
}
FORMAT: Final = "openai-chat"

REASONS: Final = {
    "no_training": "of customers who do not take part",
    "rejected": "rejected by a person",
    "too_old": "older than the first day wanted",
    "not_sold": "that led to no sale",
    "other_intent": "of intents that are not wanted",
    "error": "where the reply failed",
    "unscored": "without a score",
    "low_score": "scored too low",
    "slow": "answered too slowly",
    "short": "too short",
    "personal_data": "with personal data",
    "unaccepted": "that no person has allowed",
    "too_fresh": "too fresh to know how they went on",
    "exact_duplicate": "said before",
    "near_duplicate": "nearly said before",
    "rare_intent": "of rare intents",
    "older": "older than the newest wanted",
    "customer_cap": "beyond a customer's share",
    "balance": "beyond their intent's share",
}


@dataclass(frozen=True, slots=True)
class About:
    """What a dataset is of."""

    shop: UUID
    key: str
    pack: str
    period: str | None
    until: str | None
    voice: Voice
    terms: Terms


@dataclass(frozen=True, slots=True)
class Sum:
    """What came of a curation."""

    read: int
    dropped: Mapping[str, int]
    counts: Mapping[str, Any]
    personal: int
    files: Mapping[str, Any]


def manifest_of(about: About, found: Sum) -> dict[str, Any]:
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "shop": about.key,
        "shop_id": str(about.shop),
        "pack": about.pack,
        "period": about.period,
        "until": about.until,
        "persona": about.voice.persona,
        "rules": list(about.voice.rules),
        "categories": list(about.voice.categories),
        "shots": [shot.model_dump(mode="json") for shot in about.voice.shots],
        "prompt_tokens": about.voice.budget,
        "settings": about.terms.settings.model_dump(mode="json"),
        "acceptance": about.terms.demands,
        "settled": None if about.terms.settled is None else about.terms.settled.isoformat(),
        "recognisers": sorted(one.kind for one in about.terms.recognisers),
        "files": dict(found.files),
        "counts": dict(found.counts),
        "read": found.read,
        "dropped": dict(found.dropped),
        "personal_data_masked": found.personal,
        "explanation": explanation(found),
    }
    manifest["sha256"] = digest(canonical(manifest))
    return manifest


def completed(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """As it is read: what another release did not write into it is nothing."""
    return {**NOTHING, **manifest, "counts": {**NOTHING["counts"], **manifest.get("counts", {})}}


def voice_of(manifest: Mapping[str, Any]) -> Voice:
    """What its prompts were composed with, whatever the pack says today."""
    return Voice(
        manifest["persona"],
        tuple(manifest["rules"]),
        tuple(manifest["categories"]),
        tuple(Shown(**shot) for shot in manifest["shots"]),
        manifest["prompt_tokens"],
    )


def shown(manifest: Mapping[str, Any]) -> str:
    return canonical(manifest, indent=1) + "\n"


def explanation(found: Sum) -> str:
    if found.read == 0:
        return "No conversation has been captured yet."
    left_out = ", ".join(
        f"{count} {REASONS[reason]}" for reason, count in found.dropped.items() if count
    )
    said = f"{found.counts['rows']} of {found.read} captured turns are used"
    return f"{said}; left out: {left_out}." if left_out else f"{said}."


def folder_name(text: str, shop: UUID) -> str:
    """A shop's key as the name of one folder, whatever the key is."""
    if re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,62}", text):
        return text
    return f"shop-{shop.hex}"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
