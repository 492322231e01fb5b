"""One way to train: split, fit what the number of cases can carry, calibrate, and measure outside.

Cases of before are learned from and cases of later are measured on. Nothing is weighed up by class:
that would ruin the probabilities; who wants another threshold chooses it by what mistakes cost.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from prediction import boosting, scorecard
from prediction.boosting import Boosted
from prediction.errors import BoosterMissing, NothingToLearn, OneClass, TooFewRows
from prediction.measuring import Metrics, measured
from prediction.model import Counts, Kind, Model, Period
from prediction.notes import Note
from prediction.predictor import Predictor, scores
from prediction.scorecard import Scorecard
from prediction.shares import SCORE, reference
from prediction.sigmoid import platt
from prediction.splits import FOLDS, Split, folds_of, split_of
from prediction.table import Feature, Numbers, Table

BOOSTED_FROM: Final = 1_000
"""Labelled cases. Below, trees know less than a scorecard does."""
LEAST_CASES, LEAST_OF_A_CLASS, LEAST_ON_A_SIDE = 100, 20, 5
STEPS: Final = FOLDS + 2

Tell: TypeAlias = Callable[[int, int], None]
"""Told after each step: how many are done, and of how many."""


def train(
    table: Table,
    features: Sequence[Feature],
    *,
    seed: int,
    at: datetime,
    kind: Kind | None = None,
    tell: Tell | None = None,
) -> Model:
    """`kind` None: by the number of cases; where trees cannot be grown, a scorecard and a note.

    Raises NothingToLearn, TooFewRows, OneClass, BadDates, ColumnMissing, and BoosterMissing of a
    `kind` asked for.
    """
    if not features:
        raise NothingToLearn(
            "There is nothing to learn from", "no column is left that could teach", "Add some"
        )
    bad = _target(table)
    split = split_of(table, bad, seed)
    _enough(bad, split)
    steps = _Steps(tell)
    chosen, notes = _kind(kind, len(table))
    learned, held = table.rows(split.learned), table.rows(split.held)
    predictor = _fitted(chosen, learned, features, seed, steps.done)
    metrics = _measured(predictor, held, seed)
    steps.done()
    purged = len(table) - len(learned) - len(held)
    if purged:
        notes = (*notes, Note("purged", (str(purged),)))
    return Model(
        kind=chosen,
        features=tuple(features),
        body=asdict(predictor.body),
        calibration=predictor.calibration,
        metrics=metrics,
        period=_period(table, split.cut),
        counts=Counts(len(table), int(bad.sum()), len(learned), len(held), purged),
        reference={one.name: reference(learned.column(one.name), one) for one in features},
        scores=reference(predictor.probabilities(learned), SCORE),
        trained_at=at,
        notes=notes,
        seed=seed,
    )


class _Steps:
    def __init__(self, tell: Tell | None) -> None:
        self._tell, self._done = tell, 0

    def done(self) -> None:
        self._done += 1
        if self._tell is not None:
            self._tell(self._done, STEPS)


def _fitted(
    kind: Kind, table: Table, features: Sequence[Feature], seed: int, tell: Callable[[], None]
) -> Predictor:
    """Calibrated by scores that each case got from a fit which had not seen it."""
    bad = _target(table)
    body: Scorecard | Boosted
    folds = folds_of(bad, table.groups, seed)
    goal = bad.astype(np.float64)
    if kind == "boosting":
        crossed = boosting.cross(table, features, goal, folds, seed=seed, tell=tell)
        unseen = crossed.scores
        body = boosting.fit(table, features, goal, seed, crossed.trees)
    else:
        unseen = _crossed(table, features, goal, folds, tell)
        body = scorecard.fit(table, features, goal)
    tell()
    return Predictor(features, body, platt(unseen, goal))


def _crossed(
    table: Table,
    features: Sequence[Feature],
    bad: Numbers,
    folds: Sequence[NDArray[np.bool_]],
    tell: Callable[[], None],
) -> Numbers:
    found = np.zeros(len(bad))
    for held in folds:
        body = scorecard.fit(table.rows(~held), features, bad[~held])
        found[held] = scores(body, features, table.rows(held))
        tell()
    return found


def _kind(wanted: Kind | None, cases: int) -> tuple[Kind, tuple[Note, ...]]:
    if wanted == "scorecard" or (wanted is None and cases < BOOSTED_FROM):
        return "scorecard", ()
    why = boosting.missing()
    if not why:
        return "boosting", ()
    if wanted == "boosting":
        raise BoosterMissing("No trees can be grown here", why, boosting.HOW)
    return "scorecard", (Note("booster", (why, str(cases), boosting.HOW)),)


def _target(table: Table) -> NDArray[np.int8]:
    if table.target is None:
        raise TooFewRows("There is nothing to learn", "no case has an outcome", "Give a target")
    return table.target


def _enough(bad: NDArray[np.int8], split: Split) -> None:
    rarer = min(int(bad.sum()), int(len(bad) - bad.sum()))
    if len(bad) and not rarer:
        raise OneClass(
            "There is nothing to tell apart",
            f"all {len(bad)} cases {'went bad' if bad.all() else 'went well'}",
            "Add cases that ended the other way",
        )
    if len(bad) < LEAST_CASES or rarer < LEAST_OF_A_CLASS:
        raise TooFewRows(
            f"{len(bad)} cases, {int(bad.sum())} of them bad, are too few",
            f"a model is learned from {LEAST_CASES} cases or more, {LEAST_OF_A_CLASS} of each kind",
            "Wait until more outcomes are known",
        )
    for side, name in ((split.learned, "learn from"), (split.held, "measure on")):
        rarer = min(int(bad[side].sum()), int((1 - bad[side]).sum()))
        if rarer < LEAST_ON_A_SIDE:
            where = f", parted at {split.cut}" if split.cut else ""
            raise TooFewRows(
                f"There is too little to {name}",
                f"only {rarer} of one kind among {int(side.sum())} cases{where}",
                "Wait until more outcomes are known, or train without dates",
            )


def _measured(predictor: Predictor, held: Table, seed: int) -> Metrics:
    bad = _target(held).astype(np.float64)
    found = measured(predictor.probabilities(held), bad, held.groups, seed)
    first, last = _days(held)
    return replace(found, first=first, last=last)


def _period(table: Table, cut: str) -> Period:
    return Period(*_days(table), cut)


def _days(table: Table) -> tuple[str, str]:
    if table.dates is None:
        return "", ""
    return str(table.dates.min()), str(table.dates.max())
