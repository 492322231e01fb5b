"""Who judges replies beside the lexicon, how often, and what that may cost."""

from pydantic import Field

from config.manners import Section


class ScoringSettings(Section):
    """A configured model is asked about what the lexicon is unsure of, and about a share of the
    rest (`audit`), at most `judge_per_day` times a day for `judge_usd`; 0 calls ask nobody, 0
    dollars are no bound. From `labels` labels on a shop trains a scorer of its own."""

    judge_per_day: int = Field(default=200, ge=0)
    judge_usd: float = Field(default=0.1, ge=0)
    audit: float = Field(default=0.05, ge=0, le=1)
    labels: int = Field(default=500, ge=200)
