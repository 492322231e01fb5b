"""Scores replies from what their customers wrote next, and keeps every judgement."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec

from evaluation.scoring import NO_SIGNAL, Judgement, Signal, score_follow_up
from events.effects import NOTHING, Delivered, Effects, Outcome, Retry
from events.happened import caused_by
from events.vocabulary import FollowUpCaptured, ReplyScored
from services.clock import Clock, now
from store.base import StoreUnavailable
from store.session import Store
from text.folding import clean

NAME = "lexicon"
VERSION = 1  # grows with every change of the rules; older judgements stay beside newer ones
WORDLESS = frozenset({"sticker", "location", "contact", "service", "unsupported"})
PAUSE_S = 0.5
BREATH = 16  # texts between two moments in which the process may do other work

Judged: TypeAlias = tuple[FollowUpCaptured, Judgement]

# Only a judgement that is new changes the training row: a replay must not hide a later scorer's.
# What was ordered says more than what was said.
SCORE = """
WITH judged AS (
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::float8[], $6::bool[],
                       $7::jsonb[])
           AS j(shop_id, training_id, score, label, confidence, successful, evidence)
), fresh AS (
  INSERT INTO ml.score (shop_id, training_id, scorer, version, score, label, confidence,
                        successful, evidence, created_at)
  SELECT j.shop_id, j.training_id, $8, $9, j.score, j.label, j.confidence, j.successful,
         j.evidence, $10
  FROM judged j JOIN ml.training_data t ON t.shop_id = j.shop_id AND t.id = j.training_id
  ON CONFLICT DO NOTHING
  RETURNING shop_id, training_id, score, label, confidence, successful
)
UPDATE ml.training_data t
SET quality_score = fresh.score, quality_label = fresh.label,
    quality_confidence = fresh.confidence, is_successful = fresh.successful, evaluated_at = $10
FROM fresh WHERE t.shop_id = fresh.shop_id AND t.id = fresh.training_id
  AND t.quality_label IS DISTINCT FROM 'order'
"""


@dataclass(frozen=True, slots=True)
class Scorer:
    """`signals` are a shop's own evidence, added to the lexicon's."""

    store: Store
    signals: Sequence[Signal] = ()
    clock: Clock = now

    async def on_batch(self, deliveries: Sequence[Delivered]) -> Sequence[Outcome]:
        judged: dict[UUID, Judged] = {}
        for place, delivered in enumerate(deliveries):
            if place % BREATH == 0:
                await asyncio.sleep(0)
            if isinstance(delivered.event, FollowUpCaptured):
                judged[delivered.event.id] = delivered.event, self.judge(delivered.event)
        try:
            await self._keep(list(judged.values()), self.clock())
        except StoreUnavailable as down:
            return [Retry(after=PAUSE_S, reason=str(down))] * len(deliveries)
        return [_outcome(judged.get(delivered.event.id)) for delivered in deliveries]

    def judge(self, event: FollowUpCaptured) -> Judgement:
        if event.content in WORDLESS:
            return NO_SIGNAL
        return score_follow_up(event.text, reply=event.reply_text, extra=self.signals)

    async def _keep(self, judged: Sequence[Judged], moment: datetime) -> None:
        if not judged:
            return
        async with self.store.batch() as connection:
            await connection.execute(
                SCORE,
                [event.shop for event, _ in judged],
                [event.training_id for event, _ in judged],
                [judgement.score for _, judgement in judged],
                [judgement.label for _, judgement in judged],
                [judgement.confidence for _, judgement in judged],
                [judgement.successful for _, judgement in judged],
                [_evidence(judgement) for _, judgement in judged],
                NAME,
                VERSION,
                moment,
            )


def _evidence(judgement: Judgement) -> str:
    found = [
        {"rule": clean(one.rule), "text": clean(one.text), "weight": one.weight}
        for one in judgement.evidence
    ]
    return msgspec.json.encode(found).decode()


def _outcome(judged: Judged | None) -> Effects:
    if judged is None:
        return NOTHING
    event, judgement = judged
    scored = ReplyScored(
        id=caused_by(event.id, "score"),
        shop=event.shop,
        account=event.account,
        conversation=event.conversation,
        request_id=event.request_id,
        turn=event.turn,
        at=event.at,
        received_at=event.received_at,
        training_id=event.training_id,
        score=judgement.score,
        label=judgement.label,
        confidence=judgement.confidence,
        successful=judgement.successful,
        evidence=tuple(f"{one.rule}: {one.text}" for one in judgement.evidence),
    )
    return Effects(events=(scored,))
