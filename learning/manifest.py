"""A dataset's files and what is written beside them: counts, reasons, settings, rows, hashes."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from config.settings import CurationSettings
from learning.curation import Curation, Kept
from learning.formats import canonical, chat_line, metadata
from learning.splits import SPLITS

MANIFEST: Final = "manifest.json"
FORMAT: Final = "openai-chat"

REASONS: Final = {
    "no_training": "of customers who do not take part",
    "rejected": "rejected by a person",
    "error": "where the reply failed",
    "unscored": "without a score",
    "low_score": "scored too low",
    "slow": "answered too slowly",
    "short": "too short",
    "personal_data": "with personal data",
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
    period: str | None
    until: str | None
    persona: str
    settings: CurationSettings


@dataclass(frozen=True, slots=True)
class Documents:
    """The files of one dataset, ready to be written."""

    contents: Mapping[str, str]
    manifest: dict[str, Any]

    @property
    def sha256(self) -> str:
        return str(self.manifest["sha256"])


def document(about: About, curation: Curation) -> Documents:
    files = lines_of(about.persona, curation.kept)
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "shop": about.key,
        "shop_id": str(about.shop),
        "period": about.period,
        "until": about.until,
        "persona": about.persona,
        "settings": about.settings.model_dump(mode="json"),
        "files": {name: _file(text) for name, text in files.items()},
        "counts": _counts(curation.kept),
        "read": curation.read,
        "dropped": curation.dropped,
        "explanation": explanation(curation),
        "rows": [_row(one) for one in curation.kept],
    }
    manifest["sha256"] = digest(canonical(manifest))
    return Documents({**files, MANIFEST: written(manifest)}, manifest)


def written(manifest: Mapping[str, Any]) -> str:
    return canonical(manifest, indent=1) + "\n"


def lines_of(persona: str, kept: Iterable[Kept]) -> dict[str, str]:
    """A file per split, empty where nobody is in it."""
    lines: dict[str, list[str]] = {split: [] for split in SPLITS}
    for one in kept:
        lines[one.split].append(chat_line(persona, one.example))
    return {f"{split}.jsonl": "".join(found) for split, found in lines.items()}


def explanation(curation: Curation) -> str:
    if curation.read == 0:
        return "No conversation has been captured yet."
    left_out = ", ".join(
        f"{count} {REASONS[reason]}" for reason, count in curation.dropped.items() if count
    )
    said = f"{len(curation.kept)} of {curation.read} captured turns are used"
    return f"{said}; left out: {left_out}." if left_out else f"{said}."


def folder_name(text: str, shop: UUID) -> str:
    """A shop's key as the name of one folder, whatever the key is."""
    if re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,62}", text):
        return text
    return f"shop-{shop.hex}"


def _row(one: Kept) -> dict[str, Any]:
    return metadata(one.example) | {"split": one.split, "weight": one.weight}


def _counts(kept: Iterable[Kept]) -> dict[str, Any]:
    rows = list(kept)
    return {
        "rows": len(rows),
        "split": {split: sum(one.split == split for one in rows) for split in SPLITS},
        "category": Counter(one.example.category for one in rows),
        "intent": Counter(one.example.intent for one in rows),
        "score": Counter(str(one.example.score or "none") for one in rows),
        "successful": sum(one.example.successful for one in rows),
        "corrected": sum(one.example.corrected for one in rows),
    }


def _file(text: str) -> dict[str, Any]:
    return {"rows": text.count("\n"), "bytes": len(text.encode()), "sha256": digest(text)}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
