"""Compares with people what everybody else says of the replies that people labelled."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from typing import Final
from uuid import UUID

from evaluation.agreement import Agreement, Score, agreement
from evaluation.combining import JUDGE, LEXICON, TRAINED
from evaluation.scoring import Signal, score_follow_up
from evaluation.signs import labelled
from evaluation.words import Learned
from store.labels import Label, labels, scores_of
from store.session import Store

PEOPLE: Final = "people among themselves"
_MOST: Final = 1_000_000


async def compare(
    store: Store, shop: UUID, signals: Sequence[Signal], learned: Learned | None
) -> dict[str, Agreement]:
    """The trained scorer is asked about frozen labels alone: it knows the others by heart."""
    async with store.batch() as connection:
        said = await labels(connection, shop, _MOST)
        ids = sorted({one.training for one in said if one.training is not None})
        judged = await scores_of(connection, shop, ids, [JUDGE])
    by_text = _together(said)
    pairs: dict[str, list[tuple[Score, Score]]] = defaultdict(list)
    for mine in by_text:
        one, wanted = mine[0], labelled([each.score for each in mine]).score
        lexicon = score_follow_up(one.next, reply=one.reply, extra=signals)
        pairs[LEXICON].append((wanted, lexicon.score))
        if one.training is not None and (one.training, JUDGE) in judged:
            pairs[JUDGE].append((wanted, judged[one.training, JUDGE]))
        if learned is not None and any(each.frozen for each in mine):
            pairs[TRAINED].append((wanted, learned.scorer.judge(one.next, lexicon).score))
        pairs[PEOPLE] += [(left.score, right.score) for left, right in combinations(mine, 2)]
    return {name: agreement(*zip(*found, strict=True)) for name, found in pairs.items() if found}


def _together(said: Sequence[Label]) -> list[list[Label]]:
    """What several people said of the same message."""
    found: dict[tuple[UUID | None, str, str], list[Label]] = defaultdict(list)
    for one in sorted(said, key=lambda label: label.by):
        found[one.training, one.reply, one.next].append(one)
    return list(found.values())
