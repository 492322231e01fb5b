"""The charts of the page of reports, each by the name its address has."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from web.charts import Chart, Drawing, Series, Unit, columns, lines, stacked
from web.figures import Figures
from web.stats import Report

STARS: Final = 5
LEAST: Final = 1
"""A mark is never nothing: its axis begins here, and the page says so."""
Draw = Callable[[Chart], Drawing]
Value = Callable[[Figures], float | None]


def _one(
    title: str,
    unit: Unit,
    *values: tuple[str, Value],
    top: float | None = None,
    bottom: float = 0.0,
) -> Callable[[Report, str], Chart]:
    def chart(report: Report, currency: str) -> Chart:
        days = report.summary.days
        series = tuple(
            Series(name, tuple(value(figures) for _, figures in days)) for name, value in values
        )
        labels = tuple(day for day, _ in days)
        return Chart(title, labels, series, unit, currency, top=top, bottom=bottom)

    return chart


CHARTS: Final[Mapping[str, tuple[Draw, Callable[[Report, str], Chart]]]] = {
    "ventas": (
        stacked,
        _one(
            "assisted_sales",
            "money",
            ("bot_sales", lambda one: one.paid_led_sum),
            ("other_sales", lambda one: one.paid_sum - one.paid_led_sum),
        ),
    ),
    "resuelto": (
        lines,
        _one("resolved", "percent", ("resolved", lambda one: one.resolved_share), top=1),
    ),
    "derivaciones": (
        columns,
        _one("hand_overs", "count", ("hand_overs", lambda one: one.hand_overs)),
    ),
    "primera-respuesta": (
        lines,
        _one("first_answer", "time", ("first_answer", lambda one: one.wait_ms)),
    ),
    "satisfaccion": (
        lines,
        _one(
            "satisfaction",
            "decimal",
            ("satisfaction", lambda one: one.csat),
            top=STARS,
            bottom=LEAST,
        ),
    ),
    "calidad": (
        lines,
        _one(
            "quality",
            "decimal",
            ("quality", lambda one: one.mean_score),
            top=STARS,
            bottom=LEAST,
        ),
    ),
    "demora": (
        lines,
        _one(
            "latency",
            "time",
            ("p50_ms", lambda one: one.p50_ms),
            ("p95_ms", lambda one: one.p95_ms),
        ),
    ),
    "respuestas": (
        stacked,
        _one(
            "answers",
            "count",
            ("local", lambda one: one.local),
            ("hosted", lambda one: one.replies - one.local),
        ),
    ),
}
LISTED: Final[Mapping[str, Callable[[Report], Sequence[tuple[str, int]]]]] = {
    "motivos": lambda report: report.reasons,
    "intenciones": lambda report: report.intents,
    "sin-stock": lambda report: report.short,
}
SPOKEN: Final[Mapping[str, tuple[str, str]]] = {
    "motivos": ("reason", "motivo"),
    "intenciones": ("intent", "intención"),
    "sin-stock": ("", "producto"),
}
"""In which words each of a list is told, and what stands above them."""
WEEK: Final = "semana"
NAMES: Final = (*CHARTS, *LISTED, WEEK)


def drawings(report: Report, currency: str) -> dict[str, Drawing]:
    return {name: draw(chart(report, currency)) for name, (draw, chart) in CHARTS.items()}
