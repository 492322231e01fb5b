"""What the figures have to reach on two cores, and whether they do. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Target:
    """`at` says where among the figures the measured one stands."""

    name: str
    at: str
    side: Literal["at_most", "at_least"]
    limit: float


RAILS = "rollouts.rails.false"
HARMS = "rollouts.harms"
TARGETS = (
    Target("p50_ms_at_200", "latency.200.p50_ms", "at_most", 5.0),
    Target("p99_ms_at_200", "latency.200.p99_ms", "at_most", 20.0),
    Target("messages_per_s", "saturated.messages_per_s", "at_least", 1000.0),
    Target("captured_turns_per_s", "capture.turns_per_s", "at_least", 3000.0),
    Target("capture_writing", "capture.writing", "at_least", 0.6),
    Target("takeover_s", "takeover_s.seconds", "at_most", 4.0),
    Target("bursts_one_answer", "bursts.network_tells.one_answer", "at_least", 0.99),
    Target("bursts_added_wait_p50_s", "bursts.network_tells.added_wait_p50_s", "at_most", 2.0),
    Target("bursts_added_wait_p95_s", "bursts.network_tells.added_wait_p95_s", "at_most", 6.0),
    Target("parse_us", "understanding.parse_us", "at_most", 300.0),
    Target("classify_us", "understanding.classify_us", "at_most", 1000.0),
    Target("product_found_us", "understanding.find_us", "at_most", 4000.0),
    Target("xquad_hit_at_1", "finding.xquad.hit_at_1", "at_least", 0.90),
    Target("xquad_hit_at_5", "finding.xquad.hit_at_5", "at_least", 0.985),
    Target("hurried_hit_at_5", "finding.xquad.hurried.hit_at_5", "at_least", 0.90),
    Target("search_p50_ms", "finding.large.p50_ms", "at_most", 10.0),
    Target("search_p99_ms", "finding.large.p99_ms", "at_most", 30.0),
    Target("vector_recall_at_5", "finding.large.vectors_of_a_model.recall_at_5", "at_least", 0.95),
    Target("small_shop_hits", "finding.large.small_shop.fewest_hits", "at_least", 5),
    Target("pages_per_s", "reading.pages_per_s", "at_least", 100.0),
    Target("curated_rows_per_s", "curating.rows_per_s", "at_least", 3334.0),
    Target("curating_peak_mb", "curating.peak_mb", "at_most", 1024.0),
    Target("false_alarms_at_10", "rollouts.no_difference.at_10.false_harm", "at_most", 0.025),
    Target("false_alarms_at_50", "rollouts.no_difference.at_50.false_harm", "at_most", 0.025),
    Target("false_harms_at_10", f"{HARMS}.no_difference.at_10.share", "at_most", 0.025),
    Target("false_harms_at_50", f"{HARMS}.no_difference.at_50.share", "at_most", 0.025),
    Target("slower_model_found", f"{HARMS}.half_again_as_slow.at_10.median", "at_most", 800.0),
    Target("calling_model_found", f"{HARMS}.handed_30_of_100.at_10.median", "at_most", 1000.0),
    Target("rails_false", f"{RAILS}.invented.at_10_in_1000.30_a_day", "at_most", 0.01),
    Target("rails_false_busy", f"{RAILS}.invented.at_10_in_1000.300_a_day", "at_most", 0.05),
    Target("worse_model_found", "rollouts.planted.at_10.-3_tenths.harm_median", "at_most", 1200.0),
    Target("rollout_time_saved", "rollouts.time.saved", "at_least", 0.37),
    Target("cards_train_s", "risk.train_s", "at_most", 30.0),
    Target("cards_one_p95_ms", "risk.one.p95_ms", "at_most", 20.0),
    Target("foretold_s_of_100_000", "predicting.seconds_of_100_000", "at_most", 60.0),
    Target("foretold_one_p95_ms", "predicting.one.p95_ms", "at_most", 20.0),
    Target("page_p95_ms", "pages.slowest_p95_ms", "at_most", 50.0),
    Target("page_bytes", "pages.largest_bytes", "at_most", 100_000.0),
    Target("help_s", "help_s.seconds", "at_most", 0.8),
)


def judged(figures: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {target.name: _judged(figures, target) for target in TARGETS}


def _judged(figures: Mapping[str, Any], target: Target) -> dict[str, Any]:
    figure: Any = figures
    for name in target.at.split("."):
        figure = figure[name] if figure is not None else None
    if figure is None:  # what it is measured on is not at hand
        return {"at": target.at, "figure": None, target.side: target.limit, "met": None}
    met = figure <= target.limit if target.side == "at_most" else figure >= target.limit
    return {"at": target.at, "figure": figure, target.side: target.limit, "met": met}
