"""Writes judgements down, and what they say together into the row that they judge.

Whoever writes a judgement locks its row first and reads the others after: two scorers at once
never decide without each other.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

import msgspec

from evaluation.combining import Decided, combined
from evaluation.scoring import Evidence, Judgement
from store.session import BatchConnection
from text.folding import clean

Key: TypeAlias = tuple[UUID, UUID]

_NEWS: Final = """
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::int[], $6::text[], $7::float8[],
            $8::bool[], $9::jsonb[])
     AS news(shop_id, training_id, scorer, version, score, label, confidence, successful, evidence)
"""
_INSERT: Final = f"""
INSERT INTO ml.score AS old (shop_id, training_id, scorer, version, score, label, confidence,
                             successful, evidence, created_at)
SELECT news.*, $10 {_NEWS}
JOIN ml.training_data t ON t.shop_id = news.shop_id AND t.id = news.training_id
ON CONFLICT
"""
KEEP: Final = f"{_INSERT} DO NOTHING RETURNING shop_id, training_id"
FOLLOW: Final = f"""{_INSERT} (shop_id, training_id, scorer, version) DO UPDATE
SET score = excluded.score, label = excluded.label, confidence = excluded.confidence,
    successful = excluded.successful, evidence = excluded.evidence,
    created_at = excluded.created_at
WHERE (old.score, old.label, old.successful, old.evidence)
      IS DISTINCT FROM (excluded.score, excluded.label, excluded.successful, excluded.evidence)
RETURNING shop_id, training_id"""
LOCK: Final = """
SELECT t.shop_id, t.id FROM unnest($1::uuid[], $2::uuid[]) AS asked(shop_id, id)
JOIN ml.training_data t ON t.shop_id = asked.shop_id AND t.id = asked.id
ORDER BY t.shop_id, t.id FOR UPDATE OF t
"""
VOICES: Final = """
SELECT asked.shop_id, asked.id, newest.*
FROM unnest($1::uuid[], $2::uuid[]) AS asked(shop_id, id)
CROSS JOIN LATERAL (
  SELECT DISTINCT ON (s.scorer) s.scorer, s.score, s.label, s.confidence, s.successful, s.evidence
  FROM ml.score s WHERE s.shop_id = asked.shop_id AND s.training_id = asked.id
  ORDER BY s.scorer, s.version DESC
) newest
"""
CACHE: Final = """
UPDATE ml.training_data t
SET quality_score = news.score, quality_label = news.label, quality_confidence = news.confidence,
    is_successful = news.successful, evaluated_at = $7
FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::float8[], $6::bool[])
     AS news(shop_id, id, score, label, confidence, successful)
WHERE t.shop_id = news.shop_id AND t.id = news.id
"""


@dataclass(frozen=True, slots=True)
class Judged:
    shop: UUID
    training: UUID
    scorer: str
    version: int
    judgement: Judgement

    @property
    def key(self) -> Key:
        return self.shop, self.training


async def keep(
    connection: BatchConnection, judged: Iterable[Judged], moment: datetime
) -> dict[Key, Decided]:
    """What is known already stays as it was. The rows with something new, and what counts there."""
    return await _write(connection, KEEP, judged, moment)


async def follow(
    connection: BatchConnection, judged: Iterable[Judged], moment: datetime
) -> dict[Key, Decided]:
    """For signs that may be taken back: what the scorer says now replaces what it said."""
    return await _write(connection, FOLLOW, judged, moment)


async def _write(
    connection: BatchConnection, statement: str, judged: Iterable[Judged], moment: datetime
) -> dict[Key, Decided]:
    once = {(*one.key, one.scorer, one.version): one for one in judged}
    rows = [_row(once[key]) for key in sorted(once)]
    if not rows:
        return {}
    found = await connection.fetch(statement, *zip(*rows, strict=True), moment)
    return await settle(connection, {(shop, training) for shop, training in found}, moment)


async def settle(
    connection: BatchConnection, keys: Iterable[Key], moment: datetime
) -> dict[Key, Decided]:
    """Decides the rows anew from all that was said of them."""
    asked = sorted(set(keys))
    if not asked:
        return {}
    shops, ids = zip(*asked, strict=True)
    await connection.fetch(LOCK, shops, ids)
    voices: defaultdict[Key, dict[str, Judgement]] = defaultdict(dict)
    for shop, training, scorer, *told in await connection.fetch(VOICES, shops, ids):
        voices[shop, training][scorer] = read(told)
    decided = {key: combined(voices[key]) for key in asked}
    judgements = [one.judgement for one in decided.values()]
    await connection.execute(
        CACHE,
        shops,
        ids,
        [one.score for one in judgements],
        [one.label for one in judgements],
        [one.confidence for one in judgements],
        [one.successful for one in judgements],
        moment,
    )
    return decided


def read(told: Sequence[Any]) -> Judgement:
    """From the columns score, label, confidence, successful, evidence."""
    score, label, confidence, successful, evidence = told
    found = json.loads(evidence) if isinstance(evidence, str) else evidence
    clues = tuple(
        Evidence(str(one.get("rule", "")), str(one.get("text", "")), float(one.get("weight") or 0))
        for one in found
        if isinstance(one, dict)
    )
    return Judgement(score, label, confidence, successful, clues)


def _row(one: Judged) -> tuple[Any, ...]:
    said = one.judgement
    return (
        one.shop, one.training, one.scorer, one.version, said.score, clean(said.label),
        said.confidence, said.successful, _evidence(said),
    )  # fmt: skip


def _evidence(judgement: Judgement) -> str:
    found = [
        {"rule": clean(one.rule), "text": clean(one.text), "weight": one.weight}
        for one in judgement.evidence
    ]
    return msgspec.json.encode(found).decode()
