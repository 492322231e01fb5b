"""The cases of an evaluation: those of the pack and of the shop, and messages with a label."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from config.golden import Case, golden
from config.packs import Pack
from events.happened import named
from learning.labels import Label, off_topic, shipped
from store import evaluating
from store.app import Shop
from store.evaluations import EvalCase
from store.session import WriteSession


@dataclass(frozen=True, slots=True)
class Given:
    set_id: UUID
    cases: tuple[EvalCase, ...]
    labels: tuple[Label, ...]


def golden_set(shop: Shop, pack: Pack) -> UUID:
    return named("eval_set", str(shop.id), pack.name)


def case_id(set_id: UUID, name: str) -> UUID:
    return named("eval_case", str(set_id), name)


async def seed(session: WriteSession, shop: UUID, set_id: UUID, pack: Pack) -> None:
    """What the pack brings; a case that it changed is changed, one that is gone rests."""
    found = golden(pack)
    await evaluating.keep_set(session, shop, set_id, pack.name)
    await evaluating.keep_cases(session, [row_of(shop, set_id, one) for one in found])
    await evaluating.retire_cases(session, shop, set_id, [one.name for one in found])


def row_of(
    shop: UUID, set_id: UUID, case: Case, origin: str = "pack", **more: object
) -> dict[str, Any]:
    expected = case.model_dump(mode="json", exclude={"name", "split", "messages"})
    return {
        "shop_id": shop,
        "id": case_id(set_id, case.name),
        "set_id": set_id,
        "name": case.name,
        "origin": origin,
        "split": case.split,
        "messages": list(case.messages),
        "expected": expected,
        "training_id": None,
        "added_by": "",
        "active": True,
    } | more


def case_of(row: EvalCase) -> Case:
    told = {"name": row.name, "split": row.split, "messages": row.messages}
    return Case.model_validate(told | row.expected)


def labelled(pack: Pack, split: str) -> list[Label]:
    """Real messages: what they mean is known, and what may be answered is bounded all the same."""
    return [*shipped(pack, split), *off_topic(split)]


def name_of(label: Label) -> str:
    digest = hashlib.sha256(label.text.encode()).hexdigest()[:12]
    return f"message:{digest}"


def fingerprint(given: Given, models: Sequence[str]) -> str:
    """The same cases for the same models."""
    told: list[Any] = [
        [(row.name, row.messages, row.expected) for row in given.cases],
        [(one.text, one.intent) for one in given.labels],
        list(models),
    ]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
