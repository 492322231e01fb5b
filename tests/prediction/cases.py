"""Invented borrowers: late months and debts raise the risk, savings lower it."""

from datetime import UTC, datetime

import numpy as np

from prediction.table import Feature, Table

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
FEATURES = (
    Feature("late_months", direction=1, words="{value} meses de atraso"),
    Feature("savings", direction=-1, words="ahorros de {value}"),
    Feature("debt"),
    Feature("trade", "category"),
)
TRADES = ("feria", "taller", "taxi")


def borrowers(count: int, *, seed: int = 1, days: int = 0) -> Table:
    """With `days`, cases of so many days in a row; one in ten does not tell what it saves."""
    random = np.random.default_rng(seed)
    late = random.poisson(0.7, count).astype(float)
    savings = random.gamma(2.0, 100.0, count)
    debt = random.normal(500.0, 150.0, count)
    trade = random.choice(len(TRADES), count)
    score = -1.5 + 1.3 * late - savings / 150 + (debt - 500) / 250 + np.array([0, 0.4, -0.3])[trade]
    bad = (random.random(count) < 1 / (1 + np.exp(-score))).astype(np.int8)
    savings[random.random(count) < 0.1] = np.nan
    columns = {
        "late_months": late,
        "savings": savings,
        "debt": debt,
        "trade": np.array(TRADES, object)[trade],
    }
    first = np.datetime64("2025-01-01")
    dates = first + np.sort(random.integers(0, days, count)) if days else None
    return Table(columns, bad, dates)
